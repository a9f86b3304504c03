import fc, { type Arbitrary } from 'fast-check';
import { expect, test } from 'vitest';
import type { ExchangeFailure } from '../../src/open-cloud/exchange.ts';
import {
  type Failure,
  failureOfBadAnswer,
  failureOfExchange,
  failureOfResponse,
} from '../../src/open-cloud/failure.ts';
import { OPERATIONS, type OperationName } from '../../src/open-cloud/operations.ts';
import { LONGEST_WAIT_MS } from '../../src/open-cloud/pacing.ts';
import { RetryBudget, withRetry } from '../../src/open-cloud/retry.ts';
import { VirtualClock } from '../helpers/virtual-clock.ts';
import { answer, exchangeError } from '../open-cloud/answers.ts';
import { checkProperty } from './check-property.ts';
import { createRandom, randomNumbers } from './hostile-values.ts';

const WORST_OF_A_CREATE_THAT_MAY_REPEAT = 3;
const BUDGET = 30;

const header = fc.constantFrom(
  '0',
  '0.5',
  '1',
  '5',
  '38',
  '119.9',
  '120',
  '121',
  '56442',
  '-1',
  'abc',
  '1e400',
);
const failure: Arbitrary<Failure> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom<ExchangeFailure>(
        ...(['connect', 'tls', 'dns', 'timeout', 'reset', 'too_large', 'protocol', 'aborted'] as const),
      ),
      fc.boolean(),
      fc.boolean(),
    )
    .map(([kind, wasSent, isReusedSocket]) =>
      failureOfExchange(exchangeError(kind, { wasSent, isReusedSocket })),
    ),
  fc
    .tuple(
      fc.constantFrom(301, 400, 401, 403, 404, 408, 409, 425, 500, 501, 502, 503, 504, 505),
      fc.constantFrom('', '<html>', '{"code":"INTERNAL"}'),
    )
    .map(([status, body]) => failureOfResponse(answer(status, body))),
  fc
    .tuple(
      fc.record(
        { 'x-ratelimit-remaining': header, 'x-ratelimit-reset': header, 'retry-after': header },
        { requiredKeys: [] },
      ),
      fc.constantFrom('', '{"code":"RESOURCE_EXHAUSTED"}'),
    )
    .map(([headers, body]) => failureOfResponse(answer(429, body, { ...headers }))),
  fc.constant(failureOfBadAnswer(answer(200, '<html>'), 'the answer is not JSON')),
);

const scenario = fc.record({
  operation: fc.constantFrom<OperationName>('createTask', 'createTaskAtVersion', 'getTask', 'listLogs'),
  // After its last failure the service goes on with the first, so that nothing ends by itself.
  failures: fc.array(fc.record({ failure, tookMs: fc.nat({ max: 70_000 }) }), {
    minLength: 1,
    maxLength: 12,
  }),
  successAfter: fc.option(fc.nat({ max: 40 })),
  isRepeatAllowed: fc.boolean(),
  throttlePatienceMs: fc.constantFrom(0, 1_000, 60_000, 300_000, 3_600_000),
  // When a slot can be used that a task of our own has freed 10 s before.
  slotAtMs: fc.nat({ max: 200_000 }),
  taskAgeMs: fc.option(fc.nat({ max: 20_000 })),
  numbers: randomNumbers,
});

test('whatever fails in whatever order, the retries end, wait as they may, and never repeat a create that may have run', async () => {
  let repeats = 0;
  await checkProperty(
    fc.asyncProperty(scenario, async (given) => {
      const clock = new VirtualClock();
      const tries: Failure[] = [];
      const waits: { waitMs: number; reason: string }[] = [];
      let okAtMs = -1;
      let throttledMs = 0;
      const operation = OPERATIONS[given.operation];
      const pending = withRetry(
        {
          ...given,
          operation,
          clock,
          signal: new AbortController().signal,
          random: createRandom(given.numbers),
          readSlotWaitMs: () => {
            const leftMs = given.slotAtMs - clock.now();
            return leftMs > 10_000 ? 0 : Math.max(0, leftMs);
          },
          budget: new RetryBudget(),
          onWait: (wait) => {
            waits.push(wait);
            if (wait.reason !== 'retry') throttledMs += wait.waitMs;
            // A connection that had been idle too long is replaced at once; anything else has to fit into the patience.
            else if (wait.waitMs > 0) {
              expect(clock.now() + wait.waitMs - throttledMs).toBeLessThan(operation.patienceMs);
            }
          },
        },
        async () => {
          const next = given.failures[tries.length % given.failures.length];
          await clock.sleep(Math.min(next?.tookMs ?? 0, operation.limits.attemptMs));
          if (!next || tries.length === given.successAfter) {
            okAtMs = clock.now();
            return { value: 'good' };
          }
          tries.push(next.failure);
          return { failure: next.failure };
        },
      );
      await clock.runToEnd(100_000);
      const result = await pending;
      repeats += waits.length;

      // The answer is the last try's, and every failed try is told of.
      if ('value' in result) expect(okAtMs).toBe(clock.now());
      else {
        const mayHaveRun = operation.isSafeToRepeat
          ? tries.at(-1)?.mayHaveRun
          : tries.some((one) => one.mayHaveRun);
        expect(result.failure).toEqual({ ...tries.at(-1), mayHaveRun });
        expect(result.attempts.map(({ reason }) => reason)).toEqual(tries.map(({ reason }) => reason));
        expect(result.attempts.at(-1)?.waitMs).toBeNull();
      }
      expect(waits.length).toBe('value' in result ? tries.length : tries.length - 1);

      // Each wait, and all of them together, are within their bounds.
      const throttles = waits.filter(({ reason }) => reason !== 'retry');
      const retries = waits.filter(({ reason }) => reason === 'retry');
      for (const { waitMs } of throttles) {
        expect(waitMs).toBeGreaterThan(0);
        expect(waitMs).toBeLessThanOrEqual(LONGEST_WAIT_MS);
      }
      for (const { waitMs } of retries) {
        expect(waitMs).toBeGreaterThanOrEqual(0);
        expect(waitMs).toBeLessThanOrEqual(operation.backoff.capMs);
      }
      expect(throttledMs).toBeLessThanOrEqual(given.throttlePatienceMs);
      // One more than the budget: a connection that had been idle too long is replaced for nothing. What is bound by
      // time alone goes on without a budget, as slowly as it can.
      const slowest = Math.ceil(Math.min(operation.patienceMs, 1e9) / operation.backoff.capMs);
      const most = Number.isFinite(operation.maxTries) ? operation.maxTries - 1 : BUDGET + 1 + slowest;
      expect(retries.length).toBeLessThanOrEqual(most);

      // What may have run is the last try of a create, unless running twice was allowed.
      if (operation.isSafeToRepeat) return;
      const harmful = tries.filter(({ mayHaveRun }) => mayHaveRun).length + ('value' in result ? 1 : 0);
      if (!given.isRepeatAllowed) expect(harmful).toBeLessThanOrEqual(1);
      else expect(harmful).toBeLessThanOrEqual(WORST_OF_A_CREATE_THAT_MAY_REPEAT);
      if (!given.isRepeatAllowed) expect(tries.slice(0, -1).some(({ mayHaveRun }) => mayHaveRun)).toBe(false);
    }),
  );
  expect(repeats).toBeGreaterThan(500);
});
