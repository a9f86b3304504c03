import { formatRateHeaders, type Quota, RateWindows } from '../../src/emulator/rate-windows.ts';
import { decidePacingMs, parseRateWindow, type RateWindow } from '../../src/open-cloud/pacing.ts';
import { PollScheduler } from '../../src/task/poll-scheduler.ts';
import { createRandom } from '../helpers/seeded-random.ts';
import { VirtualClock } from '../helpers/virtual-clock.ts';

/** When the tasks of a run end, in seconds after their create: a warm server, a cold one, a long script. */
export type Lifetime = 'warm' | 'cold' | 'long';

export interface SimulatedRun {
  taskCount: number;
  limitPerMinute: number;
  lifetime: Lifetime;
  seed: number;
}

export interface SimulationResult {
  /** For each task, seconds from its end to the answer that told of it. */
  delaysSeconds: number[];
  refused: number;
}

const ROUND_TRIP_MS = 150;
const WINDOW_MS = 60_000;

/** Watches tasks with the real scheduler against the emulator's windows. */
export async function simulateRun(run: SimulatedRun): Promise<SimulationResult> {
  const random = createRandom(run.seed);
  const clock = new VirtualClock(random() * WINDOW_MS);
  const service = new EmulatedReads(clock, run.limitPerMinute);
  const scheduler = new PollScheduler({
    clock,
    cadence: 'remote',
    readWindow: () => service.window,
    random,
  });
  const delaysSeconds: number[] = [];
  const watch = async (createdAtMs: number, endMs: number) => {
    const slot = scheduler.join(createdAtMs);
    const signal = new AbortController().signal;
    for (;;) {
      await slot.waitForTurn(signal);
      if (await service.read(endMs, random)) break;
    }
    slot.leave();
    delaysSeconds.push((clock.now() - endMs) / 1000);
  };
  const watches: Promise<void>[] = [];
  const create = async () => {
    for (let index = 0; index < run.taskCount; index++) {
      await clock.sleep(ROUND_TRIP_MS);
      watches.push(watch(clock.now(), clock.now() + drawLifetimeMs(run.lifetime, random)));
    }
  };
  const created = create();
  await clock.runToEnd();
  await Promise.all([created, ...watches]);
  return { delaysSeconds, refused: service.refused };
}

/** The emulator's own windows behind a wire that takes its time; no sockets. */
class EmulatedReads {
  window: RateWindow | null = null;
  refused = 0;
  readonly #clock: VirtualClock;
  readonly #windows: RateWindows;
  readonly #quota: Quota;

  constructor(clock: VirtualClock, limitPerMinute: number) {
    this.#clock = clock;
    this.#windows = new RateWindows(clock);
    this.#quota = { operation: 'getTask', limitPerMinute };
  }

  /** One read as the client does it; true when the answer says that the task has ended. */
  async read(endMs: number, random: () => number): Promise<boolean> {
    const pacingMs = decidePacingMs(this.window, this.#clock.now(), random);
    if (pacingMs > 0) await this.#clock.sleep(pacingMs);
    await this.#clock.sleep(ROUND_TRIP_MS / 2);
    const hasEnded = endMs <= this.#clock.now();
    const reading = this.#windows.take(this.#quota);
    if (!reading.isAllowed) this.refused++;
    const headers = formatRateHeaders(reading, reading.isAllowed ? 200 : 429);
    await this.#clock.sleep(ROUND_TRIP_MS / 2);
    this.window = parseRateWindow(headers, this.#clock.now());
    return reading.isAllowed && hasEnded;
  }
}

function drawLifetimeMs(lifetime: Lifetime, random: () => number): number {
  const uniform = (low: number, high: number) => low + (high - low) * random();
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  switch (lifetime) {
    case 'warm':
      return 1000 * (uniform(4, 7) + Math.min(290, Math.exp(normal())));
    case 'cold':
      return 1000 * (uniform(10, 45) + Math.min(250, Math.exp(normal())));
    case 'long':
      return 1000 * (uniform(4, 7) + uniform(30, 295));
  }
}
