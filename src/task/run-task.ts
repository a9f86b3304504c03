import { systemClock } from '../clock.ts';
import { LuauExecError } from '../errors.ts';
import type { CreateTaskParameters } from '../open-cloud/requests.ts';
import type { Task } from '../open-cloud/task.ts';
import type { TaskPath } from '../open-cloud/task-path.ts';
import { type FinishOptions, finishGuardedTask, finishTask, type TaskLifeOptions } from './finish-task.ts';
import type { Outcome } from './outcome.ts';
import { WaitMeter } from './wait-meter.ts';

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

export interface RunParameters extends CreateTaskParameters {
  /**
   * Where `versionId` is set: the same script behind a version guard, which is sent at head first, where a warm server
   * may be. Where the guard has found another version, the task returns `mark` first, and `script` is sent to
   * `versionId`.
   */
  guarded?: { text: string; mark: string } | null;
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
export async function runTask(
  { guarded = null, ...parameters }: RunParameters,
  options: RunTaskOptions,
): Promise<Outcome> {
  const clock = options.clock ?? systemClock;
  const meter = new WaitMeter(options.onEvent);
  const run = { ...options, meter, startedAtMs: clock.now() };
  const { versionId } = parameters;
  return announceFailure(options, async () => {
    if (guarded === null || versionId === null) return finishTask(...(await start(parameters, run)));
    const sent = await start({ ...parameters, versionId: null, script: guarded.text }, run);
    const createdAtMs = clock.now();
    const outcome = await finishGuardedTask(...sent, guarded.mark);
    if (outcome !== null) return { ...outcome, versionId };
    options.onEvent?.({ type: 'pinning', versionId });
    // Whoever stopped the run wants no other one.
    options.stop?.throwIfAborted();
    const waitTimeoutMs = reckonWaitLeft(versionId, options.waitTimeoutMs, clock.now() - createdAtMs);
    return finishTask(...(await start(parameters, { ...run, waitTimeoutMs })));
  });
}

/** Throws LX601 where nobody would wait any more for what is not even sent. */
function reckonWaitLeft(
  versionId: string,
  waitTimeoutMs: number | null | undefined,
  passedMs: number,
): number | null {
  if (waitTimeoutMs === null || waitTimeoutMs === undefined) return null;
  if (waitTimeoutMs > passedMs) return waitTimeoutMs - passedMs;
  throw new LuauExecError(
    `the time to wait was over before the script was sent to version ${versionId} of the place`,
    {
      id: 'LX601',
      kind: 'wait_timeout',
      facts: ['nothing of the script has run: the server that it met had another version'],
      hint: 'wait longer, or use --pin always',
    },
  );
}

/** Submits a script whose end this process will see. */
async function start(
  parameters: CreateTaskParameters,
  options: RunTaskOptions & Pick<FinishOptions, 'meter' | 'startedAtMs'>,
): Promise<[Task, FinishOptions]> {
  const task = await submit(parameters, options, options.meter);
  return [
    task,
    {
      ...options,
      isOwnTask: true,
      timeoutSeconds: task.timeoutSeconds ?? parameters.timeoutSeconds,
      // An emulator has the logs by the time it says that the task has finished.
      mayPrint: options.scheduler.cadence === 'remote' && canPrint(parameters.script, options),
    },
  ];
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

/** A script that never names a printing function, nor anything that might hold one, is believed when its log is empty. */
function canPrint(script: string, { hasForeignModules }: RunTaskOptions): boolean {
  const isOpen = hasForeignModules ?? /\brequire\b/.test(script);
  return isOpen || /\b(?:print|warn|printidentity|LogService|TestService)\b/.test(script);
}
