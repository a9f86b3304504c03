import { describe, expect, test } from 'vitest';
import { classifyFailure } from '../../src/open-cloud/exchange-failure.ts';
import {
  type Failure,
  failureOfBadAnswer,
  failureOfExchange,
  failureOfResponse,
} from '../../src/open-cloud/failure.ts';
import { OPERATIONS, type OperationName } from '../../src/open-cloud/operations.ts';
import { decideRetry, RetryBudget, type RetrySituation, withRetry } from '../../src/open-cloud/retry.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { answer, exchangeError } from './answers.ts';

const status = (code: number, headers?: Record<string, string>, body?: unknown) =>
  failureOfResponse(answer(code, body, headers));
const network = (...args: Parameters<typeof exchangeError>) => failureOfExchange(exchangeError(...args));

function decide(operation: OperationName, failure: Failure, fields: Partial<RetrySituation> = {}) {
  const decision = decideRetry({
    operation: OPERATIONS[operation],
    failure,
    tries: 1,
    throttles: failure.kind === 'throttled' ? 1 : 0,
    elapsedMs: 0,
    throttlePatienceMs: 300_000,
    throttledMs: 0,
    isRepeatAllowed: false,
    hasBudget: true,
    taskAgeMs: null,
    random: () => 1,
    ...fields,
  });
  return decision.action === 'wait' ? decision.waitMs : 'give up';
}
const proxy = (code: number) =>
  failureOfExchange(
    classifyFailure(new Error(`Proxy response (${code}) !== 200`), { wasSent: false, isReusedSocket: false }),
  );

const unsent = { wasSent: false };
const sent = { wasSent: true };
const used = { wasSent: true, isReusedSocket: true };
const html = failureOfBadAnswer(answer(200, '<html>'), 'the answer is not JSON');
const full = { code: 'RESOURCE_EXHAUSTED', message: 'ten' };

type Row = [name: string, failure: Failure, create: number | 'give up', get: number | 'give up'];
const ROWS: Row[] = [
  ['refused connection', network('connect', unsent), 500, 500],
  ['no such name', network('dns', unsent), 500, 500],
  ['connect time-out', network('timeout', unsent), 500, 500],
  ['reset before it was written', network('reset', unsent), 500, 500],
  ['reset after it was written', network('reset', sent), 'give up', 500],
  ['reset of a used socket', network('reset', used), 'give up', 0],
  ['time-out on a used socket', network('timeout', used), 'give up', 500],
  ['no answer', network('timeout', sent), 'give up', 500],
  ['half a status line', network('protocol', sent), 'give up', 500],
  ['TLS', network('tls', unsent), 'give up', 'give up'],
  ['403 from a proxy', proxy(403), 'give up', 'give up'],
  ['407 from a proxy', proxy(407), 'give up', 'give up'],
  ['502 from a proxy', proxy(502), 500, 500],
  ['too large an answer', network('too_large', sent), 'give up', 'give up'],
  ['stopped', network('aborted', sent), 'give up', 'give up'],
  ...[500, 502, 503, 504, 408, 425].map((code): Row => [`${code}`, status(code), 'give up', 500]),
  ...[501, 505].map((code): Row => [`${code}`, status(code), 'give up', 'give up']),
  ...[301, 302, 307, 308].map((code): Row => [`${code}`, status(code), 'give up', 'give up']),
  ...[400, 401, 403, 404, 409, 413].map((code): Row => [`${code}`, status(code), 'give up', 'give up']),
  ['a web page', html, 'give up', 500],
  ['429 that names a reset', status(429, { 'x-ratelimit-reset': '38', 'retry-after': '5' }), 38_350, 38_350],
  ['429 with only retry-after', status(429, { 'retry-after': '7' }), 7_000, 7_000],
  ['429 with a short retry-after', status(429, { 'retry-after': '0.1' }), 5_000, 1_000],
  ['429 with a far retry-after', status(429, { 'retry-after': '99999' }), 120_000, 120_000],
  ['429 without a hint', status(429), 2_000, 2_000],
  ['429 with retry-after 0', status(429, { 'retry-after': '0' }), 2_000, 2_000],
  ['429 with a reset of 0', status(429, { 'x-ratelimit-reset': '0', 'retry-after': '5' }), 5_000, 5_000],
  ['429 with a reset of 120 s', status(429, { 'x-ratelimit-reset': '120' }), 120_000, 120_000],
  ['429 of a daily quota', status(429, { 'x-ratelimit-reset': '56442' }), 'give up', 'give up'],
  ['429 of a full place', status(429, { 'x-ratelimit-remaining': '39' }, full), 5_000, 5_000],
  [
    '429 of a full place in a window that is used up',
    status(429, { 'x-ratelimit-remaining': '3, 0;w=60', 'x-ratelimit-reset': '9' }, full),
    9_350,
    9_350,
  ],
];

test.each(ROWS)('%s: create waits %s, get waits %s', (_name, failure, create, get) => {
  expect(decide('createTask', failure)).toBe(create);
  expect(decide('createTaskAtVersion', failure)).toBe(create);
  expect(decide('getTask', failure)).toBe(get);
  expect(decide('listLogs', failure)).toBe(get);
});

test('a create that may have run is never sent again, whatever else is true', () => {
  for (const [, failure] of ROWS.filter(([, { mayHaveRun }]) => mayHaveRun)) {
    for (const tries of [1, 2, 5]) {
      for (const random of [() => 0, () => 1]) {
        expect(decide('createTask', failure, { tries, random, taskAgeMs: 0 })).toBe('give up');
      }
    }
  }
});

test.each<
  [name: string, waits: (number | 'give up')[], operation: OperationName, failure: Failure, fields?: object]
>([
  [
    'create, not sent: 4 retries',
    [500, 1_000, 2_000, 4_000, 'give up'],
    'createTask',
    network('connect', unsent),
  ],
  ['create, no such name: 2 retries', [500, 1_000, 'give up'], 'createTask', network('dns', unsent)],
  ['get: the cap', [500, 1_000, 2_000, 4_000, 8_000, 8_000], 'getTask', status(503)],
  ['get: no such name', [500, 1_000, 2_000, 4_000], 'getTask', network('dns', unsent)],
  ['logs: 5 tries', [500, 1_000, 2_000, 4_000, 'give up'], 'listLogs', status(503)],
  ['a used socket: at once, once', [0, 1_000, 2_000], 'getTask', network('reset', used)],
  [
    'create that may run twice: 3 tries',
    [500, 1_000, 'give up'],
    'createTask',
    status(502),
    { isRepeatAllowed: true },
  ],
  [
    'create that may run twice, reset',
    [500, 1_000, 'give up'],
    'createTask',
    network('reset', sent),
    { isRepeatAllowed: true },
  ],
])('%s', (_name, waits, operation, failure, fields = {}) => {
  expect(waits.map((_wait, index) => decide(operation, failure, { tries: index + 1, ...fields }))).toEqual(
    waits,
  );
});

test('a full place is asked again after 5 s, half as long again each time, 30 s at most', () => {
  const failure = status(429, {}, full);
  const waits = [1, 2, 3, 4, 5, 6, 50].map((throttles) => decide('createTask', failure, { throttles }));
  expect(waits).toEqual([5_000, 7_500, 11_250, 16_875, 25_312.5, 30_000, 30_000]);
});

test('a limit without hints is waited for longer each time, 30 s at most', () => {
  const low = [1, 2, 5, 900].map((throttles) =>
    decide('getTask', status(429), { throttles, random: () => 0 }),
  );
  const high = [1, 2, 5, 900].map((throttles) => decide('getTask', status(429), { throttles }));
  expect(low).toEqual([1_000, 2_000, 15_000, 15_000]);
  expect(high).toEqual([2_000, 4_000, 30_000, 30_000]);
});

test.each([
  ['a reset within the patience', { throttledMs: 200_000 }, 38_350],
  ['a reset past the patience', { throttledMs: 270_000 }, 'give up'],
  ['no budget, which a limit does not need', { hasBudget: false }, 38_350],
  ['many tries', { tries: 99, elapsedMs: 1e9 }, 38_350],
])('429: %s', (_name, fields, expected) => {
  expect(decide('createTask', status(429, { 'x-ratelimit-reset': '38' }), fields)).toBe(expected);
});

test('the wait for a reset lies 50 to 350 ms behind it', () => {
  const failure = status(429, { 'x-ratelimit-reset': '38', 'retry-after': '5' });
  expect(decide('createTask', failure, { random: () => 0 })).toBe(38_050);
  expect(decide('createTask', failure, { random: () => 1 })).toBe(38_350);
});

test.each<
  [
    name: string,
    operation: OperationName,
    failure: Failure,
    fields: Partial<RetrySituation>,
    number | 'give up',
  ]
>([
  ['404 right after the create', 'getTask', status(404), { taskAgeMs: 0 }, 500],
  ['404 after 9.9 s', 'getTask', status(404), { taskAgeMs: 9_999 }, 500],
  ['404 after 10 s', 'getTask', status(404), { taskAgeMs: 10_000 }, 'give up'],
  ['403 right after the create', 'getTask', status(403), { taskAgeMs: 0 }, 'give up'],
  ['an outage of 119 s', 'getTask', status(503), { elapsedMs: 119_000 }, 500],
  ['an outage of 120 s', 'getTask', status(503), { elapsedMs: 119_500 }, 'give up'],
  [
    'time spent waiting for limits is no outage',
    'getTask',
    status(503),
    { elapsedMs: 200_000, throttledMs: 180_000 },
    500,
  ],
  ['logs that fail for 20 s', 'listLogs', status(503), { elapsedMs: 19_500 }, 'give up'],
  ['no budget, bound by time', 'getTask', status(503), { hasBudget: false, random: () => 0 }, 8_000],
  ['no budget, bound by tries', 'listLogs', status(503), { hasBudget: false }, 'give up'],
  ['no budget, create', 'createTask', network('connect', unsent), { hasBudget: false }, 'give up'],
  ['501, may run twice', 'createTask', status(501), { isRepeatAllowed: true }, 'give up'],
  ['stopped, may run twice', 'createTask', network('aborted', sent), { isRepeatAllowed: true }, 'give up'],
  ['400, may run twice', 'createTask', status(400), { isRepeatAllowed: true }, 'give up'],
  ['full jitter', 'getTask', status(503), { random: () => 0.25, tries: 3 }, 500],
])('%s', (_name, operation, failure, fields, expected) => {
  expect(decide(operation, failure, fields)).toBe(expected);
});

describe('the loop', () => {
  const run = async (
    failures: Failure[],
    fields: { budget?: RetryBudget; taskAgeMs?: number; random?: () => number } = {},
  ) => {
    const clock = new FakeClock();
    const waits: string[] = [];
    const pending = withRetry(
      {
        operation: OPERATIONS.getTask,
        clock,
        signal: new AbortController().signal,
        random: () => 1,
        budget: new RetryBudget(),
        throttlePatienceMs: 300_000,
        isRepeatAllowed: false,
        taskAgeMs: null,
        onWait: ({ reason, waitMs, attempt }) => waits.push(`${attempt.reason}: ${reason} ${waitMs}`),
        ...fields,
      },
      async () => {
        const failure = failures.shift();
        return failure ? { failure } : { value: 'good' };
      },
    );
    await clock.advance(10 * 60_000);
    return { result: await pending, waits };
  };

  test('tells each wait with its reason, and waits for limits do not count as tries', async () => {
    const limit = status(429, { 'x-ratelimit-reset': '1' });
    const { result, waits } = await run([status(500), limit, limit, status(502, {}, '<html>'), status(429)]);
    expect(result).toEqual({ value: 'good' });
    expect(waits).toEqual([
      'HTTP 500: retry 500',
      'HTTP 429: rate_limit 1350',
      'HTTP 429: rate_limit 1350',
      'HTTP 502 HTML: retry 1000',
      'HTTP 429: rate_limit 2000',
    ]);
  });

  test('keeps every try for the report', async () => {
    const { result } = await run([network('reset', used), status(503), status(403)]);
    expect(result).toMatchObject({
      failure: { kind: 'refused' },
      attempts: [
        { atMs: 0, httpStatus: null, reason: 'RESET', waitMs: 0 },
        { atMs: 0, httpStatus: 503, reason: 'HTTP 503', waitMs: 1_000 },
        { atMs: 1_000, httpStatus: 403, reason: 'HTTP 403', waitMs: null },
      ],
    });
  });

  test('the age of a task grows while its 404 is retried', async () => {
    const missing = Array.from({ length: 20 }, () => status(404));
    const { result } = await run(missing, { taskAgeMs: 3_000 });
    // 0.5 + 1 + 2 + 4 s: the fifth 404 comes when the task is 10.5 s old.
    expect(result).toMatchObject({ failure: { httpStatus: 404 }, attempts: { length: 5 } });
  });

  test('30 retries empty the budget of a process, and a success gives one back', async () => {
    const budget = new RetryBudget();
    for (let index = 0; index < 30; index++) budget.spend();
    expect(await run([status(503)], { budget })).toMatchObject({ waits: ['HTTP 503: retry 8000'] });
    expect(await run([status(503)], { budget })).toMatchObject({ waits: ['HTTP 503: retry 500'] });
    for (let index = 0; index < 99; index++) budget.refill();
    for (let index = 0; index < 30; index++) budget.spend();
    expect(budget.hasToken).toBe(false);
  });

  test('an outage of many tries is given up by the time that it lasts, not by their number', async () => {
    const outage = Array.from({ length: 99 }, () => status(503));
    const { result, waits } = await run(outage, { random: () => 0.01 });
    expect(waits.slice(0, 30).every((wait) => /retry (5|[1-8]0)$/.test(wait))).toBe(true);
    expect(waits.slice(30)).toEqual(Array.from({ length: 14 }, () => 'HTTP 503: retry 8000'));
    expect(result).toMatchObject({ failure: { httpStatus: 503 } });
  });
});
