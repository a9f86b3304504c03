import { expect, test } from 'vitest';
import {
  decidePacingMs,
  parseRateWindow,
  parseResetSeconds,
  parseRetryAfterMs,
} from '../../src/open-cloud/pacing.ts';

const NOW = 5_000;

test.each<[limit: string | null, remaining: string | null, reset: string | null, expected: number[] | null]>([
  ['200', '199', '42', [200, 199, 42]],
  ['1000, 1000;w=60', '22, 0', '5, 38', [1000, 0, 38]],
  ['200, 45;w=60', '180 , 44;w=60', '7', [45, 44, 7]],
  ['junk, 45', 'x, 3', 'y, 9', [45, 3, 9]],
  ['200', '86', '56442', [200, 86, 56442]],
  ['200', '3', '0', [200, 3, 0]],
  ['200', '3', '1.25', [200, 3, 1.25]],
  // A limit that is missing is replaced by something that can be divided by; one that is none is a lie.
  [null, '7', '9', [7, 7, 9]],
  [null, '0', '9', [1, 0, 9]],
  ['0', '0', '9', null],
  ['Infinity', '0', '9', null],
  ['0, 45', '0, 3', '9', [45, 0, 9]],
  ['200', null, '9', null],
  ['200', '3', null, null],
  ['200', '-1', '9', null],
  ['200', '3', '-9', null],
  ['200', '', '', null],
  ['200', '3', '1e3', null],
  ['200', '3', 'Infinity', null],
  [null, null, null, null],
])('limit %j, remaining %j, reset %j', (limit, remaining, reset, expected) => {
  const headers: Record<string, string> = {
    ...(limit === null ? {} : { 'x-ratelimit-limit': limit }),
    ...(remaining === null ? {} : { 'x-ratelimit-remaining': remaining }),
    ...(reset === null ? {} : { 'x-ratelimit-reset': reset }),
  };
  const window = parseRateWindow(headers, NOW);
  const [expectedLimit, expectedRemaining, expectedReset = 0] = expected ?? [];
  expect(window).toEqual(
    expected && {
      limit: expectedLimit,
      remaining: expectedRemaining,
      resetAtMs: NOW + expectedReset * 1000,
    },
  );
  if (expected) expect(parseResetSeconds(headers)).toBe(expectedReset);
});

const DATE = 'Sat, 21 Nov 2026 09:00:00 GMT';
test.each<[header: string, date: string | null, expected: number | null]>([
  ['5', null, 5_000],
  [' 5 ', null, 5_000],
  ['1.25', null, 1_250],
  ['0', null, null],
  ['0.0', null, null],
  ['-1', null, null],
  ['', null, null],
  ['abc', null, null],
  ['5, 9', null, null],
  ['5, 9', DATE, null],
  ['1e12', null, null],
  ['Infinity', null, null],
  ['0x10', null, null],
  ['1000000000000', null, 120_000],
  ['9'.repeat(400), null, 120_000],
  ['Sat, 21 Nov 2026 09:00:07 GMT', DATE, 7_000],
  ['Sat, 21 Nov 2026 08:59:00 GMT', DATE, null],
  ['Sat, 21 Nov 2026 09:00:00 GMT', DATE, null],
  ['Sat, 21 Nov 2037 09:00:00 GMT', DATE, 120_000],
  // Dates that Date.parse would take, but not in the form that HTTP prescribes.
  ['2026-11-21T09:00:07Z', DATE, null],
  ['on Sat, 21 Nov 2026 09:00:07 GMT', DATE, null],
  ['Sat, 21 Nov 2026 09:00:07 GMT-0100', DATE, null],
  ['Sat, 21 Nov 2026 09:00:07 GMT', null, null],
  ['Sat, 21 Nov 2026 09:00:07 GMT', 'junk', null],
])('retry-after %j beside date %j is %j ms', (header, date, expected) => {
  const headers = { 'retry-after': header, ...(date === null ? {} : { date }) };
  expect(parseRetryAfterMs(headers)).toBe(expected);
});

test('no retry-after is none', () => {
  expect(parseRetryAfterMs({})).toBeNull();
});

test.each([
  ['no window', null, 0],
  ['something left', { limit: 45, remaining: 1, resetAtMs: NOW + 9_000 }, 0],
  ['used up', { limit: 45, remaining: 0, resetAtMs: NOW + 9_000 }, 9_200],
  ['used up, turned over', { limit: 45, remaining: 0, resetAtMs: NOW }, 0],
  ['used up for two minutes', { limit: 45, remaining: 0, resetAtMs: NOW + 120_000 }, 120_200],
  ['a daily quota', { limit: 45, remaining: 0, resetAtMs: NOW + 120_001 }, 0],
])('a request is held back with %s', (_name, window, expected) => {
  expect(decidePacingMs(window, NOW, () => 0.5)).toBe(expected);
});
