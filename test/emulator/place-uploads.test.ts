import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { text as readText } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { startLuauEmulator } from '../../src/emulator/luau-emulator.ts';
import type { Emulator } from '../../src/emulator/server.ts';
import { CREATE, gatewayBody, PLACE, type Session, useEmulators, v2Body } from './emulator-session.ts';

const start = useEmulators();
const KEY = { 'x-api-key': 'test-key' };
const VERSIONS = '/universes/v1/11/places/22/versions';
const SAVED = `${VERSIONS}?versionType=Saved`;
const PUBLISHED = `${VERSIONS}?versionType=Published`;
const MIB = 1024 * 1024;

/** The body of a refusal by an Open Cloud v1 service. */
function v1Body(error: string, message: string) {
  return { error, message, errorDetails: [] };
}

function createFile(text: string): Uint8Array {
  return Buffer.from(`<roblox!${text}`);
}

function upload({ send }: Pick<Session, 'send'>, text: string, path = SAVED) {
  const headers = { ...KEY, 'content-type': 'application/octet-stream' };
  return send('POST', path, { headers, body: createFile(text) });
}

/** The number that an upload was answered with, or the status of its refusal. */
async function uploadNumber(session: Session, text: string, path = SAVED): Promise<unknown> {
  const { status, json } = await upload(session, text, path);
  return status === 200 ? json.versionNumber : status;
}

/** The version in the path of a new task, or the status of its refusal. */
async function createAt({ post }: Session, version: number | null, place = PLACE): Promise<number> {
  const parent = version === null ? place : `${place}/versions/${version}`;
  const { status, json } = await post(`/cloud/v2/${parent}/luau-execution-session-tasks`, {
    script: 'quick',
  });
  return status === 200 ? Number(/\/versions\/(\d+)\//.exec(String(json.path))?.[1]) : status;
}

function listBooted({ luau }: Session): number[] {
  return luau.jobs.map(({ place }) => place.placeVersion);
}

/**
 * Uploads a place of so many MiB in pieces, without a length, and returns the text of the answer. `onPiece` is told how
 * many have gone before. Not by `fetch`, which keeps a copy of a body until all of it is sent.
 */
async function uploadPieces(
  { baseUrl }: Emulator,
  sizeMib: number,
  onPiece: (count: number) => void | Promise<void>,
): Promise<string> {
  const piece = Buffer.alloc(MIB, 'x');
  async function* createBody() {
    yield createFile('');
    for (let count = 0; count < sizeMib; count++) {
      await onPiece(count);
      yield piece;
    }
  }
  const request = httpRequest(`${baseUrl}${SAVED}`, { method: 'POST', headers: KEY, agent: false });
  const [[response]] = await Promise.all([
    once(request, 'response'),
    pipeline(Readable.from(createBody(), { highWaterMark: 1 }), request),
  ]);
  return readText(response);
}

describe('an upload', () => {
  it('is answered with the number of its version, as text that holds JSON', async () => {
    const session = await start({ headVersion: 7 });
    const reply = await upload(session, 'a');
    expect([reply.status, reply.text]).toEqual([200, '{"versionNumber":8}']);
    expect(reply.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(reply.headers.get('x-ratelimit-limit')).toBe('30, 30;w=60');
    expect(session.emulator.unknownRequests()).toEqual([]);
  });

  it('is a new version unless its bytes are those of the newest, published or not', async () => {
    const session = await start();
    const numbers = [
      await uploadNumber(session, 'a', SAVED),
      await uploadNumber(session, 'a', PUBLISHED),
      await uploadNumber(session, 'b', PUBLISHED),
      await uploadNumber(session, 'b', SAVED),
      await uploadNumber(session, 'a', SAVED),
    ];
    expect(numbers).toEqual([2, 2, 3, 3, 4]);
  });

  it('is of its own place alone', async () => {
    const session = await start();
    expect(await uploadNumber(session, 'a')).toBe(2);
    expect(await uploadNumber(session, 'b')).toBe(3);
    expect(await uploadNumber(session, 'b', SAVED.replace('/22/', '/23/'))).toBe(2);
    expect(await createAt(session, null)).toBe(3);
    expect(await createAt(session, null, 'universes/11/places/23')).toBe(2);
    expect(await createAt(session, null, 'universes/12/places/22')).toBe(1);
  });

  it.each([
    ['binary', 'application/octet-stream', '<roblox!'],
    ['XML', 'application/xml', '<?xml version="1.0"?>\n<roblox version="4"/>'],
    ['XML that is called binary', 'application/octet-stream', '<roblox></roblox>'],
    ['binary that is called text', 'text/plain', '<roblox!'],
  ])('may be %s', async (_name, type, body) => {
    const { send } = await start();
    const reply = await send('POST', SAVED, { headers: { ...KEY, 'content-type': type }, body });
    expect([reply.status, reply.text]).toEqual([200, '{"versionNumber":2}']);
  });
});

describe('what an upload is refused for', () => {
  it.each([
    ['text', 'print("hello")'],
    ['XML of another kind', '<svg></svg>'],
    ['nothing', ''],
  ])('a body of %s', async (_name, body) => {
    const session = await start();
    const reply = await session.send('POST', SAVED, { headers: KEY, body });
    expect(reply.status).toBe(400);
    expect(reply.json).toEqual(v1Body('INVALID_ARGUMENT', 'Invalid file content.'));
    expect(await createAt(session, null)).toBe(1);
    expect(await uploadNumber(session, 'a')).toBe(2);
  });

  it.each(['', '?versionType=', '?versionType=saved', '?versionType=Draft', '?versiontype=Saved'])(
    'the query %j',
    async (query) => {
      const session = await start();
      const reply = await upload(session, 'a', `${VERSIONS}${query}`);
      expect(reply.status).toBe(400);
      expect(reply.json).toEqual(v1Body('INVALID_ARGUMENT', 'versionType must be Saved or Published.'));
      expect(await createAt(session, null)).toBe(1);
    },
  );

  it.each(['0', '01', 'x'])('the id %s', async (id) => {
    const session = await start();
    const universe = await upload(session, 'a', SAVED.replace('/11/', `/${id}/`));
    const place = await upload(session, 'a', SAVED.replace('/22/', `/${id}/`));
    const message = (name: string) => `${name} in the path must be a positive whole number.`;
    expect(universe.json).toEqual(v1Body('INVALID_ARGUMENT', message('universeId')));
    expect(place.json).toEqual(v1Body('INVALID_ARGUMENT', message('placeId')));
    expect([universe.status, place.status]).toEqual([400, 400]);
  });

  it.each<[string, Record<string, string>]>([
    ['no key', {}],
    ['a wrong key', { 'x-api-key': 'wrong' }],
  ])('%s', async (_name, headers) => {
    const session = await start({ apiKey: KEY['x-api-key'] });
    const reply = await session.send('POST', SAVED, { headers, body: createFile('a') });
    expect([reply.status, reply.json]).toEqual([401, gatewayBody('Invalid API Key')]);
    expect(await createAt(session, null)).toBe(1);
    expect(await uploadNumber(session, 'a')).toBe(2);
  });

  it('more than 30 in one minute', async () => {
    const session = await start();
    for (let count = 1; count <= 30; count++) expect(await uploadNumber(session, 'a')).toBe(2);
    const reply = await upload(session, 'b');
    expect(reply.status).toBe(429);
    const message = 'The limit of 30 requests per minute was exceeded.';
    expect(reply.json).toEqual(v1Body('RESOURCE_EXHAUSTED', message));
    expect(reply.headers.get('x-ratelimit-remaining')).toBe('0, 0');
    expect(await createAt(session, null)).toBe(2);
    await session.clock.advance(60_000);
    expect(await uploadNumber(session, 'b')).toBe(3);
  });
});

describe('an upload that is cut off', () => {
  const body = `<roblox!${'x'.repeat(1000)}`;
  const head = `POST ${SAVED} HTTP/1.1\r\nhost: x\r\nx-api-key: k\r\n`;
  it.each<[string, string, (socket: Socket) => void]>([
    ['by an end', `content-length: 5000\r\n\r\n${body}`, (socket) => socket.end()],
    ['by a reset', `content-length: 5000\r\n\r\n${body}`, (socket) => socket.resetAndDestroy()],
    ['between two chunks', `transfer-encoding: chunked\r\n\r\n3f0\r\n${body}\r\n`, (socket) => socket.end()],
  ])('%s leaves no version', async (_name, rest, leave) => {
    const session = await start();
    const socket = connect(Number(new URL(session.emulator.baseUrl).port), '127.0.0.1');
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.on('close', resolve).resume());
    await new Promise<void>((resolve) => socket.write(`${head}${rest}`, () => resolve()));
    // By the time of its second answer the emulator has begun to read what came before the first.
    await createAt(session, null);
    leave(socket);
    await closed;
    expect(await createAt(session, null)).toBe(1);
    expect(await uploadNumber(session, 'a')).toBe(2);
  });

  it('is one where it comes to its end after all', async () => {
    const session = await start();
    const socket = connect(Number(new URL(session.emulator.baseUrl).port), '127.0.0.1');
    socket.write(`${head}connection: close\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 500)}`);
    expect(await createAt(session, null)).toBe(1);
    socket.write(body.slice(500));
    await new Promise((resolve) => socket.on('close', resolve).resume());
    expect(await createAt(session, null)).toBe(2);
  });
});

describe('a task', () => {
  it('at head runs what was uploaded last, published or not', async () => {
    const session = await start({ headVersion: 7 });
    expect(await createAt(session, null)).toBe(7);
    await upload(session, 'a', PUBLISHED);
    expect(await createAt(session, null)).toBe(8);
    await upload(session, 'b', SAVED);
    expect(await createAt(session, null)).toBe(9);
    expect(listBooted(session)).toEqual([7, 8, 9]);
  });

  it('runs any version up to that one, and no later one', async () => {
    const session = await start({ headVersion: 7 });
    expect(await createAt(session, 8)).toBe(404);
    await upload(session, 'a');
    expect(await createAt(session, 8)).toBe(8);
    expect(await createAt(session, 3)).toBe(3);
    const { status, json } = await session.post(CREATE.replace('/22/', '/22/versions/9/'), {
      script: 'quick',
    });
    expect(status).toBe(404);
    expect(json).toEqual(v2Body('NOT_FOUND', 'Version 9 of place 22 was not found.'));
    expect(listBooted(session)).toEqual([8, 3]);
  });

  it('keeps its path when a later version comes', async () => {
    const session = await start();
    const path = await session.create({ script: 'quick' });
    await upload(session, 'a');
    expect((await session.get(`/cloud/v2/${path}`)).json).toMatchObject({ path, state: 'COMPLETE' });
  });

  it('on a warm server runs the version before for a minute, and its path does not say so', async () => {
    const session = await start({ headVersion: 7, warmServers: true });
    await upload(session, 'a');
    expect(await createAt(session, null)).toBe(8);
    expect(await createAt(session, 8)).toBe(8);
    await session.clock.advance(60_000);
    expect(await createAt(session, null)).toBe(8);
    expect(listBooted(session)).toEqual([7, 8, 8]);
  });

  it.each([
    [false, [2, 2]],
    [true, [2, 1]],
  ])('of real Luau finds the version that was booted (warm servers: %s)', async (warmServers, versions) => {
    const emulator = await startLuauEmulator({ warmServers });
    try {
      const request = async (path: string, body?: string | Uint8Array) => {
        const init = body === undefined ? {} : { method: 'POST', body };
        const response = await fetch(`${emulator.baseUrl}${path}`, { ...init, headers: KEY });
        return JSON.parse(await response.text());
      };
      await request(SAVED, createFile('a'));
      let task = await request(CREATE, '{"script":"return game.PlaceVersion"}');
      while (task.state === 'PROCESSING') {
        await systemClock.sleep(20);
        task = await request(`/cloud/v2/${task.path}`);
      }
      expect([Number(/versions\/(\d+)/.exec(task.path)?.[1]), ...task.output.results]).toEqual(versions);
    } finally {
      await emulator.close();
    }
  });
});

describe('faults of uploads', () => {
  it('refuse one with 409, and nothing is done', async () => {
    const body = { errorCode: 'Conflict', errorMessage: 'The place is open in Team Create.' };
    const session = await start({
      faults: [{ request: 'uploadPlace', do: { answer: { status: 409, body } } }],
    });
    const reply = await upload(session, 'a');
    expect([reply.status, reply.json]).toEqual([409, body]);
    expect(await createAt(session, null)).toBe(1);
    expect(await uploadNumber(session, 'a')).toBe(2);
    expect(session.emulator.unmetFaults()).toEqual([]);
  });

  it('reset the connection in the middle of one', async () => {
    const session = await start({ faults: [{ request: 'uploadPlace', do: { reset: 'before' } }] });
    let sent = 0;
    const reply = uploadPieces(session.emulator, 256, (count) => {
      sent = count;
    });
    await expect(reply).rejects.toMatchObject({ code: expect.stringMatching(/^(ECONNRESET|EPIPE)$/) });
    expect(sent).toBeLessThan(255);
    expect(await createAt(session, null)).toBe(1);
  });

  it('lose the answer to one that was carried out', async () => {
    const session = await start({ faults: [{ request: 'uploadPlace', do: { reset: 'after' } }] });
    await expect(upload(session, 'a')).rejects.toThrow('fetch failed');
    expect(await createAt(session, null)).toBe(2);
    expect(await uploadNumber(session, 'a')).toBe(2);
  });

  it('change the number in the answer', async () => {
    const session = await start({
      faults: [{ request: 'uploadPlace', do: { patch: { versionNumber: '2' } } }],
    });
    const reply = await upload(session, 'a');
    expect(reply.text).toBe('{"versionNumber":"2"}');
    expect(reply.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });
});

it('holds no more than a piece of a large place', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage: unknown = runInNewContext('gc');
  if (typeof collectGarbage !== 'function') throw new Error('this Node has no garbage collector to call');
  // Pieces that were read are garbage, of which there is much by now, and not what is asked about.
  const measure = async () => {
    for (let round = 0; round < 2; round++) {
      collectGarbage();
      await systemClock.sleep(5);
    }
    const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
    return { held: heapUsed + arrayBuffers, rss };
  };
  const { emulator } = await start();
  // Once before it counts: what the process takes for its garbage, it keeps for the next.
  await uploadPieces(emulator, 64, () => undefined);
  const before = await measure();
  const peak = { ...before };
  const reply = await uploadPieces(emulator, 64, async (count) => {
    if (count % 4 !== 3) return;
    const { held, rss } = await measure();
    peak.held = Math.max(peak.held, held);
    peak.rss = Math.max(peak.rss, rss);
  });
  expect(reply).toBe('{"versionNumber":2}');
  // Measured: 3 to 5 MiB and 0 to 5 MiB, the client included; a body that is kept would be 64 MiB.
  expect(peak.held - before.held).toBeLessThan(8 * MIB);
  expect(peak.rss - before.rss).toBeLessThan(30 * MIB);
});
