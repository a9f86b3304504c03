import type { LuauExecError } from '../errors.ts';
import type { FailedTask, FinishedTask, LogMessage } from '../open-cloud/task.ts';
import { readGuardMark } from './guard-mark.ts';
import { isCancelled } from './harness-marks.ts';

/** What a reader of exit codes wants to know about a finished task. */
export type Verdict = 'ok' | 'script_failed' | 'remote_failed' | 'cancelled' | 'not_run';

export interface OutcomeLogs {
  messages: LogMessage[];
  /** False when some of them could not be read. */
  complete: boolean;
  /** What the service has probably dropped of the oldest messages (it keeps about 450 KB); null where nothing says so. */
  lost: LostLogs | null;
  /** What was told while the script ran; absent where nobody listened. */
  shown?: ShownLogs;
}

/** What can be said of the messages that the service has dropped before those that it kept. */
export interface LostLogs {
  /** False where what is kept leaves some room, in which only its larger messages would not have fitted. */
  isFull: boolean;
  /** From the task's create to the first kept message, by the service's clocks; null where times are missing. */
  keptFromMs: number | null;
  /** How much was dropped if the script printed before as it did after; null where it did not print evenly. */
  estimate: ByteRange | null;
}

/** Log messages that were told while the script ran, seen from those that the service has kept. */
export interface ShownLogs {
  /** Which of the kept ones were, by their indexes, ascending. */
  indexes: ReadonlySet<number>;
  /** How many were that are older than all that are kept. */
  olderCount: number;
}

/** Bytes as the service counts log messages: characters plus 47 for each. */
export interface ByteRange {
  fromBytes: number;
  toBytes: number;
}

/** A warning never changes the verdict. */
export interface Warning {
  id: string;
  message: string;
  hint: string | null;
}

export interface Timing {
  totalMs: number;
  polls: number;
  retries: number;
  throttledMs: number;
}

/** A finished task with everything that is known about it. A script that failed is an outcome, not an error. */
export interface Outcome {
  verdict: Verdict;
  task: FinishedTask;
  /** The version of the place that the script ran in: what a guard has seen, else what the task's path says. */
  versionId: string | null;
  logs: OutcomeLogs;
  warnings: Warning[];
  timing: Timing;
  /** Why the logs could not be read whole, when they could not. */
  logsError: LuauExecError | null;
}

const SCRIPT_CODES: ReadonlySet<string> = new Set([
  'SCRIPT_ERROR',
  'DEADLINE_EXCEEDED',
  'OUTPUT_SIZE_LIMIT_EXCEEDED',
]);

/**
 * COMPLETE is ok, unless a version guard kept the script from running; what somebody has stopped is cancelled; an error
 * that the script itself caused is `script_failed`; everything else is Roblox's side.
 */
export function decideVerdict(task: FinishedTask): Verdict {
  if (task.phase === 'complete') return readGuardMark(task) === null ? 'ok' : 'not_run';
  if (task.phase === 'cancelled' || isCancelled(task)) return 'cancelled';
  return isScriptFailure(task) ? 'script_failed' : 'remote_failed';
}

function isScriptFailure(task: FailedTask): boolean {
  return SCRIPT_CODES.has(task.error.code);
}
