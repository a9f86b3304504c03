import { describe, expect, it } from 'vitest';
import { formatDuration, parseDuration } from '../../src/config/durations.ts';

describe('parseDuration', () => {
  it.each([
    ['30s', 30_000],
    ['2m', 120_000],
    ['500ms', 500],
    ['1h', 3_600_000],
    ['60d', 5_184_000_000],
    ['90', 90_000],
    ['0', 0],
    ['0.5', 500],
    ['1.5h', 5_400_000],
    [' 30 s ', 30_000],
    ['1m30s', 90_000],
    ['1 h 5 m', 3_900_000],
    ['1.0004s', 1_000],
  ])('%j is %d ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each([
    '',
    ' ',
    's',
    '-1',
    '-5s',
    '+5s',
    '1e3',
    '5x',
    '5 sec',
    '30S',
    '.5s',
    '5.',
    '1s1m',
    '1s 1s',
    '1m,30s',
  ])('%j is none', (text) => expect(parseDuration(text)).toBeNull());

  it.each(['NaN', 'Infinity', '３０s', `${'9'.repeat(30)}d`, '1s'.repeat(40), '9'.repeat(400)])(
    '%j is none',
    (text) => expect(parseDuration(text)).toBeNull(),
  );
});

describe('formatDuration', () => {
  it.each([
    [0, '0 ms'],
    [500, '500 ms'],
    [1_000, '1 s'],
    [1_500, '1.5 s'],
    [38_000, '38 s'],
    [59_960, '1 m'],
    [300_000, '5 m'],
    [90_400, '1 m 30 s'],
    [3_900_000, '1 h 5 m'],
    [5_184_000_000, '60 d'],
  ])('%d ms is %j', (ms, words) => expect(formatDuration(ms)).toBe(words));

  it.each([1, 999, 1_500, 59_900, 61_000, 3_661_000, 90_061_000])('%d ms can be read back', (ms) =>
    expect(parseDuration(formatDuration(ms))).toBe(ms),
  );
});
