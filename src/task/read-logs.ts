import type { Clock } from '../clock.ts';
import type { LuauExecError } from '../errors.ts';
import type { RequestWait } from '../open-cloud/api-session.ts';
import type { LogReading, OpenCloudClient } from '../open-cloud/client.ts';
import type { FinishedTask, LogMessage } from '../open-cloud/task.ts';
import type { OutcomeLogs } from './outcome.ts';

export interface ReadLogsOptions {
  client: OpenCloudClient;
  clock: Clock;
  signal: AbortSignal;
  onWait?: ((wait: RequestWait) => void) | undefined;
  /** True when the script is known to print: then silence right after the end is not believed at once. */
  mayPrint: boolean;
}

/** For 1 to 5 s after the end the list can still be empty (seen live), so an empty one is read again after these. */
const REREAD_AFTER_MS = [1_000, 2_000];

/** The logs of a task that has just finished. Failing to read them is reported, never thrown. */
export async function readLogs(
  task: FinishedTask,
  options: ReadLogsOptions,
): Promise<{ logs: OutcomeLogs; error: LuauExecError | null }> {
  const { client, signal, onWait } = options;
  let reading = await client.listLogs(task.path, { signal, onWait });
  for (const waitMs of REREAD_AFTER_MS) {
    if (!isSuspiciouslyEmpty(reading, task, options.mayPrint)) break;
    await options.clock.sleep(waitMs, signal);
    reading = await client.listLogs(task.path, { signal, onWait });
  }
  return { logs: createOutcomeLogs(reading), error: reading.error };
}

export function createOutcomeLogs({ messages, error }: LogReading): OutcomeLogs {
  return { messages, complete: error === null, truncatedHead: isAtLogLimit(messages) };
}

/** A silent script still has one chunk, an empty one; no chunk at all means that nothing is stored yet. */
function isSuspiciouslyEmpty(reading: LogReading, task: FinishedTask, mayPrint: boolean): boolean {
  if (reading.error !== null || reading.messages.length > 0) return false;
  // An uncaught error is always logged.
  return (
    reading.chunkCount === 0 || mayPrint || (task.phase === 'failed' && task.error.code === 'SCRIPT_ERROR')
  );
}

const LOG_LIMIT = 450_000;
const MESSAGE_OVERHEAD = 47;

/**
 * The service keeps about 450 KB, counted as characters plus 47 bytes a message, and drops the oldest without a mark
 * (seen live). Logs that one more message of a usual size would fill to within one percent have most probably lost
 * their head. The median is the usual size, so that one long message among short ones does not count as full.
 */
export function isAtLogLimit(messages: readonly LogMessage[]): boolean {
  const sizes = messages.map(({ message }) => message.length + MESSAGE_OVERHEAD).sort((a, b) => a - b);
  const total = sizes.reduce((sum, size) => sum + size, 0);
  const usual = sizes[Math.floor(sizes.length / 2) - 1] ?? 0;
  return total + usual >= LOG_LIMIT * 0.99;
}
