import { expect, test } from 'vitest';
import type { RateWindow } from '../../src/open-cloud/pacing.ts';
import { PollScheduler, type PollSlot } from '../../src/task/poll-scheduler.ts';
import { VirtualClock } from '../helpers/virtual-clock.ts';

const signal = new AbortController().signal;
const START = 1_000_000;

/** Slots of tasks that are watched against a window that the test reports; `turns` are the times of their looks. */
function watch(taskCount: number, { createdAtMs = START }: { createdAtMs?: number } = {}) {
  const clock = new VirtualClock(START);
  let window: RateWindow | null = null;
  const scheduler = new PollScheduler({
    clock,
    cadence: 'remote',
    readWindow: () => window,
    random: () => 0,
  });
  const slots = Array.from({ length: taskCount }, () => scheduler.join(createdAtMs));
  return {
    clock,
    slots,
    report: (limit: number, remaining: number, resetMs: number) => {
      window = { limit, remaining, resetAtMs: clock.now() + resetMs };
    },
    /** Waits for the turns of all slots and returns when they came, in milliseconds from now. */
    turns: async (onTurn?: (slot: PollSlot) => void) => {
      const startMs = clock.now();
      const times: number[] = [];
      for (const slot of slots) {
        void slot.waitForTurn(signal).then(() => {
          times.push(clock.now() - startMs);
          onTurn?.(slot);
        });
      }
      await clock.runToEnd(1_000);
      return times;
    },
  };
}

test('tasks that waited for one reset together do not use the new window up together', async () => {
  const { report, turns } = watch(5, { createdAtMs: START - 60_000 });
  report(5, 0, 10_000);
  // One of five is left to others.
  expect(await turns((slot) => slot.leave())).toEqual([10_050, 10_050, 10_050, 10_050, 70_100]);
});

test('a reset that is further away than a window lasts is not waited for', async () => {
  const { report, turns } = watch(1, { createdAtMs: START - 60_000 });
  report(200, 0, 56_442_000);
  expect(await turns()).toEqual([60_050]);
});

test('what is left of a window does not grow with an answer that was overtaken', async () => {
  const { report, turns, slots } = watch(2, { createdAtMs: START - 60_000 });
  report(200, 1, 30_000);
  slots.pop()?.leave();
  report(200, 150, 30_500);
  expect(await turns()).toEqual([30_550]);
});

test('what an answer says of a window that is over is passed over', async () => {
  const { report, turns } = watch(1, { createdAtMs: START - 60_000 });
  report(200, 150, 30_000);
  await turns();
  report(200, 0, 0);
  const [nextMs = 0] = await turns();
  expect(nextMs).toBeLessThan(2_000);
});

test('reads that are under way count until they are over', async () => {
  const { report, turns, slots } = watch(4, { createdAtMs: START - 60_000 });
  report(5, 5, 30_000);
  await turns();
  // Of the four looks this answer counts one; the other three are taken to be on their way.
  report(5, 4, 25_000);
  const [first] = slots;
  slots.splice(0, 4);
  if (first) slots.push(first);
  const [nextMs = 0] = await turns();
  expect(nextMs).toBeGreaterThanOrEqual(25_000);
});
