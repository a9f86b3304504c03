import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import { failureOfResponse } from '../../src/open-cloud/failure.ts';
import {
  decidePacingMs,
  LONGEST_WAIT_MS,
  parseRateWindow,
  parseResetSeconds,
  parseRetryAfterMs,
} from '../../src/open-cloud/pacing.ts';
import { decideResetWaitMs } from '../../src/task/poll-cadence.ts';
import { checkProperty } from './check-property.ts';
import { createRandom, hostileText, randomNumbers } from './hostile-values.ts';

const number = fc.oneof(
  fc.nat({ max: 300 }).map(String),
  fc.constantFrom('0', '0.0', '1e400', '-1', 'Infinity', 'NaN', '999999999', '9'.repeat(30), '0x10', '１'),
  fc.double({ min: 0, noNaN: true }).map(String),
);
const windows = fc
  .array(
    fc
      .tuple(fc.oneof(number, hostileText), fc.constantFrom('', ';w=60', ' ;w=1'))
      .map((parts) => parts.join('')),
    { minLength: 1, maxLength: 3 },
  )
  .map((items) => items.join(','));
const date = fc
  .date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true })
  .map((day) => day.toUTCString());

const headers: Arbitrary<Record<string, string>> = fc
  .record(
    {
      'x-ratelimit-limit': windows,
      'x-ratelimit-remaining': windows,
      'x-ratelimit-reset': windows,
      'retry-after': fc.oneof(number, date, hostileText),
      date: fc.oneof(date, hostileText),
    },
    { requiredKeys: [] },
  )
  .map((fields) => ({ ...fields }));

const now = fc.double({ min: 0, max: 1e12, noNaN: true });

test('a rate window is made of finite numbers that can be divided by, and ends no earlier than now', () =>
  checkProperty(
    fc.property(headers, now, (fields, nowMs) => {
      const window = parseRateWindow(fields, nowMs);
      if (!window) return;
      expect(window.limit).toBeGreaterThan(0);
      expect(window.remaining).toBeGreaterThanOrEqual(0);
      expect(window.resetAtMs).toBeGreaterThanOrEqual(nowMs);
      expect(Object.values(window).every(Number.isFinite)).toBe(true);
    }),
  ));

test('what is waited for a window or a retry-after is a number from 0 to 120 s', () =>
  checkProperty(
    fc.property(headers, now, randomNumbers, (fields, nowMs, numbers) => {
      const random = createRandom(numbers);
      const retryAfterMs = parseRetryAfterMs(fields);
      if (retryAfterMs !== null) {
        expect(retryAfterMs).toBeGreaterThan(0);
        expect(retryAfterMs).toBeLessThanOrEqual(LONGEST_WAIT_MS);
      }
      const window = parseRateWindow(fields, nowMs);
      for (const waitMs of [
        decidePacingMs(window, nowMs, random),
        decideResetWaitMs(window, nowMs, random),
      ]) {
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(LONGEST_WAIT_MS + 350);
      }
      const resetSeconds = parseResetSeconds(fields);
      expect(resetSeconds === null || (resetSeconds >= 0 && Number.isFinite(resetSeconds))).toBe(true);
    }),
  ));

test('a 429 with any headers and any body is a throttle with times that are numbers', () =>
  checkProperty(
    fc.property(headers, fc.oneof(hostileText, fc.json()), (fields, body) => {
      const failure = failureOfResponse({ status: 429, headers: fields, body: Buffer.from(body) });
      expect(failure.kind).toBe('throttled');
      if (failure.kind !== 'throttled') return;
      for (const ms of [failure.resetMs, failure.retryAfterMs]) {
        expect(ms === null || (ms >= 0 && Number.isFinite(ms))).toBe(true);
      }
      expect(failure.mayHaveRun).toBe(false);
    }),
  ));

test('numbers that are written plainly are read exactly', () =>
  checkProperty(
    fc.property(
      fc.integer({ min: 1, max: 1e6 }),
      fc.nat({ max: 1e6 }),
      fc.nat({ max: 1e6 }),
      now,
      (limit, remaining, resetSeconds, nowMs) => {
        const fields = {
          'x-ratelimit-limit': `${limit}, ${limit};w=60`,
          'x-ratelimit-remaining': `${remaining}`,
          'x-ratelimit-reset': `${resetSeconds}`,
          'retry-after': `${resetSeconds}`,
        };
        expect(parseRateWindow(fields, nowMs)).toEqual({
          limit,
          remaining,
          resetAtMs: nowMs + resetSeconds * 1_000,
        });
        const wanted = Math.min(resetSeconds * 1_000, LONGEST_WAIT_MS);
        expect(parseRetryAfterMs(fields)).toBe(resetSeconds === 0 ? null : wanted);
      },
    ),
  ));
