import { expect, test } from 'vitest';
import {
  type CadenceSituation,
  decideCadence,
  decideNextLookMs,
  decideResetWaitMs,
} from '../../src/task/poll-cadence.ts';

const NOW = 1_000_000;
const window = (limit: number, remaining: number, resetMs = 30_000) => ({
  limit,
  remaining,
  resetAtMs: NOW + resetMs,
});

function decide(fields: Partial<CadenceSituation>): number {
  const ageMs = fields.ageMs ?? 0;
  return decideNextLookMs({
    cadence: 'remote',
    ageMs,
    looks: 1,
    sinceLookMs: 0,
    agesMs: [ageMs],
    window: null,
    nowMs: NOW,
    // The middle: neither early nor late.
    random: () => 0.5,
    ...fields,
  });
}
const ages = (count: number, ageMs = 0) => Array.from({ length: count }, () => ageMs);

test.each<[name: string, fields: Partial<CadenceSituation>, ms: number]>([
  ['one task, nothing known', {}, 2_000],
  ['one task of 200 a minute', { window: window(200, 199) }, 1_000],
  ['one task of 45', { window: window(45, 44) }, 2_000],
  ['two of 45', { agesMs: ages(2) }, 2_000],
  ['three of 45', { agesMs: ages(3) }, 4_000],
  ['three of 200', { agesMs: ages(3), window: window(200, 199) }, 1_000],
  ['four of 200', { agesMs: ages(4), window: window(200, 199) }, 2_000],
  ['twelve of 200', { agesMs: ages(12), window: window(200, 199) }, 2_000],
  ['ten of 200', { agesMs: ages(10), window: window(200, 199) }, 2_000],
  ['hundred of 200', { agesMs: ages(100), window: window(200, 199) }, 4_000],
])('first look: %s', (_name, fields, ms) => {
  expect(decide({ looks: 0, random: () => 0, ...fields })).toBe(ms);
  expect(decide({ looks: 0, random: () => 1, ...fields })).toBeCloseTo(ms * 1.15);
});

test('a first look that is overdue comes at once', () => {
  expect(decide({ looks: 0, ageMs: 1_400, agesMs: [1_400], random: () => 0 })).toBe(600);
  expect(decide({ looks: 0, ageMs: 9_000, agesMs: [9_000] })).toBe(0);
});

test('with enough reads the interval is 0.18 times the root of the age, half a second at least', () => {
  for (const [ageMs, ms] of [
    [4_000, 500],
    [9_000, 540],
    [100_000, 1_800],
    [300_000, 3_118],
  ] as const) {
    expect(decide({ ageMs, window: window(200, 190) })).toBeCloseTo(ms, 0);
    expect(decide({ ageMs, window: window(200, 190), random: () => 0 })).toBeCloseTo(ms * 0.9, 0);
    expect(decide({ ageMs, window: window(200, 190), random: () => 1 })).toBeCloseTo(ms * 1.1, 0);
  }
});

test('fewer reads and more tasks make it longer', () => {
  const rows = [
    { window: window(200, 150), agesMs: ages(1, 60_000) },
    { window: window(200, 10), agesMs: ages(1, 60_000) },
    { window: window(200, 10), agesMs: ages(4, 60_000) },
    { window: window(200, 5), agesMs: ages(4, 60_000) },
  ].map((fields) => decide({ ageMs: 60_000, ...fields }));
  expect([...rows].sort((a, b) => a - b)).toEqual(rows);
  expect(new Set(rows).size).toBe(rows.length);
});

// By the formula: demand = sum of sqrt(g)(1 - sqrt(g / (g + s))) + sqrt(g + s) - sqrt(g), k = demand / (0.9 * remaining).
test.each<[name: string, fields: Partial<CadenceSituation>, ms: number]>([
  ['ten of a minute', { ageMs: 60_000, agesMs: ages(10, 60_000), window: window(45, 9, 60_000) }, 52_378],
  [
    'ten of a second, as if of two',
    { ageMs: 9_000, agesMs: ages(10, 1_000), window: window(45, 9, 60_000) },
    28_222,
  ],
  ['nothing known', { ageMs: 60_000, agesMs: ages(10, 60_000) }, 10_714],
])('a narrow window is shared out: %s', (_name, fields, ms) => {
  expect(decide(fields)).toBeCloseTo(ms, 0);
});

test('no interval goes past the time when the window turns over', () => {
  const fields = { ageMs: 60_000, agesMs: ages(10, 60_000), window: window(45, 3, 2_000) };
  expect([0, 0.5, 1].map((random) => decide({ ...fields, random: () => random }))).toEqual([
    2_200, 2_350, 2_500,
  ]);
});

test('a young task is looked at each second only where the budget is wide', () => {
  const poor = { ageMs: 2_000, agesMs: ages(1, 2_000) };
  // 8 left for a whole minute plan more than a second.
  expect(decide({ ...poor, window: window(200, 8, 60_000) })).toBe(1_000);
  expect(decide({ ...poor, ageMs: 3_000, window: window(200, 8, 60_000) })).toBeGreaterThan(1_100);
  expect(decide({ ...poor, window: window(45, 8, 60_000) })).toBeGreaterThan(1_000);
});

test.each([
  ['one left', window(200, 1), 30_200],
  ['none left', window(45, 0), 30_200],
  ['none left, limit 1', window(1, 0), 30_200],
  ['a reset that is far away counts as a minute', window(45, 1, 56_442_000), 60_200],
])('%s: the reset is slept to', (_name, limits, ms) => {
  expect(decide({ ageMs: 5_000, window: limits })).toBe(ms);
  expect(decideResetWaitMs(limits, NOW, () => 0.5)).toBe(ms);
});

test.each([
  ['two left', window(200, 2)],
  ['a window that has turned over', window(45, 0, 0)],
  ['a limit of one that has turned over', window(1, 0, -5)],
  ['the last of a limit of one', window(1, 1)],
  ['nothing known', null],
])('%s: nothing is slept to', (_name, limits) => {
  expect(decideResetWaitMs(limits, NOW, () => 0.5)).toBe(0);
});

test('no wait goes far past the reset, is negative, or is not a number', () => {
  for (const remaining of [0, 1, 2, 3, 45, 1e9]) {
    for (const resetMs of [-1, 0, 1, 59_999, 60_000, 1e12]) {
      for (const ageMs of [0, 1, 5_000, 1e7]) {
        for (const sinceLookMs of [0, 400, 1e7]) {
          const waitMs = decide({
            ageMs,
            sinceLookMs,
            agesMs: ages(10, ageMs),
            window: window(45, remaining, resetMs),
          });
          expect(waitMs).toBeGreaterThanOrEqual(0);
          expect(waitMs).toBeLessThanOrEqual(60_500);
        }
      }
    }
  }
});

test('the time that a look takes is part of the interval', () => {
  const fields = { ageMs: 9_000, window: window(200, 190) };
  expect(decide({ ...fields, sinceLookMs: 150 })).toBeCloseTo(390);
  expect(decide({ ...fields, sinceLookMs: 3_000 })).toBe(0);
});

test.each<[name: string, fields: Partial<CadenceSituation>, ms: number]>([
  ['at once', { looks: 0 }, 0],
  ['after 20 ms', { ageMs: 5 }, 20],
  ['a quarter of its age later', { ageMs: 800 }, 200],
])('on this machine a task is looked at %s', (_name, fields, ms) => {
  expect(decide({ cadence: 'loopback', window: window(200, 150), ...fields })).toBe(ms);
});

test('on this machine half of the window is enough to look closely', () => {
  expect(decide({ cadence: 'loopback', ageMs: 100, window: window(200, 100) })).toBe(25);
});

test.each([
  ['http://localhost:8080', 'loopback'],
  ['http://127.0.0.1:8080', 'loopback'],
  ['http://127.255.10.1', 'loopback'],
  ['http://[::1]:8080', 'loopback'],
  ['https://apis.roblox.com', 'remote'],
  ['https://127.0.0.1.evil.test', 'remote'],
  ['https://my.localhost.test', 'remote'],
  ['https://not-localhost', 'remote'],
  ['https://128.0.0.1', 'remote'],
  ['https://[::2]', 'remote'],
])('the API at %s is %s', (baseUrl, cadence) => {
  expect(decideCadence(baseUrl)).toBe(cadence);
});

test('on this machine the usual pace holds past the first second and past half of the window', () => {
  const old = { ageMs: 1_000, window: window(200, 190) };
  expect(decide({ cadence: 'loopback', ...old })).toBe(decide(old));
  const spent = { ageMs: 100, window: window(200, 99) };
  expect(decide({ cadence: 'loopback', ...spent })).toBe(decide(spent));
});
