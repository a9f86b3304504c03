import { describe, expect, test } from 'vitest';
import { parseSince } from '../../../src/cli/logs/parse-since.ts';
import { LuauExecError } from '../../../src/errors.ts';

const NINE = Date.parse('2026-11-21T09:00:00Z');

describe('--since', () => {
  test.each<[text: string, ms: number]>([
    ['30s', 30_000],
    ['1m 30s', 90_000],
    ['90', 90_000],
    ['0', 0],
  ])('%s is so long before the newest message', (text, ms) => {
    expect(parseSince(text)).toEqual({ kind: 'before_newest', ms });
  });

  test.each<[text: string, wallMs: number]>([
    ['2026-11-21T09:00:00Z', NINE],
    ['2026-11-21t09:00:00z', NINE],
    ['2026-11-21 09:00:00Z', NINE],
    ['2026-11-21T11:00:00+02:00', NINE],
    ['2026-11-21T03:30:00-05:30', NINE],
    ['2026-11-21T09:00:00.5Z', NINE + 500],
    ['2026-11-21T09:00:00.123456789Z', NINE + 123],
    [' 2024-02-29T00:00:00Z ', Date.parse('2024-02-29T00:00:00Z')],
  ])('%s is a time', (text, wallMs) => {
    expect(parseSince(text)).toEqual({ kind: 'at', wallMs });
  });

  test.each<[text: string, message: RegExp]>([
    ['2026-11-21T09:00:00', /does not say in which time zone$/],
    ['', /neither/],
    ['yesterday', /neither a duration nor a time$/],
    ['-30s', /neither/],
    ['2026-11-21', /neither/],
    ['2026-02-30T09:00:00Z', /neither/],
    ['2026-13-01T09:00:00Z', /neither/],
    ['2026-11-21T25:00:00Z', /neither/],
    ['2026-11-21T09:00:00+25:00', /neither/],
    ['\x1b[2J', /"\\u\{1b\}\[2J" is neither/],
  ])('%s is refused', (text, message) => {
    expect(() => parseSince(text)).toThrow(LuauExecError);
    expect(() => parseSince(text)).toThrow(message);
  });
});
