import { type Clock, systemClock } from '../clock.ts';
import { LuauExecError } from '../errors.ts';
import { createCallSignal } from '../open-cloud/call-signal.ts';
import type { OpenCloudClient } from '../open-cloud/client.ts';
import type { CreateTaskParameters } from '../open-cloud/requests.ts';
import type { FinishedTask, Task } from '../open-cloud/task.ts';
import type { TaskPath } from '../open-cloud/task-path.ts';
import type { AttachedControl, AttachOptions } from './attach-control.ts';
import type { RunControl } from './control-channel.ts';
import { createLogWarnings } from './log-warnings.ts';
import { decideVerdict, type Outcome, type OutcomeLogs } from './outcome.ts';
import type { PollScheduler } from './poll-scheduler.ts';
import { readLogs } from './read-logs.ts';
import type { RunEvent } from './run-event.ts';
import { waitForEnd } from './wait-for-end.ts';
import { WaitMeter } from './wait-meter.ts';

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

export interface RunTaskOptions extends TaskLifeOptions {
  /** How long limits may hold the create back. */
  queueTimeoutMs?: number;
  /** Allows the create to be sent again when it may have run already. */
  isRepeatAllowed?: boolean;
  /**
   * Aborts when the script shall not be sent any more or, once it has been and is cancellable, when the run shall be
   * cancelled: then it is waited for until it has stopped.
   */
  stop?: AbortSignal;
  /** False where every module that the script requires is part of it, so that its text tells all that it does. */
  hasForeignModules?: boolean;
  /** Called with the answer to the create before anything else is done with it. */
  onCreated?: (task: Task) => void | Promise<void>;
}

/** Submits a script and returns the task as the service answered it, usually unfinished. Throws what a create throws. */
export function submitTask(parameters: CreateTaskParameters, options: RunTaskOptions): Promise<Task> {
  return announceFailure(options, async () => {
    const task = await submit(parameters, options, new WaitMeter(options.onEvent));
    options.onEvent?.({ type: 'submitted', task });
    return task;
  });
}

async function submit(
  parameters: CreateTaskParameters,
  options: RunTaskOptions,
  meter: WaitMeter,
): Promise<Task> {
  options.onEvent?.({ type: 'submitting' });
  const task = await options.client.createTask(parameters, {
    onWait: meter.note,
    signal: AbortSignal.any([options.signal, options.stop].filter((signal) => signal !== undefined)),
    ...(options.queueTimeoutMs === undefined ? {} : { queueTimeoutMs: options.queueTimeoutMs }),
    isRepeatAllowed: options.isRepeatAllowed ?? false,
  });
  await options.onCreated?.(task);
  options.onEvent?.({ type: 'created', task });
  return task;
}

/**
 * Runs a script to its end: create, watch, read the logs. Resolves for every finished task, failed ones included;
 * throws `LuauExecError` when the end could not be learnt.
 */
export async function runTask(parameters: CreateTaskParameters, options: RunTaskOptions): Promise<Outcome> {
  const startedAtMs = (options.clock ?? systemClock).now();
  const meter = new WaitMeter(options.onEvent);
  return announceFailure(options, async () => {
    const task = await submit(parameters, options, meter);
    return finishTask(task, {
      ...options,
      meter,
      startedAtMs,
      isOwnTask: true,
      timeoutSeconds: task.timeoutSeconds ?? parameters.timeoutSeconds,
      // An emulator has the logs by the time it says that the task has finished.
      mayPrint: options.scheduler.cadence === 'remote' && canPrint(parameters.script, options),
    });
  });
}

/** Takes up a task that was created before, by this process or another, and waits for its end as `runTask` does. */
export async function resumeTask(path: TaskPath, options: TaskLifeOptions): Promise<Outcome> {
  const startedAtMs = (options.clock ?? systemClock).now();
  options.onEvent?.({ type: 'resumed', path });
  const meter = new WaitMeter(options.onEvent);
  return announceFailure(options, async () => {
    const task = await options.client.getTask(path, {
      onWait: meter.note,
      ...(options.signal && { signal: options.signal }),
    });
    const { timeoutSeconds } = task;
    return finishTask(task, {
      ...options,
      meter,
      startedAtMs,
      isOwnTask: false,
      timeoutSeconds,
      mayPrint: false,
    });
  });
}

async function announceFailure<T>({ onEvent }: TaskLifeOptions, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LuauExecError) onEvent?.({ type: 'failed', error });
    throw error;
  }
}

interface FinishOptions extends TaskLifeOptions {
  stop?: AbortSignal;
  meter: WaitMeter;
  startedAtMs: number;
  isOwnTask: boolean;
  timeoutSeconds: number | null;
  mayPrint: boolean;
}

async function finishTask(created: Task, options: FinishOptions): Promise<Outcome> {
  const clock = options.clock ?? systemClock;
  const signal = createCallSignal(options.signal);
  const { client, onEvent, meter, startedAtMs, mayPrint, control = null, stop = null } = options;
  const attached = await attach(created, { client, clock, signal, control, stop, onEvent });
  try {
    const { task, polls } = await waitForEnd(created, { ...options, clock, signal: attached.signal });
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
      polls,
      retries: meter.retries,
      throttledMs: meter.throttledMs,
    });
    onEvent?.({ type: 'outcome', outcome });
    return outcome;
  } finally {
    attached.close();
  }
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
  return { verdict, task, logs, logsError, timing, warnings: createLogWarnings(task, logs, logsError) };
}

/** A script that never names a printing function, nor anything that might hold one, is believed when its log is empty. */
function canPrint(script: string, { hasForeignModules }: RunTaskOptions): boolean {
  const isOpen = hasForeignModules ?? /\brequire\b/.test(script);
  return isOpen || /\b(?:print|warn|printidentity|LogService|TestService)\b/.test(script);
}
