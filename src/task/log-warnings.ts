import type { LuauExecError } from '../errors.ts';
import type { FinishedTask } from '../open-cloud/task.ts';
import { formatTaskPath } from '../open-cloud/task-path.ts';
import type { ByteRange, LostLogs, OutcomeLogs, Warning } from './outcome.ts';

/** What a reader of the logs should know about them: LX301 and LX302. */
export function createLogWarnings(
  task: FinishedTask,
  logs: OutcomeLogs,
  error: LuauExecError | null,
): Warning[] {
  const warnings: Warning[] = [];
  if (logs.lost) warnings.push({ id: 'LX301', message: describeLoss(logs.lost, logs), hint: null });
  if (error) {
    const message = `logs could not be read whole (${describeCause(error)}); the result is complete`;
    warnings.push({ id: 'LX302', message, hint: `luau-exec logs ${formatTaskPath(task.path)}` });
  }
  return warnings;
}

function describeLoss({ isFull, keptFromMs, estimate }: LostLogs, { messages, shown }: OutcomeLogs): string {
  const count = messages.length;
  const olderCount = shown?.olderCount ?? 0;
  const [kept, s] = count === 1 ? ['1 message', 's'] : [`${count.toLocaleString('en-GB')} messages`, ''];
  const doubt = olderCount > 0 ? 'are' : isFull ? 'are probably' : 'may be';
  const fill = isFull ? `fill${s} the 450 KB` : `leave${s} little of the 450 KB`;
  const facts = [`early log messages ${doubt} missing: the ${kept} here ${fill} that Roblox keeps`];
  if (keptFromMs !== null) facts.push(`the first was printed ${formatSeconds(keptFromMs)} after the create`);
  if (olderCount > 0) {
    facts.push(`shown while the script ran: ${olderCount.toLocaleString('en-GB')} from before`);
  } else if (estimate !== null) {
    facts.push(`if the script printed evenly, ${describeRange(estimate)} came before`);
  }
  return facts.join('; ');
}

// Further apart, a middle says too little: it has to be right within a factor of two.
const WIDEST_RANGE = 4;

function describeRange({ fromBytes, toBytes }: ByteRange): string {
  return fromBytes * WIDEST_RANGE < toBytes
    ? `at most ${formatBytes(toBytes, Math.ceil)}`
    : `about ${formatBytes(Math.sqrt(fromBytes * toBytes), Math.round)}`;
}

/** Two digits: `83 KB`, `1.4 MB`. */
function formatBytes(bytes: number, round: (value: number) => number): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(bytes)) - 1);
  const rounded = round(bytes / step) * step;
  return rounded < 1_000_000 ? `${rounded / 1_000} KB` : `${rounded / 1_000_000} MB`;
}

function formatSeconds(ms: number): string {
  return `${(ms / 1_000).toFixed(1)} s`;
}

function describeCause({ attempts, message }: LuauExecError): string {
  const last = attempts.at(-1);
  if (!last) return message;
  return `${last.reason}, ${attempts.length} ${attempts.length === 1 ? 'try' : 'tries'}`;
}
