import { type Clock, SUSPENDED_MS } from '../clock.ts';
import { LuauExecError } from '../errors.ts';
import type { RequestWait } from '../open-cloud/api-session.ts';
import type { OpenCloudClient } from '../open-cloud/client.ts';
import { isFinished, type Task } from '../open-cloud/task.ts';
import { formatTaskPath } from '../open-cloud/task-path.ts';
import type { PollScheduler } from './poll-scheduler.ts';

export interface WatchOptions {
  client: OpenCloudClient;
  scheduler: PollScheduler;
  clock: Clock;
  signal: AbortSignal;
  onWait?: ((wait: RequestWait) => void) | undefined;
  /** When the task was created, on `clock`; the moment of the call for a task that somebody else created. */
  createdAtMs: number;
  /** True when this process created the task. */
  isOwnTask: boolean;
  /** The task is watched for this long after `createdAtMs`. */
  waitTimeoutMs: number;
}

/** A script's clock starts when its server is up, up to 45 s after the create (seen live). */
export const BOOT_ALLOWANCE_MS = 45_000;
/** How long a script may run that was sent without a time-out of its own. */
export const DEFAULT_TIMEOUT_SECONDS = 300;

const KNOWN_UNFINISHED: ReadonlySet<string> = new Set(['QUEUED', 'PROCESSING']);

/**
 * Yields the task each time it was read, and ends after yielding a finished one. Throws `LuauExecError` of kind
 * `wait_timeout` (or `bad_response` where the state is no known one) once the wait is over, what `getTask` throws,
 * and the signal's reason.
 */
export async function* watchTask(task: Task, options: WatchOptions): AsyncGenerator<Task> {
  const { client, scheduler, clock, createdAtMs, isOwnTask, waitTimeoutMs } = options;
  if (isFinished(task)) {
    yield task;
    return;
  }
  const slot = scheduler.join(createdAtMs);
  const deadlineMs = createdAtMs + waitTimeoutMs;
  const deadline = createDeadline(options, deadlineMs);
  let latest: Task = task;
  try {
    for (let looks = 0, lookedAtMs = createdAtMs; ; looks++) {
      const lateMs = clock.now() - deadlineMs;
      const hasSleptPast = lateMs >= SUSPENDED_MS && lookedAtMs < deadlineMs;
      if (lateMs >= 0 && !hasSleptPast) throw waitTimeoutError(latest, options);
      await slot.waitForTurn(deadline.signal);
      lookedAtMs = clock.now();
      latest = await client.getTask(latest.path, {
        signal: deadline.signal,
        onWait: options.onWait,
        isFirst: looks === 0,
        ...(isOwnTask ? { createdAtMs } : {}),
      });
      yield latest;
      if (isFinished(latest)) return;
    }
  } catch (error) {
    if (error === DEADLINE) throw waitTimeoutError(latest, options);
    throw error;
  } finally {
    slot.leave();
    deadline.end();
  }
}

const DEADLINE = Symbol('deadline');

/** After a night's sleep a network takes some seconds to come back. */
const LAST_LOOK_MS = 20_000;

/**
 * Aborts at the deadline, so that a long interval between looks does not outlast it, or with the caller's signal. Where
 * the machine was suspended past the deadline there is time for one more look: the task has probably ended meanwhile.
 */
function createDeadline({ clock, signal }: WatchOptions, deadlineMs: number) {
  const controller = new AbortController();
  const ended = new AbortController();
  const onAbort = () => controller.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  const watch = async () => {
    await clock.sleep(Math.max(0, deadlineMs - clock.now()), ended.signal);
    if (clock.now() - deadlineMs >= SUSPENDED_MS) await clock.sleep(LAST_LOOK_MS, ended.signal);
    controller.abort(DEADLINE);
  };
  watch().catch(() => undefined);
  return {
    signal: controller.signal,
    end: () => {
      signal.removeEventListener('abort', onAbort);
      ended.abort();
    },
  };
}

function waitTimeoutError(task: Task, { clock, createdAtMs }: WatchOptions): LuauExecError {
  const taskPath = formatTaskPath(task.path);
  const seconds = Math.round((clock.now() - createdAtMs) / 100) / 10;
  const hint = `luau-exec wait ${taskPath}`;
  if (!KNOWN_UNFINISHED.has(task.state)) {
    return new LuauExecError(
      `after ${seconds} s the task is in the state ${task.state}, which is not a known one`,
      {
        id: 'LX601',
        kind: 'bad_response',
        taskPath,
        hint,
      },
    );
  }
  return new LuauExecError(`still running after ${seconds} s; stopped waiting, the task goes on`, {
    id: 'LX601',
    kind: 'wait_timeout',
    taskPath,
    facts: [`state: ${task.state}`, 'a place version that Roblox cannot load stays in this state for good'],
    hint,
  });
}
