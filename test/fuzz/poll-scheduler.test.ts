import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import { decidePacingMs, parseRateWindow, type RateWindow } from '../../src/open-cloud/pacing.ts';
import type { Cadence } from '../../src/task/poll-cadence.ts';
import { PollScheduler } from '../../src/task/poll-scheduler.ts';
import { VirtualClock } from '../helpers/virtual-clock.ts';
import { checkProperty } from './check-property.ts';
import { createRandom, randomNumbers } from './hostile-values.ts';

/** Each run watches up to twelve tasks for minutes of virtual time, so there are fewer of them. */
const RUNS = 300;
const WINDOW_MS = 60_000;
/** The longest wait for a reset, with what is added to it so that not all come back at once. */
const LONGEST_MS = 120_350;

interface Watched {
  createAtMs: number;
  lifeMs: number;
}

interface Scenario {
  tasks: Watched[];
  /** When the first window began, before the start. */
  phaseMs: number;
  limit: number;
  /** True when another task was read before. Without that the service's lower limit, 45, is taken for granted. */
  isLimitKnown: boolean;
  /** Times of one read there and back. */
  roundTripsMs: number[];
  cadence: Cadence;
  numbers: number[];
  /** What the headers say in place of the truth, one read after the other; nothing said is the truth. */
  lies: Partial<Record<'limit' | 'remaining' | 'reset', string>>[];
}

const watched: Arbitrary<Watched> = fc.record({
  createAtMs: fc.oneof(fc.constant(0), fc.nat({ max: 130_000 })),
  lifeMs: fc.oneof(fc.constant(0), fc.nat({ max: 10_000 }), fc.nat({ max: 100_000 })),
});

const limit = fc.oneof(
  fc.record({ limit: fc.constantFrom(45, 200), isLimitKnown: fc.constant(false) }),
  fc.record({ limit: fc.constantFrom(1, 2, 5, 45, 200), isLimitKnown: fc.constant(true) }),
);

function scenario(lies: Arbitrary<Scenario['lies']>): Arbitrary<Scenario> {
  const others = fc.record({
    tasks: fc.array(watched, { minLength: 1, maxLength: 12 }),
    phaseMs: fc.nat({ max: WINDOW_MS - 1 }),
    roundTripsMs: fc.array(fc.nat({ max: 400 }), { minLength: 1, maxLength: 5 }),
    cadence: fc.constantFrom<Cadence>('remote', 'loopback'),
    numbers: randomNumbers,
    lies,
  });
  return fc.tuple(limit, others).map(([some, more]) => ({ ...some, ...more }));
}

/** Watches the tasks to their ends and returns how many reads each window of the service saw. */
async function watchAll(given: Scenario): Promise<{ reads: number[]; clock: VirtualClock }> {
  const clock = new VirtualClock(given.phaseMs);
  const random = createRandom(given.numbers);
  const reads: number[] = [];
  let window: RateWindow | null = null;
  let sent = 0;
  const scheduler = new PollScheduler({ clock, cadence: given.cadence, readWindow: () => window, random });
  /** One read as the client does it. */
  const read = async () => {
    const roundTripMs = given.roundTripsMs[sent % given.roundTripsMs.length] ?? 0;
    const lie = given.lies[sent % Math.max(1, given.lies.length)] ?? {};
    sent++;
    const pacingMs = decidePacingMs(window, clock.now(), random);
    if (pacingMs > 0) await clock.sleep(pacingMs);
    await clock.sleep(roundTripMs / 2);
    const index = Math.floor(clock.now() / WINDOW_MS);
    const count = (reads[index] ?? 0) + 1;
    reads[index] = count;
    const headers = {
      'x-ratelimit-limit': lie.limit ?? `${given.limit}`,
      'x-ratelimit-remaining': lie.remaining ?? `${Math.max(0, given.limit - count)}`,
      'x-ratelimit-reset': lie.reset ?? `${Math.ceil(((index + 1) * WINDOW_MS - clock.now()) / 1000)}`,
    };
    await clock.sleep(roundTripMs / 2);
    window = parseRateWindow(headers, clock.now()) ?? window;
  };
  const watch = async ({ createAtMs, lifeMs }: Watched) => {
    await clock.sleep(createAtMs);
    const createdAtMs = clock.now();
    const slot = scheduler.join(createdAtMs);
    do {
      await slot.waitForTurn(new AbortController().signal);
      await read();
    } while (clock.now() < createdAtMs + lifeMs);
    slot.leave();
  };
  if (given.isLimitKnown) await Promise.all([read(), clock.runToEnd()]);
  const watches = Promise.all(given.tasks.map(watch));
  await clock.runToEnd(200_000);
  await watches;
  return { reads, clock };
}

test('reads in any window are never above its limit while the headers are true', () =>
  checkProperty(
    fc.asyncProperty(scenario(fc.constant([])), async (given) => {
      const { reads } = await watchAll(given);
      expect(Math.max(...reads.filter(Number))).toBeLessThanOrEqual(given.limit);
    }),
    { runs: RUNS },
  ));

test('every wait is a number from 0 and every watch ends, whatever the headers say', () => {
  const word = fc.constantFrom(
    '0',
    '1',
    '2',
    '45',
    '1e9',
    '999999999',
    '0.4',
    '-1',
    '',
    'Infinity',
    '0, 0;w=60',
  );
  const lie = fc.record({ limit: word, remaining: word, reset: word }, { requiredKeys: [] });
  return checkProperty(
    fc.asyncProperty(scenario(fc.array(lie, { maxLength: 8 })), async (given) => {
      const { clock, reads } = await watchAll(given);
      for (const ms of clock.sleeps) {
        expect(ms).toBeGreaterThanOrEqual(0);
        expect(ms).toBeLessThanOrEqual(
          given.tasks.reduce((most, { createAtMs }) => Math.max(most, createAtMs), LONGEST_MS),
        );
      }
      // At most a look each 0.4 s and task, besides the early looks of a task on this machine.
      const most = given.tasks.length * (WINDOW_MS / 400 + 25);
      expect(Math.max(...reads.filter(Number))).toBeLessThanOrEqual(most);
    }),
    { runs: RUNS },
  );
});
