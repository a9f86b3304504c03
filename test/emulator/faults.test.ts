import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { type Fault, type FaultAction, FaultScript } from '../../src/emulator/faults.ts';
import { CREATE, gatewayBody, useEmulators } from './emulator-session.ts';

const start = useEmulators();
const SLOTS = '/cloud/v2/universes/11/luau-execution-session-task-binary-inputs';
const QUICK = { script: 'quick' };

function onCreate(action: FaultAction): Fault[] {
  return [{ request: 'createTask', do: action }];
}

/** How a request fails: the system's or undici's word for it. */
async function failureOf(reply: Promise<unknown>): Promise<unknown> {
  const error = await reply.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  const cause = error instanceof Error ? error.cause : null;
  return cause instanceof Error && 'code' in cause ? cause.code : error;
}

interface RawReply {
  text: string;
  end: 'closed' | 'reset';
}

/** Sends a create over a socket of its own and collects what comes back until the connection ends. */
function sendRaw(baseUrl: string, onData: (text: string) => void = () => undefined): Promise<RawReply> {
  const body = JSON.stringify(QUICK);
  const socket = connect(Number(new URL(baseUrl).port), '127.0.0.1');
  let text = '';
  let end: RawReply['end'] = 'closed';
  socket.write(
    `POST ${CREATE} HTTP/1.1\r\nhost: x\r\nx-api-key: k\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  socket.on('data', (chunk) => {
    text += String(chunk);
    onData(text);
  });
  socket.on('error', () => {
    end = 'reset';
  });
  return new Promise((resolve) => socket.on('close', () => resolve({ text, end })));
}

/** Listens to what the emulator holds back; `begun` resolves when something is. */
function watchStalls() {
  const stalls: string[] = [];
  let onBegin = () => undefined;
  const begun = new Promise<void>((resolve) => {
    onBegin = () => void resolve();
  });
  let onEnd = () => undefined;
  const ended = new Promise<void>((resolve) => {
    onEnd = () => void resolve();
  });
  const onStall = ({ method, url }: { method: string; url: string }) => {
    stalls.push(`${method} ${url}`);
    onBegin();
    return onEnd;
  };
  return { stalls, begun, ended, onStall };
}

describe('which request meets which fault', () => {
  const meet = (name: string): FaultAction => ({ raw: name });
  const rows: [name: string, faults: Fault[], met: string][] = [
    ['the first, where nothing is said', [{ request: 'getTask', do: meet('a') }], '-,a,-,-'],
    ['a later one', [{ request: 'getTask', nth: 2, do: meet('a') }], '-,-,a,-'],
    ['several in a row', [{ request: 'getTask', nth: 2, times: 2, do: meet('a') }], '-,-,a,a'],
    ['all from one on', [{ request: 'getTask', nth: 2, times: 'always', do: meet('a') }], '-,-,a,a'],
    ['any, whatever it is', [{ request: 'any', nth: 2, times: 2, do: meet('a') }], '-,a,a,-'],
    [
      'the first in the list that fits',
      [
        { request: 'getTask', nth: 2, do: meet('a') },
        { request: 'any', times: 'always', do: meet('b') },
      ],
      'b,b,a,b',
    ],
  ];
  it.each(rows)('%s', (_name, faults, met) => {
    const script = new FaultScript(faults);
    const actions = (['createTask', 'getTask', 'getTask', 'getTask'] as const).map((operation) =>
      script.meet(operation),
    );
    expect(actions.map((action) => (action && 'raw' in action ? action.raw : '-')).join()).toBe(met);
  });

  it('knows which are unmet, and how often the others were', () => {
    const faults: Fault[] = [
      { request: 'getTask', do: { never: true } },
      { request: 'createTask', times: 3, do: { never: true } },
      { request: 'listLogs', times: 'always', do: { never: true } },
      { request: 'any', times: 'always', do: { never: true } },
    ];
    const script = new FaultScript(faults);
    expect(script.unmet().map(({ metTimes }) => metTimes)).toEqual([0, 0, 0, 0]);
    script.meet('createTask');
    script.meet('createTask');
    script.meet('createBinaryInput');
    expect(script.unmet()).toEqual([
      { ...faults[0], metTimes: 0 },
      { ...faults[1], metTimes: 2 },
      { ...faults[2], metTimes: 0 },
    ]);
  });
});

describe('another answer', () => {
  it.each([
    [
      'text',
      { status: 502, headers: { 'Content-Type': 'text/html' }, body: '<h1>Bad' },
      'text/html',
      '<h1>Bad',
    ],
    ['text without a type', { body: 'plain' }, 'text/plain; charset=utf-8', 'plain'],
    ['JSON', { status: 429, body: { code: 'X' } }, 'application/json; charset=utf-8', '{"code":"X"}'],
    ['null', { body: null }, 'application/json; charset=utf-8', 'null'],
    ['bytes', { bodyBase64: 'AAEC' }, 'application/octet-stream', '\u0000\u0001\u0002'],
    ['nothing', { status: 204 }, null, ''],
  ])('of %s comes instead of the real one, and nothing is done', async (_name, answer, type, text) => {
    const { post, luau, emulator } = await start({ faults: onCreate({ answer }) });
    const reply = await post(CREATE, QUICK);
    expect(reply).toMatchObject({ status: 'status' in answer ? answer.status : 200, text });
    expect(reply.headers.get('content-type')).toBe(type);
    expect(reply.headers.has('x-ratelimit-remaining')).toBe(false);
    expect(luau.jobs).toEqual([]);
    expect(emulator.unmetFaults()).toEqual([]);
    // Not even counted.
    expect((await post(CREATE, QUICK)).headers.get('x-ratelimit-remaining')).toBe('39, 39');
  });

  it('comes after the request was carried out, where that is said', async () => {
    const { post, luau } = await start({ faults: onCreate({ answer: { status: 500 }, after: true }) });
    expect((await post(CREATE, QUICK)).status).toBe(500);
    expect(luau.jobs.map(({ script }) => script)).toEqual(['quick']);
    expect((await post(CREATE, QUICK)).headers.get('x-ratelimit-remaining')).toBe('38, 38');
  });

  it('does not break the connection for a request whose body was not looked at', async () => {
    const { post } = await start({ faults: onCreate({ answer: { status: 503 } }) });
    expect((await post(CREATE, { script: 'x'.repeat(3_000_000) })).status).toBe(503);
    expect((await post(CREATE, QUICK)).status).toBe(200);
  });

  it('has the time of the emulator, or its own', async () => {
    const own = { headers: { date: 'Thu, 01 Jan 1970 00:00:00 GMT' } };
    const faults: Fault[] = [
      { request: 'createTask', do: { answer: {} } },
      { request: 'createTask', nth: 2, do: { answer: own } },
    ];
    const { post } = await start({ faults });
    const dates = [await post(CREATE, QUICK), await post(CREATE, QUICK)].map(({ headers }) =>
      headers.get('date'),
    );
    expect(dates).toEqual(['Sat, 21 Nov 2026 09:00:00 GMT', own.headers.date]);
  });

  it.each([
    [{ redirect: 'http://elsewhere.example/x' }, 302],
    [{ redirect: 'http://elsewhere.example/x', status: 308 }, 308],
  ])('%j sends the client away', async (action, status) => {
    const { emulator, luau } = await start({ faults: onCreate(action) });
    const init: RequestInit = { method: 'POST', body: JSON.stringify(QUICK), redirect: 'manual' };
    const response = await fetch(`${emulator.baseUrl}${CREATE}`, init);
    expect([response.status, await response.text()]).toEqual([status, '']);
    expect(response.headers.get('location')).toBe('http://elsewhere.example/x');
    expect(luau.jobs).toEqual([]);
  });
});

describe('the real answer', () => {
  it('with other headers', async () => {
    const headers = {
      'X-RateLimit-Remaining': '9999',
      'x-ratelimit-reset': null,
      date: null,
      'x-new': 'yes',
    };
    const session = await start({ faults: [{ request: 'getTask', do: { headers } }] });
    const reply = await session.get(`/cloud/v2/${await session.create(QUICK)}`);
    expect(reply.json).toMatchObject({ state: 'COMPLETE', output: { results: [] } });
    expect(reply.headers.get('x-ratelimit-remaining')).toBe('9999');
    expect(reply.headers.get('x-ratelimit-limit')).toBe('200, 200;w=60');
    expect(reply.headers.get('x-new')).toBe('yes');
    expect(reply.headers.has('x-ratelimit-reset')).toBe(false);
    expect(reply.headers.has('date')).toBe(false);
  });

  it.each<[FaultAction, change: object]>([
    [{ state: 'QUEUED' }, { state: 'QUEUED' }],
    [
      { state: 'ODD', patch: { output: null } },
      { state: 'ODD', output: undefined },
    ],
    [{ patch: { state: null, user: '7' } }, { state: undefined, user: '7' }],
    [{ patch: { output: { more: { a: 1 } } } }, { output: { results: [], more: { a: 1 } } }],
  ])('with other fields: %j', async (action, change) => {
    const session = await start({ faults: [{ request: 'getTask', do: action }] });
    const path = await session.create(QUICK);
    const changed = await session.get(`/cloud/v2/${path}`);
    const plain = await session.get(`/cloud/v2/${path}`);
    expect(changed.json).toEqual({ ...plain.json, ...change });
    expect(changed.text).not.toBe(plain.text);
    expect(changed.headers.get('content-length')).toBe(String(changed.text.length));
  });

  it('of a refusal too', async () => {
    const faults: Fault[] = [{ request: 'createTask', do: { patch: { message: 'changed' } } }];
    const { post } = await start({ faults });
    const reply = await post(CREATE, { script: '' });
    expect([reply.status, reply.json.message, reply.json.code]).toEqual([400, 'changed', 'INVALID_ARGUMENT']);
  });

  it('late, by the clock of the emulator; the request is carried out at once', async () => {
    const { begun, ended, stalls, onStall } = watchStalls();
    const { post, clock, luau } = await start({ faults: onCreate({ delayMs: 5_000 }), onStall });
    let isAnswered = false;
    const reply = post(CREATE, QUICK).finally(() => {
      isAnswered = true;
    });
    await begun;
    expect([stalls, luau.jobs.length]).toEqual([[`POST ${CREATE}`], 1]);
    await clock.advance(4_999);
    expect(isAnswered).toBe(false);
    await clock.advance(1);
    await ended;
    expect((await reply).status).toBe(200);
  });

  it('cut off', async () => {
    const { emulator, luau } = await start({ faults: onCreate({ truncate: 9 }) });
    const { text, end } = await sendRaw(emulator.baseUrl);
    const [head = '', body] = text.split('\r\n\r\n');
    expect([body, end]).toEqual(['{"path":"', 'closed']);
    expect(Number(/content-length: (\d+)/.exec(head)?.[1])).toBeGreaterThan(200);
    expect(luau.jobs).toHaveLength(1);
  });

  it('with a head alone', async () => {
    const { emulator } = await start({ faults: onCreate({ answer: { body: 'gone' }, truncate: 0 }) });
    const { text, end } = await sendRaw(emulator.baseUrl);
    expect([text.startsWith('HTTP/1.1 200 OK\r\n'), text.endsWith('\r\n\r\n'), end]).toEqual([
      true,
      true,
      'closed',
    ]);
    expect(text).toContain('content-length: 4\r\n');
  });

  it('in drops', async () => {
    const { begun, onStall } = watchStalls();
    const faults = onCreate({ answer: { body: 'abcde' }, drip: { bytes: 2, everyMs: 1_000 } });
    const { post, clock } = await start({ faults, onStall });
    const startMs = clock.now();
    const reply = post(CREATE, QUICK);
    await begun;
    const stop = clock.startAutomatic();
    expect((await reply).text).toBe('abcde');
    stop();
    expect([clock.sleeps, clock.now() - startMs]).toEqual([[1_000, 1_000, 1_000], 3_000]);
  });

  it('without an end', async () => {
    const faults = onCreate({ answer: { body: 'again ' }, endless: true });
    const { emulator } = await start({ faults });
    const response = await fetch(`${emulator.baseUrl}${CREATE}`, { method: 'POST', body: '{}' });
    expect([response.status, response.headers.has('content-length')]).toEqual([200, false]);
    let text = '';
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk).toString();
      if (text.length > 1_000_000) break;
    }
    expect(text.startsWith('again again again ')).toBe(true);
    expect(text.length).toBeGreaterThan(1_000_000);
  });
});

describe('no answer', () => {
  it.each<[FaultAction, string, number]>([
    [{ reset: 'before' }, 'ECONNRESET', 0],
    [{ reset: 'after' }, 'ECONNRESET', 1],
    [{ close: 'before' }, 'UND_ERR_SOCKET', 0],
    [{ close: 'after' }, 'UND_ERR_SOCKET', 1],
  ])('%j', async (action, code, jobs) => {
    const { post, luau, emulator } = await start({
      faults: [{ request: 'createTask', times: 2, do: action }],
    });
    expect(await failureOf(post(CREATE, QUICK))).toBe(code);
    expect(luau.jobs).toHaveLength(jobs);
    const end = 'reset' in action ? 'reset' : 'closed';
    expect(await sendRaw(emulator.baseUrl)).toEqual({ text: '', end });
    expect((await post(CREATE, QUICK)).status).toBe(200);
  });

  it('but some bytes', async () => {
    const { emulator, luau } = await start({ faults: onCreate({ raw: 'HTTP/1.1 20' }) });
    expect(await sendRaw(emulator.baseUrl)).toEqual({ text: 'HTTP/1.1 20', end: 'closed' });
    expect(luau.jobs).toEqual([]);
  });

  it.each<[FaultAction, number]>([
    [{ never: true }, 0],
    [{ never: true, after: true }, 1],
  ])('%j holds until the client goes away', async (action, jobs) => {
    const { begun, ended, onStall } = watchStalls();
    const { emulator, clock, luau } = await start({ faults: onCreate(action), onStall });
    const leaving = new AbortController();
    const reply = fetch(`${emulator.baseUrl}${CREATE}`, {
      method: 'POST',
      headers: { 'x-api-key': 'k' },
      body: JSON.stringify({ script: `quick`, pad: 'x'.repeat(1_000_000) }),
      signal: leaving.signal,
    });
    const failure = failureOf(reply);
    await begun;
    await clock.advance(24 * 60 * 60 * 1000);
    expect(luau.jobs).toHaveLength(jobs);
    leaving.abort(new Error('enough'));
    await ended;
    expect(await failure).toEqual(new Error('enough'));
  });

  it.each<FaultAction>([
    { never: true },
    { delayMs: 1_000 },
    { answer: { body: 'x' }, drip: { bytes: 1, everyMs: 1 } },
  ])('%j does not keep the emulator from closing', async (action) => {
    const { begun, ended, onStall } = watchStalls();
    const { emulator, post, clock } = await start({ faults: onCreate(action), onStall });
    const failure = failureOf(post(CREATE, QUICK));
    await begun;
    await emulator.close();
    await ended;
    expect(await failure).toBe('UND_ERR_SOCKET');
    expect(clock.pendingSleeps).toBe(0);
  });
});

it('is for uploads and downloads as well', async () => {
  const faults: Fault[] = [
    { request: 'createBinaryInput', do: { patch: { uploadUri: 'http://10.0.0.1/x' } } },
    { request: 'uploadBinaryInput', do: { answer: { status: 503 } } },
    { request: 'downloadBinaryOutput', do: { answer: { status: 403 } } },
    { request: 'introspectKey', do: { answer: { status: 500 } } },
  ];
  const { send, post, emulator } = await start({ faults });
  expect((await post(SLOTS, { size: 1 })).json.uploadUri).toBe('http://10.0.0.1/x');
  expect((await send('PUT', '/emulator/binary-inputs/a', { body: 'x' })).status).toBe(503);
  expect((await send('GET', '/emulator/binary-outputs/a')).status).toBe(403);
  expect((await post('/api-keys/v1/introspect', {})).status).toBe(500);
  expect(emulator.unmetFaults()).toEqual([]);
});

it('does not count what the emulator has no operation for, and remembers that', async () => {
  const faults: Fault[] = [{ request: 'any', do: { answer: { status: 500 } } }];
  const { get, send, emulator } = await start({ faults });
  expect((await get('/cloud/v3/x?y=1')).json).toEqual(gatewayBody('NotFound'));
  expect((await send('DELETE', CREATE)).status).toBe(405);
  expect(emulator.unmetFaults()).toHaveLength(1);
  expect(emulator.unknownRequests()).toEqual(['GET /cloud/v3/x?y=1', `DELETE ${CREATE}`]);
});
