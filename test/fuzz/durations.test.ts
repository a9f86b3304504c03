import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDuration, parseDuration } from '../../src/config/durations.ts';
import { formatDuration as formatElapsed } from '../../src/output/format-duration.ts';
import { checkProperty } from './check-property.ts';
import { hostileText } from './hostile-values.ts';

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

test('a duration in units, larger to smaller, is the sum of its parts', () =>
  checkProperty(
    fc.property(fc.array(fc.option(fc.nat({ max: 9_999 })), { minLength: 5, maxLength: 5 }), (counts) => {
      const parts = UNITS.flatMap(([unit, ms], index) => {
        const count = counts[index] ?? null;
        return count === null ? [] : [{ text: `${count}${unit}`, ms: count * ms }];
      });
      const total = parts.reduce((sum, { ms }) => sum + ms, 0);
      const expected = parts.length === 0 ? null : total;
      for (const separator of ['', ' ']) {
        expect(parseDuration(parts.map(({ text }) => text).join(separator))).toBe(expected);
      }
      if (parts.length > 1)
        expect(
          parseDuration(
            parts
              .map(({ text }) => text)
              .reverse()
              .join(' '),
          ),
        ).toBeNull();
    }),
  ));

test('what is shown is read back: exactly below a second, to a tenth below a minute, to a second above', () =>
  checkProperty(
    fc.property(fc.oneof(fc.nat({ max: 120_000 }), fc.nat({ max: 2 ** 31 - 1 })), (ms) => {
      const text = formatDuration(ms);
      const grain = ms < 1_000 ? 1 : ms < 59_950 ? 100 : 1_000;
      expect(parseDuration(text)).toBe(Math.round(ms / grain) * grain);
      expect(formatDuration(parseDuration(text) ?? -1)).toBe(text);
    }),
  ));

test('any text is a whole number of milliseconds from 0, or no duration', () =>
  checkProperty(
    fc.property(
      fc.oneof(
        hostileText,
        fc.double().map(String),
        fc.stringMatching(/^[0-9]{1,25}(\.[0-9]{1,25})?(d|h|m|s|ms)?$/),
      ),
      (text) => {
        const ms = parseDuration(text);
        expect(ms === null || (Number.isSafeInteger(ms) && ms >= 0)).toBe(true);
        expect(parseDuration(` ${text}\n`)).toBe(ms);
      },
    ),
  ));

test('the time that has passed is always shown as numbers and units', () =>
  checkProperty(
    fc.property(
      fc.oneof(fc.nat({ max: 120_000 }), fc.nat(), fc.double({ min: 0, max: 1e9, noNaN: true })),
      (ms) => {
        expect(formatElapsed(ms)).toMatch(/^(\d{1,2}\.\d s|\d+ min [0-5]\d s)$/);
      },
    ),
  ));
