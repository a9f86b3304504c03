import { describe, expect, test } from 'vitest';
import { findLostLogs } from '../../src/task/lost-logs.ts';
import { createRandom } from '../helpers/seeded-random.ts';
import { type KeepOptions, keepLogs, type Print } from './log-shapes.ts';

const WARM = { bootMs: 5_000 };
const COLD = { bootMs: 20_000 };

/** `perSecond` prints in each of `seconds`, evenly. */
function printEvenly(seconds: number, perSecond: number, length = 60): Print[] {
  const count = Math.floor(seconds * perSecond);
  return Array.from({ length: count }, (_, index) => ({ atMs: (index / perSecond) * 1000, length }));
}

function printAtOnce(count: number, { atMs = 0, length = 60 } = {}): Print[] {
  return Array.from({ length: count }, () => ({ atMs, length }));
}

function printInBursts(seconds: number, perBurst: number, length = 60): Print[] {
  return Array.from({ length: seconds }, (_, second) =>
    printAtOnce(perBurst, { atMs: second * 1000, length }),
  ).flat();
}

/** Each frame has a number of prints of its own, from a fifth to nearly twice the mean, and each print a length. */
function printUnsteadily(seconds: number): Print[] {
  const random = createRandom(7);
  return Array.from({ length: seconds * 60 }, (_, frame) =>
    Array.from({ length: Math.round(4 * (0.2 + 1.6 * random())) }, () => ({
      atMs: (frame * 1000) / 60,
      length: Math.round(Math.exp(2 + 4 * random())),
    })),
  ).flat();
}

function later(prints: Print[], ms: number): Print[] {
  return prints.map(({ atMs, length }) => ({ atMs: atMs + ms, length }));
}

describe('how much is missing', () => {
  test.each<[name: string, prints: Print[], options: KeepOptions]>([
    ['evenly, for 200 s', printEvenly(200, 100), WARM],
    ['evenly, for 200 s on a cold server', printEvenly(200, 100), COLD],
    ['evenly, ten times as fast', printEvenly(100, 1_000), WARM],
    ['in a burst each second', printInBursts(200, 100), COLD],
    ['one of 20,000 each second', printInBursts(120, 1, 20_000), WARM],
    ['unsteadily', printUnsteadily(150), WARM],
    ['ever faster', [...printEvenly(60, 90), ...later(printEvenly(100, 110), 60_000)], WARM],
    [
      'until it was stopped after 60 s',
      printEvenly(60, 300),
      { ...COLD, timeoutSeconds: 60, isStopped: true },
    ],
  ])('is known within a factor of two where a script prints %s', (_name, prints, options) => {
    const { messages, task, lostBytes } = keepLogs(prints, options);
    const { fromBytes, toBytes } = findLostLogs(messages, task)?.estimate ?? { fromBytes: 0, toBytes: 0 };
    expect(toBytes / fromBytes).toBeLessThanOrEqual(4);
    const ratio = Math.sqrt(fromBytes * toBytes) / lostBytes;
    expect(ratio).toBeGreaterThan(0.5);
    expect(ratio).toBeLessThan(2);
  });

  test.each<[name: string, prints: Print[], options: KeepOptions]>([
    ['evenly', printEvenly(50, 100), WARM],
    ['evenly, on a cold server', printEvenly(50, 100), COLD],
    ['in a burst each second, the first at once', printInBursts(50, 150), { bootMs: 0 }],
    ['fast, for 3 s', printEvenly(3, 3_000), COLD],
  ])('has an upper bound where a script prints for less than a minute: %s', (_name, prints, options) => {
    const { messages, task, lostBytes } = keepLogs(prints, options);
    const { fromBytes = -1, toBytes = -1 } = findLostLogs(messages, task)?.estimate ?? {};
    expect(fromBytes).toBe(0);
    expect(toBytes).toBeGreaterThanOrEqual(lostBytes);
  });

  test('a time-out of the script narrows the start of a run on a slow server', () => {
    const prints = printEvenly(58, 300);
    const { messages, task, lostBytes } = keepLogs(prints, { bootMs: 40_000, timeoutSeconds: 60 });
    const { fromBytes = 0, toBytes = 0 } = findLostLogs(messages, task)?.estimate ?? {};
    expect(toBytes / lostBytes).toBeLessThan(1.1);
    const unlimited = findLostLogs(messages, { ...task, timeoutSeconds: null })?.estimate;
    expect(unlimited?.toBytes).toBeGreaterThan(1.5 * toBytes);
    expect(unlimited?.fromBytes).toBe(fromBytes);
  });

  test.each<[name: string, prints: Print[]]>([
    ['all in one frame', printAtOnce(60_000)],
    ['most at its end', [...printEvenly(100, 100), ...printAtOnce(5_000, { atMs: 100_000 })]],
    ['one huge message at its end', [...printEvenly(100, 100), { atMs: 100_000, length: 400_000 }]],
    ['a few huge messages', printInBursts(20, 1, 100_000)],
    ['ever more slowly', [...printEvenly(40, 300), ...later(printEvenly(20, 100), 40_000)]],
  ])('is not said where a script prints %s', (_name, prints) => {
    const lost = findLost(prints);
    expect(lost).not.toBeNull();
    expect(lost?.estimate).toBeNull();
  });

  // What nobody kept leaves no trace: the words therefore say "if the script printed evenly".
  test.each<[name: string, prints: Print[], isTooLow: boolean]>([
    ['too low after a burst at the start', [...printAtOnce(30_000), ...printEvenly(150, 100)], true],
    ['too high after a silence at the start', later(printEvenly(60, 200), 100_000), false],
  ])('is %s', (_name, prints, isTooLow) => {
    const { messages, task, lostBytes } = keepLogs(prints, { bootMs: 1_000 });
    const { fromBytes = 0, toBytes = 0 } = findLostLogs(messages, task)?.estimate ?? {};
    expect(isTooLow ? toBytes < lostBytes : fromBytes > lostBytes).toBe(true);
  });

  test('is not said without times, and counts no boot that cannot have been', () => {
    const { messages, task } = keepLogs(printEvenly(200, 100), WARM);
    const timeless = messages.map((entry) => ({ ...entry, time: null }));
    expect(findLostLogs(timeless, task)).toEqual({ isFull: true, keptFromMs: null, estimate: null });
    const odd = messages.map((entry) => ({ ...entry, time: 'yesterday' }));
    expect(findLostLogs(odd, task)).toEqual({ isFull: true, keptFromMs: null, estimate: null });
    expect(findLostLogs(messages, { ...task, createTime: null })?.estimate).toBeNull();
    // A task's clock that is ahead of the messages'.
    const ahead = { ...task, createTime: '2026-11-21T12:00:00Z' };
    expect(findLostLogs(messages, ahead)).toEqual({ isFull: true, keptFromMs: null, estimate: null });
  });

  test('begins where the kept messages begin', () => {
    const lost = findLost(printEvenly(200, 100));
    // 460,800 bytes of 107 each at 100 a second are 43.07 s of 200.
    expect(lost?.keptFromMs).toBeGreaterThan(161_800);
    expect(lost?.keptFromMs).toBeLessThan(162_000);
  });
});

function findLost(prints: Print[]) {
  const { messages, task } = keepLogs(prints, WARM);
  return findLostLogs(messages, task);
}

describe('whether anything is missing', () => {
  test.each<[name: string, expected: 'full' | 'perhaps' | null, prints: Print[]]>([
    ['nothing', null, []],
    ['4,600 lines of 50', 'full', printAtOnce(4_600, { length: 50 })],
    ['4,000 lines of 50', null, printAtOnce(4_000, { length: 50 })],
    ['44 of 10,000: one more would not have fitted', 'full', printAtOnce(44, { length: 10_000 })],
    ['40 of 10,000', null, printAtOnce(40, { length: 10_000 })],
    ['4 of 100,000', 'perhaps', printAtOnce(4, { length: 100_000 })],
    ['one of 300,000', null, printAtOnce(1, { length: 300_000 })],
    ['one of 449,000', 'full', printAtOnce(1, { length: 449_000 })],
    ['a long one after short ones', null, [...printAtOnce(100), ...printAtOnce(1, { length: 300_000 })]],
    ['two long ones after', 'perhaps', [...printAtOnce(100), ...printAtOnce(2, { length: 190_000 })]],
  ])('%s: %s', (_name, expected, prints) => {
    const lost = findLost(prints);
    expect(lost && (lost.isFull ? 'full' : 'perhaps')).toBe(expected);
  });

  /** Short lines with a long one among them now and then, from 45 KB to 4.5 MB in all, as many of each size. */
  test('is seen of scripts that print now and then a long message, and seldom where nothing is', () => {
    const random = createRandom(3);
    const counts = { lost: 0, missed: 0, whole: 0, false: 0 };
    for (let run = 0; run < 120; run++) {
      const totalBytes = 45_000 * 100 ** random();
      const prints: Print[] = [];
      for (let bytes = 0; bytes < totalBytes; bytes += (prints.at(-1)?.length ?? 0) + 47) {
        prints.push({ atMs: 0, length: random() < 0.1 ? 30_000 : 50 });
      }
      const { messages, task, lostCount } = keepLogs(prints, WARM);
      const isFound = findLostLogs(messages, task) !== null;
      counts[lostCount > 0 ? 'lost' : 'whole']++;
      if (isFound !== lostCount > 0) counts[lostCount > 0 ? 'missed' : 'false']++;
    }
    expect(counts.lost).toBeGreaterThan(40);
    expect(counts.whole).toBeGreaterThan(40);
    expect(counts.missed).toBe(0);
    expect(counts.false).toBeLessThanOrEqual(counts.whole * 0.05);
  });
});
