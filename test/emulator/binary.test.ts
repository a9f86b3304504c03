import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { CREATE, gatewayBody, type Session, useEmulators, v2Body } from './emulator-session.ts';

const start = useEmulators();
const SLOTS = '/cloud/v2/universes/11/luau-execution-session-task-binary-inputs';
const MINUTES = 60_000;
const GONE = v2Body('PERMISSION_DENIED', 'This URI is not valid, or no longer.');

async function createSlot({ post }: Session, size: number) {
  const { json } = await post(SLOTS, { size });
  const { path, uploadUri } = json;
  if (typeof path !== 'string' || typeof uploadUri !== 'string') throw new Error('no slot was created');
  return { path, uploadUri, json };
}

function put({ send }: Session, uri: string, body: Uint8Array) {
  return send('PUT', uri, { headers: { 'content-type': 'application/octet-stream' }, body });
}

describe('binary input', () => {
  it('travels from the slot to any number of tasks', async () => {
    const session = await start();
    const { path, uploadUri, json } = await createSlot(session, 3);
    const id = '[0-9a-f-]{36}';
    expect(json).toEqual({
      path: expect.stringMatching(new RegExp(`^${SLOTS.slice('/cloud/v2/'.length)}/${id}$`)),
      size: 3,
      uploadUri: expect.stringMatching(
        new RegExp(`^${session.emulator.baseUrl}/emulator/binary-inputs/${id}\\?signature=${id}$`),
      ),
    });
    const uploaded = await put(session, uploadUri, new Uint8Array([1, 0, 255]));
    expect([uploaded.status, uploaded.text]).toEqual([200, '']);
    for (const _ of [1, 2]) {
      const created = await session.post(CREATE, { script: 'quick', binaryInput: path });
      expect(created.status).toBe(200);
      expect(created.json.binaryInput).toBe(path);
    }
    expect(session.luau.jobs.map(({ binaryInput }) => [...(binaryInput ?? [])])).toEqual([
      [1, 0, 255],
      [1, 0, 255],
    ]);
  });

  it('holds what was uploaded last', async () => {
    const session = await start();
    const { path, uploadUri } = await createSlot(session, 1);
    await put(session, uploadUri, new Uint8Array([1]));
    await put(session, uploadUri, new Uint8Array([2]));
    await session.create({ script: 'quick', binaryInput: path });
    expect(session.luau.jobs.map(({ binaryInput }) => [...(binaryInput ?? [])])).toEqual([[2]]);
  });

  it('can be used in its own universe only, once uploaded, for 15 minutes', async () => {
    const session = await start();
    const { path, uploadUri } = await createSlot(session, 1);
    const use = async (universeId: string) => {
      const collection = `/cloud/v2/universes/${universeId}/places/22/luau-execution-session-tasks`;
      const { status, json } = await session.post(collection, { script: 'quick', binaryInput: path });
      return status === 200 ? 'ok' : [status, json.code, json.message].join(' ');
    };
    const missing = '400 INVALID_ARGUMENT binaryInput names no input of this universe, or it has expired.';
    expect(await use('11')).toBe(
      '400 INVALID_ARGUMENT binaryInput names an input that was not uploaded yet.',
    );
    await put(session, uploadUri, new Uint8Array([1]));
    expect(await use('12')).toBe(missing);
    await session.clock.advance(15 * MINUTES - 1);
    expect(await use('11')).toBe('ok');
    await session.clock.advance(1);
    expect(await use('11')).toBe(missing);
    const late = await put(session, uploadUri, new Uint8Array([1]));
    expect([late.status, late.json]).toEqual([403, GONE]);
  });

  it.each([0, -1, 1.5, 104_857_601, '1e3', 'x', null, undefined, true])(
    'refuses the size %s',
    async (size) => {
      const { post } = await start();
      const reply = await post(SLOTS, { size });
      expect(reply.status).toBe(400);
      expect(reply.json).toEqual(
        v2Body('INVALID_ARGUMENT', 'size must be a whole number from 1 to 104857600.'),
      );
    },
  );

  it.each([104_857_600, '104857600'])('takes the size %o', async (size) => {
    const { post } = await start();
    expect((await post(SLOTS, { size })).json.size).toBe(104_857_600);
  });

  it('refuses a universe id that is none', async () => {
    const { post } = await start();
    expect((await post(SLOTS.replace('11', '011'), { size: 1 })).status).toBe(400);
  });
});

describe('upload', () => {
  it.each([2, 4])('refuses %s bytes for a slot of 3', async (length) => {
    const session = await start();
    const { path, uploadUri } = await createSlot(session, 3);
    const reply = await put(session, uploadUri, new Uint8Array(length));
    expect(reply.status).toBe(400);
    expect(reply.json).toEqual(
      v2Body('INVALID_ARGUMENT', `The upload is ${length} bytes long, the binary input was made for 3.`),
    );
    expect((await session.post(CREATE, { script: 'quick', binaryInput: path })).status).toBe(400);
  });

  it('refuses a body of unknown length', async () => {
    const session = await start();
    const { uploadUri } = await createSlot(session, 3);
    const status = await new Promise((resolve, reject) => {
      const request = httpRequest(uploadUri, { method: 'PUT', agent: false }, (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode));
      });
      request.on('error', reject);
      request.write('abc');
      request.end();
    });
    expect(status).toBe(411);
  });

  it.each([
    ['a changed signature', (uri: string) => `${uri}0`],
    ['no signature', (uri: string) => uri.replace(/\?.*/, '')],
    ['another id', (uri: string) => uri.replace(/inputs\/./, 'inputs/_')],
  ])('refuses a URI with %s', async (_name, change) => {
    const session = await start();
    const { uploadUri } = await createSlot(session, 1);
    const reply = await put(session, change(uploadUri), new Uint8Array([1]));
    expect([reply.status, reply.json]).toEqual([403, GONE]);
  });
});

describe('binary output', () => {
  const bytes = new Uint8Array([0, 255, 10]);
  const scripts = {
    export: {
      afterMs: 1000,
      result: { kind: 'complete' as const, results: [1], binaryOutput: bytes },
    },
  };

  it('is read from its URI without a key for 15 minutes after the end', async () => {
    const { create, get, send, clock, emulator } = await start({ scripts });
    const path = await create({ script: 'export', enableBinaryOutput: true });
    expect((await get(`/cloud/v2/${path}`)).json.binaryOutputUri).toBe('');
    await clock.advance(1000);
    const { json } = await get(`/cloud/v2/${path}`);
    const uri = String(json.binaryOutputUri);
    expect(json).toMatchObject({ state: 'COMPLETE', enableBinaryOutput: true, output: { results: [1] } });
    expect(uri).toMatch(
      new RegExp(`^${emulator.baseUrl}/emulator/binary-outputs/[0-9a-f-]{36}\\?signature=[0-9a-f-]{36}$`),
    );
    await clock.advance(15 * MINUTES - 1);
    const response = await fetch(uri);
    expect(response.headers.get('content-type')).toBe('application/octet-stream');
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
    expect((await send('GET', `${uri}0`, { headers: {} })).status).toBe(403);
    await clock.advance(1);
    const late = await send('GET', uri, { headers: {} });
    expect([late.status, late.json]).toEqual([403, GONE]);
  });

  it('has a URI that cannot be written to', async () => {
    const { send } = await start();
    const reply = await send('PUT', '/emulator/binary-outputs/x', { headers: {} });
    expect([reply.status, reply.json]).toEqual([405, gatewayBody('MethodNotAllowed')]);
  });
});
