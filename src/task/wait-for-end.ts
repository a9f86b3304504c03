import type { Clock } from '../clock.ts';
import type { OpenCloudClient } from '../open-cloud/client.ts';
import { type FinishedTask, isFinished, type Task } from '../open-cloud/task.ts';
import type { PollScheduler } from './poll-scheduler.ts';
import type { RunEvent } from './run-event.ts';
import type { WaitMeter } from './wait-meter.ts';
import { BOOT_ALLOWANCE_MS, DEFAULT_TIMEOUT_SECONDS, watchTask } from './watch-task.ts';

export interface WaitForEndOptions {
  client: OpenCloudClient;
  scheduler: PollScheduler;
  clock: Clock;
  signal: AbortSignal;
  onEvent?: ((event: RunEvent) => void) | undefined;
  meter: WaitMeter;
  /** When the run, or the waiting for it, has begun. */
  startedAtMs: number;
  /** True when this process created the task. */
  isOwnTask: boolean;
  /** How long the script may run; null where that is not known. */
  timeoutSeconds: number | null;
  /** How long to wait; the script's own time-out and 45 s where it is absent or null. */
  waitTimeoutMs?: number | null | undefined;
}

const HEARTBEAT_MS = 30_000;

/** Watches a task to its end and tells of each new state. Throws what `watchTask` throws. */
export async function waitForEnd(
  created: Task,
  options: WaitForEndOptions,
): Promise<{ task: FinishedTask; polls: number }> {
  const { client, scheduler, clock, signal, onEvent, isOwnTask, startedAtMs, meter } = options;
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
      ...{ client, scheduler, clock, signal, isOwnTask },
      onWait: meter.note,
      createdAtMs: clock.now(),
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
