import type { Clock } from '../clock.ts';
import { LuauExecError } from '../errors.ts';
import type { OpenCloudClient } from '../open-cloud/client.ts';
import { type FinishedTask, isFinished, type Task } from '../open-cloud/task.ts';
import { requestCancel } from './control-channel.ts';
import type { PollScheduler } from './poll-scheduler.ts';
import type { RunEvent } from './run-event.ts';
import { createUnstoppedError } from './unstopped-error.ts';
import { WaitMeter } from './wait-meter.ts';
import { watchTask } from './watch-task.ts';

export interface StopOptions {
  client: OpenCloudClient;
  scheduler: PollScheduler;
  clock: Clock;
  signal: AbortSignal;
  /** What the run is known by in the memory store. */
  runId: string;
  /** How long to wait for its end. */
  waitMs: number;
  onEvent?: (event: RunEvent) => void;
}

/**
 * Tells a run to stop and waits for the end of its task, whatever that is. Throws LX606 where it goes on, and what
 * writing to the memory store and reading the task throw.
 */
export async function stopTask(task: Task, options: StopOptions): Promise<FinishedTask> {
  const { client, scheduler, clock, signal, runId, waitMs, onEvent } = options;
  onEvent?.({ type: 'cancelling' });
  await requestCancel(client, { universeId: task.path.universeId, runId, signal });
  const watch = watchTask(task, {
    ...{ client, scheduler, clock, signal, onWait: new WaitMeter(onEvent).note },
    createdAtMs: clock.now(),
    isOwnTask: false,
    waitTimeoutMs: waitMs,
  });
  let latest = task;
  try {
    for await (latest of watch) if (isFinished(latest)) return latest;
  } catch (error) {
    const isOver = error instanceof LuauExecError && error.kind === 'wait_timeout';
    throw isOver ? createUnstoppedError(latest, { waitMs, wallNowMs: clock.wallNow() }) : error;
  }
  throw new Error('a watch ended without a finished task');
}
