import { appendFileSync, mkdirSync, readdirSync, readlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Fault } from '../../src/emulator/faults.ts';
import type { BinaryInput } from '../../src/open-cloud/binary-input.ts';
import { type ByteSource, measureByteSource } from '../../src/open-cloud/byte-source.ts';
import { OpenCloudClient } from '../../src/open-cloud/client.ts';
import type { StreamRequest } from '../../src/open-cloud/stream-exchange.ts';
import type { TransferProgress } from '../../src/open-cloud/transfer.ts';
import { uploadBinaryInput } from '../../src/open-cloud/upload.ts';
import {
  catchError,
  createBytes,
  digest,
  sha256,
  TRANSFER_KEY,
  type TransferSession,
  useDirectories,
  useTransferSessions,
  writeBytes,
} from '../helpers/transfer-session.ts';
import { cutFirstUpload, OK, useRawServers } from './raw-server.ts';

const open = useTransferSessions();
const openDirectory = useDirectories();
const { startServer, open: openTransport } = useRawServers();
const MINUTE_MS = 60_000;
const BYTES = createBytes(200_000);
const POST = expect.stringMatching(/^POST .*-binary-inputs$/);
const PUT = expect.stringMatching(/^PUT \/emulator\/binary-inputs\//);
type Fail = Omit<Fault, 'request'>;
const STORE_REFUSAL =
  '<Error><Code>AccessDenied</Code><Message>Access denied</Message><Resource>/b?X-Amz-Signature=SECRET</Resource></Error>';

async function createSlot({ client }: TransferSession, source: ByteSource = BYTES): Promise<BinaryInput> {
  return client.createBinaryInput({ universeId: '11', sizeBytes: await measureByteSource(source) });
}

async function upload(session: TransferSession, source: ByteSource = BYTES): Promise<BinaryInput> {
  return uploadBinaryInput(await createSlot(session, source), source, session.options);
}

const fail = (faults: Fail[]): Fault[] => faults.map((fault) => ({ request: 'uploadBinaryInput', ...fault }));

describe('what is uploaded', () => {
  it.each([1, 65_535, 65_536, 65_537, 1_000_000])(
    '%i bytes reach the script, from either source',
    async (size) => {
      const bytes = createBytes(size);
      const session = await open();
      for (const source of [bytes, new Uint8Array(bytes), writeBytes(session.directory, bytes)]) {
        const slot = await createSlot(session, source);
        expect(await uploadBinaryInput(slot, source, session.options)).toEqual({
          ...slot,
          sha256: sha256(bytes),
        });
        expect(digest(await session.readInput(slot.path))).toBe(digest(bytes));
      }
    },
  );

  it('is a part of a larger buffer where that was meant', async () => {
    const session = await open();
    const slot = await upload(session, BYTES.subarray(10, 20));
    expect(await session.readInput(slot.path)).toEqual(BYTES.subarray(10, 20));
  });

  it('goes without the key, and is traced without what makes the URI secret', async () => {
    const session = await open();
    await upload(session);
    expect(session.requests).toEqual([POST, PUT]);
    const [headers = []] = session.storeHeaders;
    expect(headers.filter((_, index) => index % 2 === 0).sort()).toEqual([
      'connection',
      'content-length',
      'content-type',
      'host',
      'user-agent',
    ]);
    expect(JSON.stringify(session.storeHeaders)).not.toContain(TRANSFER_KEY);
    expect(session.traces).toMatchObject([{ method: 'PUT', status: 200 }]);
    expect(session.traces[0]?.url).toMatch(/\/emulator\/binary-inputs\/[\w-]+$/);
  });

  it('is told while it goes on', async () => {
    const session = await open();
    await upload(session);
    const total = { totalBytes: 200_000 };
    expect(session.progress).toEqual([
      { doneBytes: 0, ...total },
      { doneBytes: 65_536, ...total },
      { doneBytes: 131_072, ...total },
      { doneBytes: 196_608, ...total },
      { doneBytes: 200_000, ...total },
    ]);
  });
});

describe('a failed try', () => {
  it.each<[name: string, faults: Fail[]]>([
    ['HTTP 503', [{ do: { answer: { status: 503 } } }]],
    ['HTTP 429', [{ do: { answer: { status: 429, headers: { 'retry-after': '600' } } } }]],
    ['HTTP 408', [{ do: { answer: { status: 408 } } }]],
    ['a reset', [{ do: { reset: 'before' } }]],
    ['a reset after all was stored', [{ do: { reset: 'after' } }]],
    ['half an answer', [{ do: { raw: 'HTTP/1.1 20' } }]],
    ['no answer', [{ do: { never: true } }]],
  ])('by %s is repeated from the start', async (_name, faults) => {
    const session = await open({ faults: fail(faults) });
    const slot = await upload(session, writeBytes(session.directory, BYTES));
    expect(session.requests).toEqual([POST, PUT, PUT]);
    expect(session.waits).toMatchObject([{ operation: 'uploadBinaryInput', reason: 'retry', waitMs: 1_000 }]);
    expect(digest(await session.readInput(slot.path))).toBe(digest(BYTES));
    expect(session.progress.filter(({ doneBytes }) => doneBytes === 0)).toHaveLength(2);
  });

  it('is repeated three times', async () => {
    const session = await open({
      faults: fail([{ times: 4, do: { answer: { status: 503, body: 'down' } } }]),
    });
    expect(await catchError(upload(session))).toMatchObject({
      id: 'LX540',
      kind: 'unavailable',
      message: 'uploading the binary input failed for 7 s (last: HTTP 503, 4 tries)',
      facts: ['the service says: "down"'],
      httpStatus: 503,
      attempts: [{ waitMs: 1_000 }, { waitMs: 2_000 }, { waitMs: 4_000 }, { waitMs: null }],
    });
    expect(session.requests).toEqual([POST, PUT, PUT, PUT, PUT]);
  });

  it('takes a minute where nothing moves', async () => {
    const session = await open({ faults: fail([{ times: 4, do: { never: true } }]) });
    const startMs = session.clock.now();
    const error = await catchError(upload(session));
    expect(error).toMatchObject({ id: 'LX540', kind: 'unavailable' });
    expect(error.message).toContain('gave up after 60 s while waiting for an answer, 4 tries');
    expect(session.clock.now() - startMs).toBe(4 * MINUTE_MS + 7_000);
  });

  it('is one too that was answered with success before all was sent', async () => {
    let tries = 0;
    const changeStream = (request: StreamRequest): StreamRequest => {
      if (!request.body || tries++ > 0) return request;
      const readChunks = async function* () {
        yield Buffer.from('x');
        await new Promise(() => undefined);
      };
      return { ...request, body: { ...request.body, readChunks } };
    };
    const faults = fail([{ do: { answer: { status: 200 } } }]);
    const session = await open({ faults, changeStream });
    await upload(session);
    expect(session.waits.map(({ attempt }) => attempt?.reason)).toEqual(['answered before all was sent']);
  });

  it.each([400, 401, 403, 404, 411, 412])('by HTTP %i is final', async (status) => {
    const session = await open({ faults: fail([{ do: { answer: { status, body: STORE_REFUSAL } } }]) });
    expect(await catchError(upload(session))).toMatchObject({
      id: 'LX540',
      kind: 'unavailable',
      message: `uploading the binary input was refused (${status})`,
      facts: ['the service says: "Access denied"', expect.stringContaining('15 minutes')],
    });
    expect(session.requests).toEqual([POST, PUT]);
  });
});

it.each([
  ['<Error><Message>no /a?sig=SECRET here</Message></Error>', 'no /a?… here'],
  ['denied for https://store.example/x?token=SECRET&a=1 today', 'denied for https://store.example/x?… today'],
  ['signature=SECRET is wrong', '… is wrong'],
])('what a store says is told without the secrets of an address: %s', async (body, words) => {
  const session = await open({ faults: fail([{ do: { answer: { status: 403, body } } }]) });
  const error = await catchError(upload(session));
  expect(error.facts[0]).toBe(`the service says: "${words}"`);
});

describe('a peer that goes away', () => {
  it.each([10, 50, 99])(
    'at %i percent gets the whole file with the next try, and never the key',
    async (percent) => {
      const bytes = createBytes(4_000_000);
      const { handlers, received } = cutFirstUpload(bytes.byteLength, percent, OK);
      const server = await startServer(handlers);
      const source = writeBytes(openDirectory(), bytes);
      const slot = {
        ...{ path: 'p', universeId: '11', sizeBytes: bytes.byteLength },
        ...{ uploadUri: `${server.url}/slot?signature=s`, createdAtMs: systemClock.now() },
      };
      const { stream } = openTransport();
      const client = new OpenCloudClient({
        apiKey: TRANSFER_KEY,
        baseUrl: server.url,
        exchange: () => Promise.reject(new Error('no second slot is needed')),
      });
      const doneBytes: number[] = [];
      const onProgress = (step: TransferProgress) => doneBytes.push(step.doneBytes);
      const options = { client, stream, random: () => 0, onProgress };
      expect(await uploadBinaryInput(slot, source, options)).toEqual({ ...slot, sha256: sha256(bytes) });
      expect(received).toHaveLength(2);
      const [first = Buffer.alloc(0), second = Buffer.alloc(0)] = received.map((chunks) =>
        Buffer.concat(chunks),
      );
      expect(first.byteLength).toBeLessThan(second.byteLength);
      expect(digest(second.subarray(-bytes.byteLength))).toBe(digest(bytes));
      expect(Buffer.concat([first, second]).includes(TRANSFER_KEY)).toBe(false);
      expect(doneBytes.filter((done) => done === 0)).toHaveLength(2);
      expect(doneBytes.at(-1)).toBe(bytes.byteLength);
    },
  );
});

describe('an old slot', () => {
  it.each([
    [13 * MINUTE_MS, [POST, PUT]],
    [13 * MINUTE_MS + 1, [POST, POST, PUT]],
    [16 * MINUTE_MS, [POST, POST, PUT]],
  ])('of %i ms', async (ageMs, requests) => {
    const session = await open();
    const slot = await createSlot(session);
    await session.clock.advance(ageMs);
    const used = await uploadBinaryInput(slot, BYTES, session.options);
    expect(session.requests).toEqual(requests);
    expect(used.path === slot.path).toBe(requests.length === 2);
    expect(digest(await session.readInput(used.path))).toBe(digest(BYTES));
  });

  it('that grows old between two tries is replaced once', async () => {
    const session = await open({ faults: fail([{ times: 3, do: { never: true } }]) });
    const slot = await createSlot(session);
    await session.clock.advance(12.5 * MINUTE_MS);
    const used = await uploadBinaryInput(slot, BYTES, session.options);
    expect(session.requests).toEqual([POST, PUT, POST, PUT, PUT, PUT]);
    expect(digest(await session.readInput(used.path))).toBe(digest(BYTES));
  });

  it('that cannot be replaced says why', async () => {
    const refused: Fault = { request: 'createBinaryInput', nth: 2, do: { answer: { status: 403 } } };
    const session = await open({ faults: [refused] });
    const slot = await createSlot(session);
    await session.clock.advance(14 * MINUTE_MS);
    expect(await catchError(uploadBinaryInput(slot, BYTES, session.options))).toMatchObject({ id: 'LX403' });
  });
});

describe('a source', () => {
  const sources: [name: string, message: RegExp, make: (directory: string) => ByteSource][] = [
    ['that is missing', /^cannot read .*none: ENOENT/, (directory) => join(directory, 'none')],
    ['that is a directory', /: it is a directory$/, (directory) => directory],
    ['that is a device', /^cannot read \/dev\/null: it is not a regular file$/, () => '/dev/null'],
    [
      'that is an empty file',
      /^the binary input is empty$/,
      (directory) => writeBytes(directory, Buffer.alloc(0)),
    ],
    ['that is empty', /^the binary input is empty$/, () => new Uint8Array()],
    [
      'that is too large by a byte',
      /^the binary input is 100\.1 MiB, Open Cloud accepts 100 MiB$/,
      (directory) => {
        const name = writeBytes(directory, Buffer.alloc(0));
        truncateSync(name, 104_857_601);
        return name;
      },
    ],
    [
      'of another size than its slot',
      /^the binary input is 3 bytes long, its slot was made for 200000$/,
      () => Buffer.from('abc'),
    ],
  ];
  it.each(sources)('%s is refused before anything is sent', async (_name, message, make) => {
    const session = await open();
    const slot = await createSlot(session);
    const error = await catchError(uploadBinaryInput(slot, make(session.directory), session.options));
    expect(error).toMatchObject({ id: 'LX015', kind: 'usage' });
    expect(error.message).toMatch(message);
    expect(session.requests).toEqual([POST]);
  });

  it.each([
    ['longer', (name: string) => appendFileSync(name, 'more')],
    ['shorter', (name: string) => truncateSync(name, 70_000)],
    ['empty', (name: string) => writeFileSync(name, '')],
  ])('that becomes %s meanwhile is not uploaded, and not tried again', async (_name, change) => {
    const session = await open();
    const source = writeBytes(session.directory, createBytes(5_000_000));
    let isChanged = false;
    session.options.onProgress = ({ doneBytes }) => {
      if (doneBytes > 0 && !isChanged) change(source);
      isChanged ||= doneBytes > 0;
    };
    const slot = await createSlot(session, source);
    const error = await catchError(uploadBinaryInput(slot, source, session.options));
    expect(error).toMatchObject({ id: 'LX015', message: `${source} changed its size while it was uploaded` });
    expect(session.requests).toEqual([POST, PUT]);
    const unfilled = session.readInput(slot.path);
    await expect(unfilled).rejects.toMatchObject({ id: 'LX400' });
  });

  it('is closed again, however it ends', async () => {
    const session = await open({ faults: fail([{ nth: 2, do: { answer: { status: 404 } } }]) });
    const source = writeBytes(session.directory, BYTES);
    const slot = await createSlot(session, source);
    await uploadBinaryInput(slot, source, session.options);
    await catchError(uploadBinaryInput(slot, source, session.options));
    expect(listOpenFiles()).not.toContain(source);
  });
});

test('an upload that is stopped ends with the reason, during a try and between two', async () => {
  const session = await open({ faults: fail([{ do: { answer: { status: 503 } } }]) });
  const source = writeBytes(session.directory, createBytes(5_000_000));
  const slot = await createSlot(session, source);
  for (const moment of ['onWait', 'onProgress'] as const) {
    const stop = new AbortController();
    const reason = new Error('the user said so');
    const options = { ...session.options, signal: stop.signal, [moment]: () => stop.abort(reason) };
    await expect(uploadBinaryInput(slot, source, options)).rejects.toBe(reason);
    await expect(uploadBinaryInput(slot, source, options)).rejects.toBe(reason);
  }
  expect(listOpenFiles()).not.toContain(source);
});

test('an error of the one who is told of progress is passed on', async () => {
  const session = await open();
  const slot = await createSlot(session);
  const bug = new Error('a bug');
  const onProgress = () => {
    throw bug;
  };
  await expect(uploadBinaryInput(slot, BYTES, { ...session.options, onProgress })).rejects.toBe(bug);
});

test('a source can be measured', async () => {
  const directory = openDirectory();
  expect(await measureByteSource(writeBytes(directory, BYTES))).toBe(200_000);
  expect(await measureByteSource(BYTES.subarray(7))).toBe(199_993);
  mkdirSync(join(directory, 'sub'));
  expect(await catchError(measureByteSource(join(directory, 'sub')))).toMatchObject({ id: 'LX015' });
});

/** Files that this process has open, where the system can tell. */
function listOpenFiles(): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return [];
    }
  });
}
