import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Fault } from '../../src/emulator/faults.ts';
import type { ByteSource } from '../../src/open-cloud/byte-source.ts';
import { OpenCloudClient } from '../../src/open-cloud/client.ts';
import { uploadPlace } from '../../src/open-cloud/upload-place.ts';
import {
  catchError,
  createBytes,
  digest,
  sha256,
  TRANSFER_KEY,
  type TransferSession,
  useTransferSessions,
} from '../helpers/transfer-session.ts';
import { cutFirstUpload, useRawServers } from './raw-server.ts';

const open = useTransferSessions();
const { startServer, open: openTransport } = useRawServers();
const HEAD = Buffer.from('<roblox!\x89\xff\r\n\x1a\n', 'latin1');
const POST = 'POST /universes/v1/11/places/22/versions';
const PLACE = { universeId: '11', placeId: '22', versionType: 'Saved' } as const;

function createPlace(sizeBytes = 200_000): Buffer {
  return Buffer.concat([HEAD, createBytes(sizeBytes - HEAD.byteLength)]);
}

const fail = (...actions: Fault['do'][]): Fault[] =>
  actions.map((action, index) => ({ request: 'uploadPlace', nth: index + 1, do: action }));

function upload({ client }: TransferSession, source: ByteSource, options: object = {}) {
  return uploadPlace(client, source, { ...PLACE, ...options });
}

describe('a place that is uploaded', () => {
  it('is a version, and the same bytes are it again', async () => {
    const session = await open();
    const [one, other] = [createPlace(100_000), createPlace(100_001)];
    const file = join(session.directory, 'game.rbxl');
    writeFileSync(file, one);
    const version = { versionId: '2', sizeBytes: 100_000, sha256: sha256(one) };
    expect(await upload(session, file)).toEqual(version);
    expect(await upload(session, one)).toEqual(version);
    expect(await upload(session, other)).toMatchObject({ versionId: '3' });
    expect(await upload(session, one, { versionType: 'Published' })).toMatchObject({ versionId: '4' });
    expect(session.requests).toEqual([POST, POST, POST, POST]);
  });

  it.each([
    ['application/octet-stream', createPlace(300_000)],
    [
      'application/xml',
      Buffer.from(`<?xml version="1.0"?>\n<roblox version="4">${' '.repeat(9_000)}</roblox>`),
    ],
    [
      'application/xml',
      Buffer.from('\uFEFF  <roblox xmlns:xmime="http://www.w3.org/2005/05/xmlmime"></roblox>'),
    ],
    ['application/xml', Buffer.from('<?xml version="1.0"?>\n<!-- a -->\n<!-- b --> <roblox version="4"/>')],
  ])('goes as %s over a connection of its own, with its length and the key', async (type, bytes) => {
    const chunks: Buffer[] = [];
    const server = await startServer({
      onConnection: (socket) => {
        socket.on('data', (chunk) => {
          chunks.push(chunk);
          const body = '{"versionNumber":7}';
          if (Buffer.concat(chunks).subarray(-bytes.byteLength).equals(bytes))
            socket.end(`HTTP/1.1 200 OK\r\ncontent-length: ${body.length}\r\n\r\n${body}`);
        });
      },
    });
    const client = new OpenCloudClient({
      apiKey: TRANSFER_KEY,
      baseUrl: server.url,
      exchange: openTransport().exchange,
    });
    const steps: number[] = [];
    const onProgress = ({ doneBytes }: { doneBytes: number }) => void steps.push(doneBytes);
    const done = await uploadPlace(client, bytes, { ...PLACE, onProgress });
    expect(done).toEqual({ versionId: '7', sizeBytes: bytes.byteLength, sha256: sha256(bytes) });
    const sent = Buffer.concat(chunks);
    const head = sent.subarray(0, sent.indexOf('\r\n\r\n')).toString().toLowerCase().split('\r\n');
    expect(head[0]).toBe('post /universes/v1/11/places/22/versions?versiontype=saved http/1.1');
    expect(head).toContain(`content-type: ${type}`);
    expect(head).toContain(`content-length: ${bytes.byteLength}`);
    expect(head).toContain('connection: close');
    expect(head).toContain(`x-api-key: ${TRANSFER_KEY}`);
    expect(digest(sent.subarray(-bytes.byteLength))).toBe(digest(bytes));
    expect(steps).toEqual([...steps].sort((a, b) => a - b));
    expect([steps[0], steps.at(-1)]).toEqual([0, bytes.byteLength]);
  });
});

describe('an upload that fails', () => {
  it('begins again at the start, three times', async () => {
    const session = await open({
      faults: fail({ reset: 'before' }, { answer: { status: 503 } }, { reset: 'after' }),
    });
    const bytes = createPlace(3_000_000);
    expect(await upload(session, bytes)).toMatchObject({ versionId: '2', sha256: sha256(bytes) });
    expect(session.requests).toEqual([POST, POST, POST, POST]);
  });

  it('says so after the fourth try', async () => {
    const session = await open({
      faults: [{ request: 'uploadPlace', times: 4, do: { answer: { status: 502 } } }],
    });
    const error = await catchError(upload(session, createPlace()));
    expect(error).toMatchObject({ id: 'LX503', kind: 'unavailable', httpStatus: 502 });
    expect(session.requests).toHaveLength(4);
  });

  it.each([10, 50, 99])('at %i percent sends all of it with the next try', async (percent) => {
    const bytes = createPlace(4_000_000);
    const answer = 'HTTP/1.1 200 OK\r\ncontent-length: 19\r\n\r\n{"versionNumber":7}';
    const { handlers, received } = cutFirstUpload(bytes.byteLength, percent, answer);
    const server = await startServer(handlers);
    const client = new OpenCloudClient({
      apiKey: TRANSFER_KEY,
      baseUrl: server.url,
      exchange: openTransport().exchange,
      random: () => 0,
    });
    expect(await uploadPlace(client, bytes, PLACE)).toMatchObject({ versionId: '7', sha256: sha256(bytes) });
    expect(received).toHaveLength(2);
    expect(digest(Buffer.concat(received[1] ?? []).subarray(-bytes.byteLength))).toBe(digest(bytes));
  });

  it('is not repeated where it was to be published and may have been', async () => {
    const faults: Fault[] = [{ request: 'uploadPlace', do: { reset: 'after' } }];
    const session = await open({ faults });
    const error = await catchError(upload(session, createPlace(), { versionType: 'Published' }));
    expect(error).toMatchObject({
      id: 'LX511',
      kind: 'unknown',
      message: 'the place was sent but no usable answer came: it may be published',
      hint: 'look at the version history of the place before you publish it again',
    });
    expect(error.facts).toContain("it was not sent again, so that it cannot replace somebody else's");
    expect(session.requests).toEqual([POST]);
  });

  it('of 409 names both reasons that are known', async () => {
    const body = { errors: [{ code: 0, message: 'Server is busy' }] };
    const session = await open({ faults: fail({ answer: { status: 409, body } }) });
    expect(await catchError(upload(session, createPlace()))).toMatchObject({
      id: 'LX409',
      kind: 'unavailable',
      httpStatus: 409,
      message: 'Open Cloud refused the upload to place 22 (409)',
      facts: [
        'the service says: "Server is busy"',
        'no version was made',
        'it does so while the place is open in Team Create',
        'and where place 22 is not part of universe 11',
      ],
    });
    expect(session.requests).toEqual([POST]);
  });

  it.each([
    [400, 'LX400', 'usage', /save the place again/],
    [413, 'LX400', 'usage', /10 MiB/],
    [403, 'LX403', 'auth', /universe-places:write/],
  ])('of %i says what to do', async (status, id, kind, words) => {
    const session = await open({ faults: fail({ answer: { status } }) });
    const error = await catchError(upload(session, createPlace()));
    expect(error).toMatchObject({ id, kind });
    expect([...error.facts, error.hint].join('\n')).toMatch(words);
    expect(session.requests).toEqual([POST]);
  });

  it('by a limit waits for its end, or says that nothing was made', async () => {
    const headers = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '40' };
    const limited = { answer: { status: 429, headers } };
    const session = await open({ faults: fail(limited, limited) });
    expect(await upload(session, createPlace())).toMatchObject({ versionId: '2' });
    expect(session.clock.now()).toBeGreaterThan(80_000);
    const impatient = await open({ faults: fail(limited) });
    const error = await catchError(upload(impatient, createPlace(), { queueTimeoutMs: 30_000 }));
    expect(error).toMatchObject({ id: 'LX429', kind: 'throttled' });
    expect(error.facts).toContain('nothing was created');
  });

  it('because nothing more is taken ends after two minutes', async () => {
    const session = await open({ faults: [{ request: 'uploadPlace', times: 4, do: { never: true } }] });
    const error = await catchError(upload(session, createPlace()));
    expect(error).toMatchObject({ id: 'LX503', kind: 'unavailable' });
    expect(session.clock.now()).toBeGreaterThan(4 * 120_000);
  });

  it.each([
    ['no version', {}],
    ['a version that is no number', { versionNumber: 'v1/../2' }],
    ['version 0', { versionNumber: 0 }],
  ])('by an answer with %s is not believed', async (_name, body) => {
    const faults: Fault[] = [{ request: 'uploadPlace', times: 4, do: { answer: { body } } }];
    const session = await open({ faults });
    expect(await catchError(upload(session, createPlace()))).toMatchObject({ id: 'LX520' });
  });
});

describe('nothing is sent of', () => {
  const sources: [name: string, message: RegExp, make: (directory: string) => ByteSource][] = [
    ['a file that is missing', /^cannot read .*none\.rbxl: ENOENT/, (at) => join(at, 'none.rbxl')],
    ['a directory', /^cannot read .*: it is a directory$/, (at) => at],
    ['a device', /^cannot read \/dev\/null: it is not a regular file$/, () => '/dev/null'],
    ['an empty file', /^the place file is empty$/, (at) => write(at, 'game.rbxl', Buffer.alloc(0))],
    ['a model', /model\.rbxm is a model, not a place$/, (at) => write(at, 'model.rbxm', createPlace())],
    ['a script', /game\.rbxl is not a place file$/, (at) => write(at, 'game.rbxl', Buffer.from('return 1'))],
    [
      'a row of comments without a place',
      /is not a place file$/,
      (at) => write(at, 'game.rbxlx', Buffer.from(`${'<!---->'.repeat(40)}x`)),
    ],
    ['other XML', /is not a place file$/, (at) => write(at, 'game.rbxlx', Buffer.from('<?xml?><robloxes/>'))],
  ];
  it.each(sources)('%s', async (_name, message, make) => {
    const session = await open();
    const error = await catchError(upload(session, make(session.directory)));
    expect(error).toMatchObject({ id: 'LX020', kind: 'usage' });
    expect(error.message).toMatch(message);
    expect(session.requests).toEqual([]);
  });

  it('a universe or place that is no id', async () => {
    const session = await open();
    const error = await catchError(upload(session, createPlace(), { placeId: '2/../3' }));
    expect(error).toMatchObject({ id: 'LX005' });
    expect(session.requests).toEqual([]);
  });
});

test('a file that becomes shorter meanwhile is no version', async () => {
  const session = await open();
  const file = write(session.directory, 'game.rbxl', createPlace(5_000_000));
  const onProgress = () => truncateSync(file, 70_000);
  const error = await catchError(upload(session, file, { onProgress }));
  expect(error).toMatchObject({ id: 'LX020', message: `${file} changed its size while it was uploaded` });
  expect(await upload(session, createPlace())).toMatchObject({ versionId: '2' });
});

test('an upload that is stopped ends with the reason', async () => {
  const session = await open();
  const stop = new AbortController();
  const reason = new Error('the user said so');
  const options = { signal: stop.signal, onProgress: () => stop.abort(reason) };
  await expect(upload(session, createPlace(5_000_000), options)).rejects.toBe(reason);
  await expect(upload(session, createPlace(5_000_000), options)).rejects.toBe(reason);
});

test('an answer before all was taken is not believed', async () => {
  const server = await startServer({
    onConnection: (socket) => {
      socket.once('data', () =>
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 19\r\n\r\n{"versionNumber":7}'),
      );
    },
  });
  const client = new OpenCloudClient({
    apiKey: TRANSFER_KEY,
    baseUrl: server.url,
    exchange: openTransport().exchange,
    clock: systemClock,
    random: () => 0,
  });
  const error = await catchError(uploadPlace(client, createPlace(8_000_000), PLACE));
  expect(error).toMatchObject({ id: 'LX520', kind: 'bad_response' });
});

function write(directory: string, name: string, bytes: Uint8Array): string {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, name);
  writeFileSync(file, bytes);
  return file;
}
