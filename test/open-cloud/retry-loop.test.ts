import { expect, test } from 'vitest';
import { type Failure, failureOfExchange, failureOfResponse } from '../../src/open-cloud/failure.ts';
import { OPERATIONS } from '../../src/open-cloud/operations.ts';
import { RetryBudget, type RetryLoop, withRetry } from '../../src/open-cloud/retry.ts';
import { VirtualClock } from '../helpers/virtual-clock.ts';
import { answer, exchangeError } from './answers.ts';

const status = (code: number, headers?: Record<string, string>, body?: unknown) =>
  failureOfResponse(answer(code, body, headers));
const lost = failureOfExchange(exchangeError('reset', { wasSent: true }));
const notSent = failureOfExchange(exchangeError('connect', { wasSent: false }));
const closedIdle = failureOfExchange(exchangeError('reset', { wasSent: true, isReusedSocket: true }));
const full = status(429, {}, { code: 'RESOURCE_EXHAUSTED' });
const limited = status(429, { 'x-ratelimit-reset': '38' });

const stopped = new Error('stopped by the user');

/** Plays the failures, then a success, and tells each wait as `reason ms`. */
async function play(
  failures: Failure[],
  fields: Partial<RetryLoop> & { stopInWait?: boolean; tookMs?: number } = {},
) {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const waits: string[] = [];
  const left = [...failures];
  const pending = withRetry(
    {
      operation: OPERATIONS.createTask,
      clock,
      signal: controller.signal,
      random: () => 1,
      budget: new RetryBudget(),
      throttlePatienceMs: 300_000,
      isRepeatAllowed: false,
      taskAgeMs: null,
      onWait: ({ reason, waitMs }) => {
        waits.push(`${reason} ${waitMs}`);
        if (fields.stopInWait) controller.abort(stopped);
      },
      ...fields,
    },
    async () => {
      await clock.sleep(fields.tookMs ?? 0);
      const failure = left.shift();
      return failure ? { failure } : { value: 'good' };
    },
  ).catch((error: unknown) => ({ error }));
  await clock.runToEnd(1_000);
  return { result: await pending, waits };
}

test('each reason for a wait has its name', async () => {
  const operation = OPERATIONS.getTask;
  const { waits } = await play([closedIdle, status(503), full, limited], { operation });
  expect(waits).toEqual(['retry 0', 'retry 1000', 'place_full 5000', 'rate_limit 38350']);
});

test('a slot that is about to be free is waited for', async () => {
  const { waits } = await play([full], { readSlotWaitMs: () => 1_234 });
  expect(waits).toEqual(['place_full 1234']);
});

test('waits for limits use up the patience and no more', async () => {
  // The fourth wait is the last that fits, to the millisecond.
  const { result, waits } = await play([limited, limited, limited, limited, limited], {
    throttlePatienceMs: 4 * 38_350,
  });
  expect(waits).toHaveLength(4);
  expect(result).toMatchObject({ failure: { httpStatus: 429 }, attempts: { length: 5 } });
});

test.each([
  ['15 s each', 15_000],
  ['ten minutes each, in which the machine must have slept', 600_000],
])('the time of the tries is part of an outage: %s', async (_name, tookMs) => {
  const outage = Array.from({ length: 20 }, () => status(503));
  const { result } = await play(outage, { operation: OPERATIONS.getTask, random: () => 0, tookMs });
  expect(result).toMatchObject({ failure: { httpStatus: 503 }, attempts: { length: 8 } });
});

test('waits for limits leave the budget alone', async () => {
  const budget = new RetryBudget();
  for (let index = 0; index < 29; index++) budget.spend();
  const { waits } = await play([limited, limited, notSent], { budget });
  expect(waits.at(-1)).toBe('retry 500');
});

test('a task that this process did not create is not there once it is not there', async () => {
  const { waits } = await play([status(404)], { operation: OPERATIONS.getTask });
  expect(waits).toEqual([]);
});

test('tries that were not sent do not count as running twice', async () => {
  const { result, waits } = await play([notSent, notSent, notSent, notSent], { isRepeatAllowed: true });
  expect(waits).toHaveLength(4);
  expect(result).toEqual({ value: 'good' });
});

test('reads may be repeated as often as ever where running twice is allowed', async () => {
  const { waits } = await play([lost, lost, lost, lost], {
    operation: OPERATIONS.getTask,
    isRepeatAllowed: true,
  });
  expect(waits).toHaveLength(4);
});

test.each([
  ['refused after a try that may have run', [lost, status(403)], { isRepeatAllowed: true }, true],
  ['refused after tries that did not leave', [notSent, status(403)], { isRepeatAllowed: true }, false],
  [
    'limited for longer than anyone waits after one that may have run',
    [status(502), limited],
    { isRepeatAllowed: true, throttlePatienceMs: 0 },
    true,
  ],
  ['lost at once', [lost], {}, true],
  ['refused at once', [status(403)], {}, false],
  [
    'a read that is refused after one that was lost',
    [lost, status(403)],
    { operation: OPERATIONS.getTask },
    false,
  ],
] as const)(
  '%s: whether the script may be running is told of all tries',
  async (_name, failures, fields, mayHaveRun) => {
    const { result } = await play([...failures], fields);
    expect(result).toMatchObject({
      failure: { kind: failures.at(-1)?.kind, mayHaveRun },
      attempts: { length: failures.length },
    });
  },
);

test('a stop in the wait after a create that may have run ends with what is known of it', async () => {
  const { result } = await play([lost, lost], { isRepeatAllowed: true, stopInWait: true });
  expect(result).toMatchObject({ failure: lost, attempts: [{ reason: 'RESET', waitMs: 500 }] });
});

test('a stop in any other wait is a stop', async () => {
  expect(await play([notSent], { stopInWait: true })).toMatchObject({ result: { error: stopped } });
  const read = { operation: OPERATIONS.getTask, stopInWait: true };
  expect(await play([lost], read)).toMatchObject({ result: { error: stopped } });
});

test('an error of the attempt itself goes on, also after a create that may have run', async () => {
  const bug = new Error('a bug');
  const clock = new VirtualClock();
  let tries = 0;
  const pending = withRetry(
    {
      operation: OPERATIONS.createTask,
      clock,
      signal: new AbortController().signal,
      random: () => 0,
      budget: new RetryBudget(),
      throttlePatienceMs: 0,
      isRepeatAllowed: true,
      taskAgeMs: null,
      onWait: () => undefined,
    },
    async () => {
      if (tries++ > 0) throw bug;
      return { failure: lost };
    },
  ).catch((error: unknown) => error);
  await clock.runToEnd();
  expect(await pending).toBe(bug);
});
