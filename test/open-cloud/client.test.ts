import { describe, expect, test } from 'vitest';
import { LuauExecError } from '../../src/errors.ts';
import { OpenCloudClient } from '../../src/open-cloud/client.ts';
import type { HttpRequest, HttpResponse } from '../../src/open-cloud/exchange.ts';
import { FIRST_GET_LIMITS, OPERATIONS } from '../../src/open-cloud/operations.ts';
import { answer, exchangeError, readPath, TASK_PATH, taskAnswer } from './answers.ts';
import { type Step, useClients } from './client-session.ts';

const openClient = useClients();
const CREATE = { universeId: '11', placeId: '22', versionId: null, script: 'return 1', timeoutSeconds: 60 };
const path = readPath();
const html = answer(200, '<html><title>Sign in</title>');
const limit = (reset: number, remaining = '0') =>
  answer(429, '', {
    'x-ratelimit-limit': '45',
    'x-ratelimit-remaining': remaining,
    'x-ratelimit-reset': `${reset}`,
    'retry-after': '5',
  });
const full = answer(429, { code: 'RESOURCE_EXHAUSTED', message: 'ten' }, { 'x-ratelimit-remaining': '39' });
const refused = exchangeError('connect', { wasSent: false });
const unresolved = exchangeError('dns', { wasSent: false });
const stale = exchangeError('reset', { wasSent: true, isReusedSocket: true });

async function catchError(work: Promise<unknown>): Promise<LuauExecError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof LuauExecError) return error;
  throw new Error('no LuauExecError was thrown', { cause: error });
}

/** Answers only when the request is aborted, as a transport would. */
const hangUntilAbort = ({ signal }: HttpRequest) =>
  new Promise<HttpResponse>((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(exchangeError('aborted', { wasSent: true })));
  });

test('the requests: URL, headers, body and bounds', async () => {
  const { client, requests, traces } = openClient([taskAnswer(), taskAnswer(), taskAnswer(), answer(200)]);
  expect(await client.createTask(CREATE)).toMatchObject({ path, state: 'PROCESSING' });
  await client.getTask(path, { isFirst: true });
  await client.getTask(path, { view: 'FULL' });
  await client.listLogs(path);
  expect(
    requests.map(({ method, url, isFreshSocket, limits }) => ({
      method,
      href: url.href,
      isFreshSocket,
      limits,
    })),
  ).toEqual([
    {
      method: 'POST',
      href: 'https://apis.roblox.com/cloud/v2/universes/11/places/22/luau-execution-session-tasks',
      isFreshSocket: true,
      limits: OPERATIONS.createTask.limits,
    },
    {
      method: 'GET',
      href: `https://apis.roblox.com/cloud/v2/${TASK_PATH}?view=BASIC`,
      isFreshSocket: false,
      limits: FIRST_GET_LIMITS,
    },
    {
      method: 'GET',
      href: `https://apis.roblox.com/cloud/v2/${TASK_PATH}?view=FULL`,
      isFreshSocket: false,
      limits: OPERATIONS.getTask.limits,
    },
    {
      method: 'GET',
      href: `https://apis.roblox.com/cloud/v2/${TASK_PATH}/logs?view=STRUCTURED&maxPageSize=10000`,
      isFreshSocket: false,
      limits: OPERATIONS.listLogs.limits,
    },
  ]);
  const headers = { 'x-api-key': 'the-key', accept: 'application/json', 'user-agent': 'luau-exec' };
  expect(requests[0]?.headers).toEqual({ ...headers, 'content-type': 'application/json' });
  expect(requests[0]?.body).toBe('{"script":"return 1","timeout":"60s"}');
  expect(requests[1]?.headers).toEqual(headers);
  expect(requests[1]).not.toHaveProperty('body');
  expect(traces.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  expect(JSON.stringify(traces)).not.toContain('the-key');
});

test('only the origin of the base URL counts', () => {
  const exchange = async () => taskAnswer();
  const client = new OpenCloudClient({ apiKey: 'k', exchange, baseUrl: 'http://127.0.0.1:8080/x/?y' });
  expect(client.origin).toBe('http://127.0.0.1:8080');
});

describe('a create', () => {
  const sent: [name: string, step: Step][] = [
    ['reset', exchangeError('reset', { wasSent: true })],
    ['no answer', exchangeError('timeout', { wasSent: true })],
    ['half a status line', exchangeError('protocol', { wasSent: true })],
    ['too large an answer', exchangeError('too_large', { wasSent: true })],
    ...[500, 502, 503, 504].flatMap((status): [string, Step][] => [
      [`${status} as JSON`, answer(status, { code: 'INTERNAL', message: 'x' })],
      [`${status} as HTML`, answer(status, '<html>')],
    ]),
    ['a web page', html],
    ['nothing', answer(200, '')],
    ['204', answer(204, '')],
    ['null', answer(200, 'null')],
    ['a list', answer(200, '[]')],
    ['a path that cannot be read', answer(200, `{"path":"${TASK_PATH.slice(0, 30)}`)],
    ['a path of another universe', taskAnswer({ path: TASK_PATH.replace('11', '12') })],
    ['a path of another place', taskAnswer({ path: TASK_PATH.replace('22', '23') })],
    ['a hostile path', taskAnswer({ path: '../../v1/x' })],
  ];
  test.each(sent)('that was sent and met %s is not repeated', async (_name, step) => {
    const { client, waits, onWait } = openClient([step]);
    expect(await catchError(client.createTask(CREATE, { onWait }))).toMatchObject({
      id: 'LX510',
      kind: 'unknown',
      attempts: { length: 1 },
    });
    expect(waits).toEqual([]);
  });

  test.each<[name: string, steps: Step[], timesMs: number[]]>([
    ['refused twice', [refused, refused, taskAnswer()], [0, 500, 1_500]],
    ['no such name twice', [unresolved, unresolved, taskAnswer()], [0, 500, 1_500]],
    ['a limit with a reset', [limit(38), taskAnswer()], [0, 38_350]],
    ['a limit without hints', [answer(429, ''), answer(429, ''), taskAnswer()], [0, 2_000, 6_000]],
    ['a full place', [full, full, full, taskAnswer()], [0, 5_000, 12_500, 23_750]],
    ['an answer that is cut off behind the path', [answer(200, `{"path":"${TASK_PATH}","sta`)], [0]],
  ])('goes on after %s', async (_name, steps, expected) => {
    const { client, timesMs } = openClient(steps);
    expect(await client.createTask(CREATE)).toMatchObject({ path, phase: 'unfinished' });
    expect(timesMs).toEqual(expected);
  });

  test.each<[name: string, steps: Step[], id: string, kind: string]>([
    ['refused five times', [refused, refused, refused, refused, refused], 'LX501', 'unavailable'],
    ['no such name three times', [unresolved, unresolved, unresolved], 'LX501', 'unavailable'],
    ['TLS', [exchangeError('tls', { wasSent: false })], 'LX502', 'unavailable'],
    ['a daily quota', [limit(56_442)], 'LX429', 'throttled'],
    ['400', [answer(400)], 'LX400', 'usage'],
    ['401', [answer(401)], 'LX401', 'auth'],
    ['403', [answer(403)], 'LX403', 'auth'],
    ['404', [answer(404)], 'LX404', 'not_found'],
    ['a redirect', [answer(302, '', { location: 'https://evil.example/' })], 'LX530', 'bad_response'],
    ['unsent, then sent', [refused, exchangeError('reset', { wasSent: true })], 'LX510', 'unknown'],
  ])('ends by %s', async (_name, steps, id, kind) => {
    const { client } = openClient(steps);
    expect(await catchError(client.createTask(CREATE))).toMatchObject({ id, kind });
  });

  test('is held back for its queue time-out at most', async () => {
    const { client, clock, timesMs } = openClient([full, full, full]);
    const startMs = clock.now();
    const error = await catchError(client.createTask(CREATE, { queueTimeoutMs: 20_000 }));
    expect(error).toMatchObject({
      id: 'LX430',
      kind: 'throttled',
      facts: expect.arrayContaining(['nothing was created']),
    });
    expect(timesMs).toEqual([0, 5_000, 12_500]);
    expect(clock.now() - startMs).toBeLessThanOrEqual(20_000);
  });

  test('is sent three times at most where running twice does no harm', async () => {
    const bad = answer(502, '<html>');
    const { client } = openClient([bad, bad, bad]);
    expect(await catchError(client.createTask(CREATE, { isRepeatAllowed: true }))).toMatchObject({
      kind: 'unknown',
    });
    const second = openClient([bad, taskAnswer()]);
    expect(await second.client.createTask(CREATE, { isRepeatAllowed: true })).toMatchObject({ path });
  });

  test('with an id that is none is not sent', async () => {
    const { client } = openClient([]);
    expect(await catchError(client.createTask({ ...CREATE, placeId: '../1' }))).toMatchObject({
      kind: 'usage',
    });
  });
});

describe('an interrupted create', () => {
  const reason = new Error('SIGINT');
  const interrupt = (step: Step) => {
    const stop = new AbortController();
    const session = openClient([
      (request) => {
        stop.abort(reason);
        return typeof step === 'function' ? step(request) : Promise.reject(step);
      },
    ]);
    return { ...session, pending: session.client.createTask(CREATE, { signal: stop.signal }) };
  };

  test('is still answered within 2 s', async () => {
    const { clock, pending } = interrupt(async () => {
      await clock.sleep(1_900);
      return taskAnswer();
    });
    expect(await pending).toMatchObject({ path });
  });

  test('that is not answered within 2 s may be running', async () => {
    const { clock, pending } = interrupt(hangUntilAbort);
    const startMs = clock.now();
    expect(await catchError(pending)).toMatchObject({ id: 'LX510', kind: 'unknown' });
    expect(clock.now() - startMs).toBe(2_000);
  });

  test('that was not sent is not tried again', async () => {
    await expect(interrupt(refused).pending).rejects.toBe(reason);
  });

  test('is not sent where it had not begun, or was waiting for a limit', async () => {
    const early = openClient([]);
    await expect(early.client.createTask(CREATE, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const late = openClient([limit(38)]);
    const stop = new AbortController();
    const pending = late.client.createTask(CREATE, { signal: stop.signal, onWait: () => stop.abort(reason) });
    await expect(pending).rejects.toBe(reason);
    expect(late.clock.pendingSleeps).toBe(0);
  });
});

describe('reading a task', () => {
  const cut = answer(200, JSON.stringify({ path: TASK_PATH, state: 'COMPLETE' }).slice(0, -4));
  test.each<[name: string, steps: Step[], timesMs: number[]]>([
    ['a used socket that died', [stale, taskAnswer()], [0, 0]],
    ['a used socket that died twice', [stale, stale, taskAnswer()], [0, 0, 1_000]],
    [
      'what the network does',
      [unresolved, refused, exchangeError('timeout', { wasSent: true }), taskAnswer()],
      [0, 500, 1_500, 3_500],
    ],
    ['503', [answer(503), taskAnswer()], [0, 500]],
    ['a portal', [html, taskAnswer()], [0, 500]],
    ['a cut answer', [cut, taskAnswer()], [0, 500]],
    [
      'empty, null and a list',
      [answer(204, ''), answer(200, 'null'), answer(200, '[]'), taskAnswer()],
      [0, 500, 1_500, 3_500],
    ],
    ['another task', [taskAnswer({ path: TASK_PATH.replace('t-1', 't-2') }), taskAnswer()], [0, 500]],
    ['another place', [taskAnswer({ path: TASK_PATH.replace('22', '23') }), taskAnswer()], [0, 500]],
    ['another universe', [taskAnswer({ path: TASK_PATH.replace('11', '12') }), taskAnswer()], [0, 500]],
    ['a limit', [limit(7, '0'), taskAnswer()], [0, 7_350]],
  ])('goes on after %s', async (_name, steps, expected) => {
    const { client, timesMs } = openClient(steps);
    expect(await client.getTask(path)).toMatchObject({ path });
    expect(timesMs).toEqual(expected);
  });

  test('the first read is waited for longer, but not the tries that follow when it fails', async () => {
    const lost = exchangeError('timeout', { wasSent: true });
    const { client, requests } = openClient([lost, answer(503), taskAnswer()]);
    await client.getTask(path, { isFirst: true });
    const { limits } = OPERATIONS.getTask;
    expect(requests.map((request) => request.limits)).toEqual([FIRST_GET_LIMITS, limits, limits]);
  });

  test('the short form of a path is as good as the long one', async () => {
    const short = readPath('universes/11/places/22/luau-execution-session-tasks/t-1');
    const { client } = openClient([taskAnswer()]);
    expect(await client.getTask(short)).toMatchObject({ path });
  });

  test.each<[name: string, makeStep: () => Step, id: string, kind: string]>([
    ['503', () => answer(503), 'LX503', 'unavailable'],
    ['a refused connection', () => refused, 'LX503', 'unavailable'],
    ['a portal', () => html, 'LX520', 'bad_response'],
  ])('gives up after 2 minutes of %s and names the way back', async (_name, makeStep, id, kind) => {
    // 0.5, 1, 2, 4 and then 8 s: 7.5 s + 14 * 8 s = 119.5 s.
    const { client, clock } = openClient(Array.from({ length: 19 }, makeStep));
    const startMs = clock.now();
    const error = await catchError(client.getTask(path));
    expect(error).toMatchObject({ id, kind, taskPath: TASK_PATH, hint: `luau-exec wait ${TASK_PATH}` });
    expect(clock.now() - startMs).toBeLessThanOrEqual(120_000);
    expect(error.attempts).toHaveLength(19);
  });

  test('a 404 is believed 10 s after the create, and at once for a task of another process', async () => {
    const own = openClient([answer(404), answer(404), taskAnswer()]);
    await own.client.getTask(path, { createdAtMs: own.clock.now() - 1_000 });
    const old = openClient([answer(404)]);
    const createdAtMs = old.clock.now() - 60_000;
    expect(await catchError(old.client.getTask(path, { createdAtMs }))).toMatchObject({
      id: 'LX404',
      kind: 'not_found',
    });
    const foreign = openClient([answer(404)]);
    expect(await catchError(foreign.client.getTask(path))).toMatchObject({ kind: 'not_found' });
  });

  test('stops with the reason of the signal, while waiting and while asking', async () => {
    const reason = new Error('SIGINT');
    const asking = new AbortController();
    const first = openClient([
      (request) => {
        setImmediate(() => asking.abort(reason));
        return hangUntilAbort(request);
      },
    ]);
    await expect(first.client.getTask(path, { signal: asking.signal })).rejects.toBe(reason);
    const waiting = new AbortController();
    const second = openClient([answer(503)]);
    const onWait = () => waiting.abort(reason);
    await expect(second.client.getTask(path, { signal: waiting.signal, onWait })).rejects.toBe(reason);
  });
});

describe('pacing', () => {
  const window = (remaining: number, reset: number) => ({
    ...taskAnswer(),
    headers: {
      'x-ratelimit-limit': '45',
      'x-ratelimit-remaining': `${remaining}`,
      'x-ratelimit-reset': `${reset}`,
    },
  });

  test('a request waits for its own window when that is used up, and says so', async () => {
    const { client, timesMs, waits, onWait, clock } = openClient([
      window(1, 30),
      window(0, 29),
      taskAnswer(),
      taskAnswer(),
    ]);
    await client.getTask(path, { onWait });
    await client.getTask(path, { onWait });
    expect(client.readWindow('getTask')).toEqual({
      limit: 45,
      remaining: 0,
      resetAtMs: clock.now() + 29_000,
    });
    expect(client.readWindow('createTask')).toBeNull();
    await client.createTask(CREATE, { onWait });
    await client.getTask(path, { onWait });
    expect(timesMs).toEqual([0, 0, 0, 29_350]);
    expect(waits).toEqual([{ operation: 'getTask', reason: 'rate_limit', waitMs: 29_350, attempt: null }]);
  });

  test.each([
    ['no headers', {}],
    ['reset 0', { 'x-ratelimit-limit': '45', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '0' }],
    ['junk', { 'x-ratelimit-limit': 'Infinity', 'x-ratelimit-remaining': 'NaN', 'x-ratelimit-reset': '-1' }],
    ['a quota of a day', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '56442' }],
  ])('nothing waits for %s', async (_name, headers) => {
    const { client, timesMs } = openClient([{ ...taskAnswer(), headers }, taskAnswer()]);
    await client.getTask(path);
    await client.getTask(path);
    expect(timesMs).toEqual([0, 0]);
  });

  test('each wait is told with the try that failed', async () => {
    const { client, waits, onWait } = openClient([limit(38), answer(503), taskAnswer()]);
    await client.getTask(path, { onWait });
    expect(waits).toEqual([
      {
        operation: 'getTask',
        reason: 'rate_limit',
        waitMs: 38_350,
        attempt: { atMs: 0, httpStatus: 429, reason: 'HTTP 429', waitMs: 38_350 },
      },
      {
        operation: 'getTask',
        reason: 'retry',
        waitMs: 500,
        attempt: { atMs: 38_350, httpStatus: 503, reason: 'HTTP 503', waitMs: 500 },
      },
    ]);
  });
});

describe('reading logs', () => {
  const page = (text: string, nextPageToken = '') =>
    answer(200, { luauExecutionSessionTaskLogs: [{ messages: [text] }], nextPageToken });
  const texts = (reading: { messages: { message: string }[] }) =>
    reading.messages.map(({ message }) => message);

  test('follows the token of each page', async () => {
    const { client, requests } = openClient([page('a', 'x/ &'), page('b', 'y'), page('c')]);
    const reading = await client.listLogs(path, { view: 'FLAT' });
    expect(texts(reading)).toEqual(['a', 'b', 'c']);
    expect(reading).toMatchObject({ chunkCount: 3, error: null });
    expect(requests.map(({ url }) => url.searchParams.get('pageToken'))).toEqual([null, 'x/ &', 'y']);
  });

  test.each<[name: string, steps: Step[], kept: string[], kind: string]>([
    ['the second page fails', [page('a', 'x'), answer(403)], ['a'], 'auth'],
    ['the first fails for good', Array.from({ length: 5 }, () => answer(503)), [], 'unavailable'],
    ['a token repeats', [page('a', 'x'), page('b', 'x')], ['a', 'b'], 'bad_response'],
    [
      'there is no end',
      Array.from({ length: 50 }, (_, index) => page(`${index}`, `t${index}`)),
      Array.from({ length: 50 }, (_, index) => `${index}`),
      'bad_response',
    ],
  ])('keeps what it has when %s', async (_name, steps, kept, kind) => {
    const { client } = openClient(steps);
    const reading = await client.listLogs(path);
    expect(texts(reading)).toEqual(kept);
    expect(reading.error).toMatchObject({ kind, taskPath: TASK_PATH });
  });

  test('gives up after 20 s of failures, and stops with the reason of the signal', async () => {
    const slow = async () => {
      await clock.sleep(9_000);
      return answer(503);
    };
    const { client, clock } = openClient([slow, slow, slow]);
    expect((await client.listLogs(path)).error).toMatchObject({
      kind: 'unavailable',
      attempts: { length: 3 },
    });
    const reason = new Error('SIGINT');
    const stopped = openClient([]).client.listLogs(path, { signal: AbortSignal.abort(reason) });
    await expect(stopped).rejects.toBe(reason);
  });
});
