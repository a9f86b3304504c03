import { type Clock, systemClock } from '../clock.ts';
import type { LuauExecError } from '../errors.ts';
import { createCallSignal } from '../open-cloud/call-signal.ts';
import type { OpenCloudClient } from '../open-cloud/client.ts';
import type { FinishedTask, Task } from '../open-cloud/task.ts';
import type { AttachedControl, AttachOptions } from './attach-control.ts';
import type { RunControl } from './control-channel.ts';
import { readGuardMark } from './guard-mark.ts';
import { createLogWarnings } from './log-warnings.ts';
import { decideVerdict, type Outcome, type OutcomeLogs } from './outcome.ts';
import type { PollScheduler } from './poll-scheduler.ts';
import { readLogs } from './read-logs.ts';
import type { RunEvent } from './run-event.ts';
import { waitForEnd } from './wait-for-end.ts';
import type { WaitMeter } from './wait-meter.ts';

export interface TaskLifeOptions {
  client: OpenCloudClient;
  scheduler: PollScheduler;
  clock?: Clock;
  signal?: AbortSignal;
  /** How long to wait for the end; the script's own time-out and 45 s by default. */
  waitTimeoutMs?: number | null;
  onEvent?: (event: RunEvent) => void;
  /** The way to the run while it runs; absent for one without a harness. */
  control?: RunControl;
}

export interface FinishOptions extends TaskLifeOptions {
  stop?: AbortSignal;
  meter: WaitMeter;
  startedAtMs: number;
  isOwnTask: boolean;
  timeoutSeconds: number | null;
  mayPrint: boolean;
}

export async function finishTask(created: Task, options: FinishOptions): Promise<Outcome> {
  return followTask(created, options, conclude);
}

/** Null where the version guard with this mark has found another version, so that nothing of the script has run. */
export async function finishGuardedTask(
  created: Task,
  options: FinishOptions,
  mark: string,
): Promise<Outcome | null> {
  return followTask(created, options, async (task, attached, life) =>
    readGuardMark(task)?.mark === mark ? null : conclude(task, attached, life),
  );
}

type Life = FinishOptions & { clock: Clock; signal: AbortSignal };

/** Watches a task to its end, with its harness attached until `then` has settled. */
async function followTask<T>(
  created: Task,
  options: FinishOptions,
  then: (task: FinishedTask, attached: AttachedControl, life: Life) => Promise<T>,
): Promise<T> {
  const clock = options.clock ?? systemClock;
  const signal = createCallSignal(options.signal);
  const { client, onEvent, meter, control = null, stop = null } = options;
  const attached = await attach(created, { client, clock, signal, control, stop, onEvent });
  try {
    const { task, polls } = await waitForEnd(created, { ...options, clock, signal: attached.signal });
    meter.polls += polls;
    return await then(task, attached, { ...options, clock, signal });
  } finally {
    attached.close();
  }
}

async function conclude(task: FinishedTask, attached: AttachedControl, life: Life): Promise<Outcome> {
  const { client, clock, signal, onEvent, meter, startedAtMs, mayPrint, stop = null } = life;
  onEvent?.({ type: 'reading_logs', task });
  // Whoever stopped the run wants to see what came of it; whoever stops now does not.
  const reading = stop === null || stop.aborted ? signal : AbortSignal.any([signal, stop]);
  const [read, live] = await Promise.all([
    readLogs(task, { client, clock, signal: reading, mayPrint, onWait: meter.note }),
    attached.finish(),
  ]);
  const logs = live === null ? read.logs : { ...read.logs, shown: live(read.logs.messages) };
  const outcome = createOutcome(task, logs, read.error, {
    totalMs: Math.round(clock.now() - startedAtMs),
    polls: meter.polls,
    retries: meter.retries,
    throttledMs: meter.throttledMs,
  });
  onEvent?.({ type: 'outcome', outcome });
  return outcome;
}

/** Most runs have no harness, and need nothing of this. */
async function attach(
  task: Task,
  { control, ...options }: Omit<AttachOptions, 'control'> & { control: RunControl | null },
): Promise<AttachedControl> {
  const { signal } = options;
  if (control === null) return { signal, finish: async () => null, close: () => undefined };
  const { attachControl } = await import('./attach-control.ts');
  return attachControl(task, { ...options, control });
}

function createOutcome(
  task: FinishedTask,
  logs: OutcomeLogs,
  logsError: LuauExecError | null,
  timing: Outcome['timing'],
): Outcome {
  const verdict = decideVerdict(task);
  const warnings = createLogWarnings(task, logs, logsError);
  return { verdict, task, versionId: task.path.versionId, logs, logsError, timing, warnings };
}
