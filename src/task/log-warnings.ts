import type { LuauExecError } from '../errors.ts';
import { formatTaskPath, type TaskPath } from '../open-cloud/task-path.ts';
import type { OutcomeLogs, Warning } from './outcome.ts';

/** What a reader of the logs should know about them: LX301 and LX302. */
export function createLogWarnings(path: TaskPath, logs: OutcomeLogs, error: LuauExecError | null): Warning[] {
  const warnings: Warning[] = [];
  if (logs.truncatedHead) {
    const message = 'only the newest 450 KB of logs were kept, so early messages are probably missing';
    warnings.push({ id: 'LX301', message, hint: null });
  }
  if (error) {
    const message = `logs could not be read whole (${describeCause(error)}); the result is complete`;
    warnings.push({ id: 'LX302', message, hint: `luau-exec logs ${formatTaskPath(path)}` });
  }
  return warnings;
}

function describeCause({ attempts, message }: LuauExecError): string {
  const last = attempts.at(-1);
  if (!last) return message;
  return `${last.reason}, ${attempts.length} ${attempts.length === 1 ? 'try' : 'tries'}`;
}
