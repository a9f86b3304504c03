import { type Clock, systemClock } from '../clock.ts';
import { LuauExecError } from '../errors.ts';
import { createCallSignal } from '../open-cloud/call-signal.ts';
import type { OpenCloudClient } from '../open-cloud/client.ts';
import type { CreateTaskParameters } from '../open-cloud/requests.ts';
import { type FinishedTask, isFinished, type Task } from '../open-cloud/task.ts';
import type { TaskPath } from '../open-cloud/task-path.ts';
import { createLogWarnings } from './log-warnings.ts';
import { decideVerdict, type Outcome, type OutcomeLogs } from './outcome.ts';
import type { PollScheduler } from './poll-scheduler.ts';
import { readLogs } from './read-logs.ts';
import type { RunEvent } from './run-event.ts';
import { WaitMeter } from './wait-meter.ts';
import { BOOT_ALLOWANCE_MS, watchTask } from './watch-task.ts';

export interface TaskLifeOptions {
  client: OpenCloudClient;
  scheduler: PollScheduler;
  clock?: Clock;
  signal?: AbortSignal;
  /** How long to wait for the end; the script's own time-out and 45 s by default. */
  waitTimeoutMs?: number | null;
  onEvent?: (event: RunEvent) => void;
}

export interface RunTaskOptions extends TaskLifeOptions {
  /** How long limits may hold the create back. */
  queueTimeoutMs?: number;
  /** Allows the create to be sent again when it may have run already. */
  isRepeatAllowed?: boolean;
  /** False where every module that the script requires is part of it, so that its text tells all that it does. */
  hasForeignModules?: boolean;
  /** Called with the answer to the create before anything else is done with it. */
  onCreated?: (task: Task) => void | Promise<void>;
}

const DEFAULT_TIMEOUT_SECONDS = 300;
const HEARTBEAT_MS = 30_000;

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
    ...(options.signal && { signal: options.signal }),
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
  meter: WaitMeter;
  startedAtMs: number;
  isOwnTask: boolean;
  timeoutSeconds: number | null;
  mayPrint: boolean;
}

async function finishTask(created: Task, options: FinishOptions): Promise<Outcome> {
  const clock = options.clock ?? systemClock;
  const signal = createCallSignal(options.signal);
  const { client, onEvent, meter, startedAtMs, mayPrint } = options;
  const { task, polls } = await waitForEnd(created, { ...options, signal }, clock);
  onEvent?.({ type: 'reading_logs', task });
  const { logs, error } = await readLogs(task, { client, clock, signal, mayPrint, onWait: meter.note });
  const outcome = createOutcome(task, logs, error, {
    totalMs: Math.round(clock.now() - startedAtMs),
    polls,
    retries: meter.retries,
    throttledMs: meter.throttledMs,
  });
  onEvent?.({ type: 'outcome', outcome });
  return outcome;
}

async function waitForEnd(created: Task, options: FinishOptions & { signal: AbortSignal }, clock: Clock) {
  const { client, scheduler, onEvent, isOwnTask, startedAtMs, meter } = options;
  const defaultWaitMs = (options.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) * 1000 + BOOT_ALLOWANCE_MS;
  const elapsedMs = () => clock.now() - startedAtMs;
  let latest = created;
  let announced: string | null = null;
  let polls = 0;
  const heartbeat = startHeartbeat(clock, () =>
    onEvent?.({ type: 'heartbeat', state: latest.state, elapsedMs: elapsedMs() }),
  );
  try {
    const watch = watchTask(created, {
      client,
      scheduler,
      clock,
      signal: options.signal,
      onWait: meter.note,
      createdAtMs: clock.now(),
      isOwnTask,
      waitTimeoutMs: options.waitTimeoutMs ?? defaultWaitMs,
    });
    for await (latest of watch) {
      polls++;
      if (latest.state === announced) continue;
      announced = latest.state;
      onEvent?.({ type: 'state', state: latest.state, elapsedMs: elapsedMs() });
    }
  } finally {
    heartbeat.stop();
  }
  if (!isFinished(latest)) throw new Error('a watch ended without a finished task');
  return { task: latest, polls };
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

/** Calls `beat` every 30 s, so that a log without a terminal shows that somebody waits. */
function startHeartbeat(clock: Clock, beat: () => void) {
  const stopped = new AbortController();
  const run = async () => {
    for (;;) {
      await clock.sleep(HEARTBEAT_MS, stopped.signal);
      beat();
    }
  };
  run().catch(() => undefined);
  return { stop: () => stopped.abort() };
}

/** A script that never names a printing function, nor anything that might hold one, is believed when its log is empty. */
function canPrint(script: string, { hasForeignModules }: RunTaskOptions): boolean {
  const isOpen = hasForeignModules ?? /\brequire\b/.test(script);
  return isOpen || /\b(?:print|warn|printidentity|LogService|TestService)\b/.test(script);
}
