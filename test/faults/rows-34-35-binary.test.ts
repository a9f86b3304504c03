import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitCodeOfError } from '../../src/cli/exit-codes.ts';
import type { Fault } from '../../src/emulator/faults.ts';
import { downloadBinaryOutput } from '../../src/open-cloud/download.ts';
import type { StreamRequest } from '../../src/open-cloud/stream-exchange.ts';
import { uploadBinaryInput } from '../../src/open-cloud/upload.ts';
import {
  catchError,
  createBytes,
  digest,
  listNames,
  sha256,
  TRANSFER_KEY,
  type TransferSession,
  useTransferSessions,
  writeBytes,
} from '../helpers/transfer-session.ts';
import { OK, useRawServers } from '../open-cloud/raw-server.ts';

const open = useTransferSessions();
const { startServer } = useRawServers();
const MINUTE_MS = 60_000;
const CHUNK_BYTES = 64 * 1024;
const BYTES = createBytes(30 * CHUNK_BYTES);
const POST = expect.stringMatching(/^POST .*-binary-inputs$/);
const PUT = expect.stringMatching(/^PUT /);
const GET = expect.stringMatching(/^GET /);

/** The session's client as if it had been made for the real API: what it is given then has to be https. */
function pretendRemote({ client, options }: TransferSession) {
  return {
    ...options,
    client: { origin: 'https://apis.roblox.com', createBinaryInput: client.createBinaryInput.bind(client) },
  };
}

async function createSlot({ client }: TransferSession) {
  return client.createBinaryInput({ universeId: '11', sizeBytes: BYTES.byteLength });
}

/** As many bytes a minute as makes an upload of `BYTES` take 15 minutes, of which nobody waits one. */
function slowDown(session: () => TransferSession) {
  let isFirst = true;
  return (request: StreamRequest): StreamRequest => {
    const { body } = request;
    if (!body || !isFirst) return request;
    isFirst = false;
    const readChunks = async function* () {
      const { clock } = session();
      const release = clock.hold();
      try {
        for await (const chunk of body.readChunks()) {
          await clock.advance(MINUTE_MS / 2);
          yield chunk;
        }
      } finally {
        release();
      }
    };
    return { ...request, body: { ...body, readChunks } };
  };
}

describe('row 34: an upload URI', () => {
  const uris: [name: string, uri: (port: number) => string][] = [
    ['http', () => 'http://store.example/x?signature=s'],
    ['http on loopback', (port) => `http://127.0.0.1:${port}/x`],
    ['an IP address', () => 'https://203.0.113.7/x'],
    ['an IP address in other words', () => 'https://0x7f000001/x'],
    ['an IPv6 address', () => 'https://[::1]/x'],
    ['a user name', () => 'https://user@store.example/x'],
    ['a user name that looks like the host', () => 'https://apis.roblox.com@store.example/x'],
    ['another port', () => 'https://store.example:8443/x'],
    ['a file', () => 'file:///etc/passwd'],
  ];
  it.each(uris)('row 34: %s is refused, and nothing is sent there', async (_name, choose) => {
    const other = await startServer({ onRequest: (socket) => socket.write(OK) });
    const faults: Fault[] = [
      { request: 'createBinaryInput', do: { patch: { uploadUri: choose(other.port) } } },
    ];
    const session = await open({ faults });
    const slot = await createSlot(session);
    const error = await catchError(uploadBinaryInput(slot, BYTES, pretendRemote(session)));
    expect(error).toMatchObject({ id: 'LX531', kind: 'bad_response' });
    expect(exitCodeOfError(error.kind, '')).toBe(10);
    expect(session.requests).toEqual([POST]);
    expect(other.sockets).toHaveLength(0);
  });

  it.each(uris)('row 34: of an output, %s is refused too', async (_name, choose) => {
    const other = await startServer({ onRequest: (socket) => socket.write(OK) });
    const session = await open();
    const file = join(session.directory, 'out.bin');
    const pending = downloadBinaryOutput(choose(other.port), file, pretendRemote(session));
    expect(await catchError(pending)).toMatchObject({ id: 'LX531', kind: 'bad_response' });
    expect(session.requests).toEqual([]);
    expect(other.sockets).toHaveLength(0);
    expect(listNames(session.directory)).toEqual([]);
  });

  it.each([301, 302, 303, 307, 308])('row 34: that redirects (%i) is not followed', async (status) => {
    const other = await startServer({ onRequest: (socket) => socket.write(OK) });
    const redirect = { redirect: `${other.url}/elsewhere`, status };
    const session = await open({ faults: [{ request: 'uploadBinaryInput', do: redirect }] });
    const slot = await createSlot(session);
    const error = await catchError(uploadBinaryInput(slot, BYTES, session.options));
    expect(error).toMatchObject({ id: 'LX530', kind: 'bad_response', httpStatus: status });
    expect(error.message).toBe(
      `refused a redirect to 127.0.0.1:${other.port} while uploading the binary input`,
    );
    expect(session.requests).toEqual([POST, PUT]);
    expect(other.sockets).toHaveLength(0);
  });

  it('row 34: of an output that redirects is not followed', async () => {
    const other = await startServer({ onRequest: (socket) => socket.write(OK) });
    const faults: Fault[] = [{ request: 'downloadBinaryOutput', do: { redirect: other.url } }];
    const session = await open({ faults });
    const uri = await session.createOutput();
    const file = join(session.directory, 'out.bin');
    expect(await catchError(downloadBinaryOutput(uri, file, session.options))).toMatchObject({
      id: 'LX530',
      kind: 'bad_response',
    });
    expect(session.requests).toEqual([GET]);
    expect(other.sockets).toHaveLength(0);
    expect(listNames(session.directory)).toEqual([]);
  });
});

describe('row 34: a slot that expires mid-upload', () => {
  it('row 34: by its age, is replaced by one new slot', async () => {
    const faults: Fault[] = [
      {
        request: 'uploadBinaryInput',
        do: { answer: { status: 403, body: { code: 'AccessDenied' } }, delayMs: 14 * MINUTE_MS },
      },
    ];
    const session: TransferSession = await open({ faults, changeStream: slowDown(() => session) });
    const slot = await createSlot(session);
    const source = writeBytes(session.directory, BYTES);
    const used = await uploadBinaryInput(slot, source, session.options);
    expect(used.path).not.toBe(slot.path);
    expect(session.requests).toEqual([POST, PUT, POST, PUT]);
    // The first try was cut off on its way, and the second began at the start of the file.
    const done = session.progress.map(({ doneBytes }) => doneBytes);
    expect(done[done.indexOf(0, 1) - 1]).toBeLessThan(BYTES.byteLength);
    expect(done.at(-1)).toBe(BYTES.byteLength);
    expect(digest(await session.readInput(used.path))).toBe(digest(BYTES));
    expect(JSON.stringify(session.storeHeaders)).not.toContain(TRANSFER_KEY);
  });

  it.each([
    ['<Error><Code>AccessDenied</Code><Message>Request has expired</Message></Error>', 403],
    ["<?xml version='1.0'?><Error><Code>ExpiredToken</Code></Error>", 400],
  ])('row 34: by its own words, is replaced by one new slot: %s', async (body, status) => {
    const session = await open({
      faults: [{ request: 'uploadBinaryInput', do: { answer: { status, body } } }],
    });
    const slot = await createSlot(session);
    const used = await uploadBinaryInput(slot, BYTES, session.options);
    expect(session.requests).toEqual([POST, PUT, POST, PUT]);
    expect(digest(await session.readInput(used.path))).toBe(digest(BYTES));
  });

  it('row 34: a second time, after a failure of another kind, is given up', async () => {
    const expired: Fault['do'] = { answer: { status: 403, body: 'Request has expired' } };
    const session = await open({
      faults: [
        { request: 'uploadBinaryInput', do: expired },
        { request: 'uploadBinaryInput', nth: 2, do: { reset: 'before' } },
        { request: 'uploadBinaryInput', nth: 3, do: expired },
      ],
    });
    const slot = await createSlot(session);
    const error = await catchError(uploadBinaryInput(slot, BYTES, session.options));
    expect(error).toMatchObject({ id: 'LX540', kind: 'unavailable' });
    expect(session.requests).toEqual([POST, PUT, POST, PUT, PUT]);
  });

  it('row 34: a second time, is given up', async () => {
    const answer = { status: 403, body: 'Request has expired' };
    const session = await open({ faults: [{ request: 'uploadBinaryInput', times: 2, do: { answer } }] });
    const slot = await createSlot(session);
    const error = await catchError(uploadBinaryInput(slot, BYTES, session.options));
    expect(error).toMatchObject({ id: 'LX540', kind: 'unavailable', httpStatus: 403 });
    expect(exitCodeOfError(error.kind, '')).toBe(7);
    expect(session.requests).toEqual([POST, PUT, POST, PUT]);
  });
});

/** A session with an output to be had. */
async function openOutput(faults: Fault[] = []) {
  const session = await open({ faults, output: BYTES });
  const uri = await session.createOutput();
  const file = join(session.directory, 'out.bin');
  return { session, uri, file };
}

describe('row 35: a download', () => {
  it.each([0, 1, BYTES.byteLength / 2, BYTES.byteLength - 1])(
    'row 35: of %i bytes instead of all is repeated, then given up: 7',
    async (truncate) => {
      const faults: Fault[] = [{ request: 'downloadBinaryOutput', times: 5, do: { truncate } }];
      const { session, uri, file } = await openOutput(faults);
      writeFileSync(file, 'from before');
      const error = await catchError(downloadBinaryOutput(uri, file, session.options));
      expect(error).toMatchObject({ id: 'LX540', kind: 'unavailable' });
      expect(exitCodeOfError(error.kind, '')).toBe(7);
      expect(session.requests).toEqual([GET, GET, GET, GET, GET]);
      expect(readFileSync(file, 'utf8')).toBe('from before');
      expect(listNames(session.directory)).toEqual(['out.bin']);
    },
  );

  it('row 35: too short four times is whole the fifth', async () => {
    const faults: Fault[] = [
      { request: 'downloadBinaryOutput', times: 4, do: { truncate: BYTES.byteLength - 1 } },
    ];
    const { session, uri, file } = await openOutput(faults);
    expect(await downloadBinaryOutput(uri, file, session.options)).toEqual({
      sizeBytes: BYTES.byteLength,
      sha256: sha256(BYTES),
    });
    expect(digest(readFileSync(file))).toBe(digest(BYTES));
    expect(listNames(session.directory)).toEqual(['out.bin']);
  });

  it.skipIf(!existsSync('/dev/full'))('row 35: onto a full disk: 74', async () => {
    const { session, uri, file } = await openOutput();
    writeFileSync(file, 'from before');
    const options = { ...session.options, openNew: () => openFile('/dev/full', 'w') };
    const error = await catchError(downloadBinaryOutput(uri, file, options));
    expect(error).toMatchObject({ id: 'LX074', kind: 'io', cause: { code: 'ENOSPC' } });
    expect(exitCodeOfError(error.kind, '')).toBe(74);
    expect(session.requests).toEqual([GET]);
    expect(readFileSync(file, 'utf8')).toBe('from before');
    expect(listNames(session.directory)).toEqual(['out.bin']);
  });

  it('row 35: onto a disk that is full at the last moment: 74', async () => {
    const { session, uri, file } = await openOutput();
    const openNew = async (name: string) => {
      const handle = await openFile(name, 'wx');
      // Some file systems find out only when the bytes are brought to the disk.
      handle.sync = () => Promise.reject(new Error('ENOSPC: no space left on device, fsync'));
      return handle;
    };
    const error = await catchError(downloadBinaryOutput(uri, file, { ...session.options, openNew }));
    expect(error).toMatchObject({ id: 'LX074', kind: 'io' });
    expect(error.message).toContain('no space left on device');
    expect(listNames(session.directory)).toEqual([]);
  });

  it.each<[name: string, make: (file: string, other: string) => void]>([
    ['a directory', (file) => mkdirSync(file)],
    ['a symbolic link', (file, other) => symlinkSync(other, file)],
    ['a symbolic link to nothing', (file) => symlinkSync('nothing', file)],
  ])('row 35: to %s is refused: 74', async (_name, make) => {
    const { session, uri, file } = await openOutput();
    const other = join(session.directory, 'other');
    writeFileSync(other, 'other');
    make(file, other);
    const error = await catchError(downloadBinaryOutput(uri, file, session.options));
    expect(error).toMatchObject({ id: 'LX074', kind: 'io' });
    expect(exitCodeOfError(error.kind, '')).toBe(74);
    expect(session.requests).toEqual([]);
    expect(readFileSync(other, 'utf8')).toBe('other');
    expect(listNames(session.directory)).toEqual(['other', 'out.bin']);
  });
});
