import { mkdirSync, readFileSync, renameSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Fault } from '../../src/emulator/faults.ts';
import { downloadBinaryOutput } from '../../src/open-cloud/download.ts';
import { openPartFile } from '../../src/open-cloud/part-file.ts';
import {
  catchError,
  createBytes,
  digest,
  listNames,
  sha256,
  TRANSFER_KEY,
  useDirectories,
  useTransferSessions,
} from '../helpers/transfer-session.ts';
import { useRawServers } from './raw-server.ts';

const openSession = useTransferSessions();
const openDirectory = useDirectories();
const { startServer, open: openTransport } = useRawServers();
const BYTES = createBytes(1_000_000);
const GET = expect.stringMatching(/^GET \/emulator\/binary-outputs\//);
type Fail = Omit<Fault, 'request'>;

/** A session with an output to be had, and the file that it is to go to. */
async function open({ faults = [], output = BYTES }: { faults?: Fail[]; output?: Uint8Array } = {}) {
  const session = await openSession({
    output,
    faults: faults.map((fault) => ({ request: 'downloadBinaryOutput', ...fault })),
  });
  const uri = await session.createOutput();
  const file = join(session.directory, 'out.bin');
  const download = () => downloadBinaryOutput(uri, file, session.options);
  return { ...session, session, uri, file, download };
}

describe('what is downloaded', () => {
  it.each([0, 1, 65_536, 1_000_000])('%i bytes are in the file, and nothing beside it', async (size) => {
    const output = createBytes(size);
    const { download, file, directory } = await open({ output });
    expect(await download()).toEqual({ sizeBytes: size, sha256: sha256(output) });
    expect(digest(readFileSync(file))).toBe(digest(output));
    expect(listNames(directory)).toEqual(['out.bin']);
  });

  it('takes the place of what was there, and of what an earlier process left', async () => {
    const { download, file, directory } = await open();
    writeFileSync(file, 'old');
    writeFileSync(`${file}.part`, 'left');
    await download();
    expect(digest(readFileSync(file))).toBe(digest(BYTES));
    expect(listNames(directory)).toEqual(['out.bin']);
  });

  it('is asked for without the key, and traced without what makes the URI secret', async () => {
    const { download, requests, storeHeaders, traces } = await open();
    await download();
    expect(requests).toEqual([GET]);
    const [headers = []] = storeHeaders;
    expect(headers.filter((_, index) => index % 2 === 0).sort()).toEqual([
      'connection',
      'host',
      'user-agent',
    ]);
    expect(JSON.stringify(storeHeaders)).not.toContain(TRANSFER_KEY);
    expect(traces).toMatchObject([{ method: 'GET', status: 200 }]);
    expect(traces[0]?.url).toMatch(/\/emulator\/binary-outputs\/[\w-]+$/);
  });

  it('is told while it goes on', async () => {
    const { download, progress } = await open();
    await download();
    expect(new Set(progress.map(({ totalBytes }) => totalBytes))).toEqual(new Set([1_000_000]));
    const done = progress.map(({ doneBytes }) => doneBytes);
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(done.at(-1)).toBe(1_000_000);
    expect(done.length).toBeGreaterThan(5);
  });
});

describe('a failed try', () => {
  it.each<[name: string, faults: Fail[]]>([
    ['HTTP 503', [{ do: { answer: { status: 503, body: 'down' } } }]],
    ['HTTP 429', [{ do: { answer: { status: 429 } } }]],
    ['HTTP 408', [{ do: { answer: { status: 408 } } }]],
    ['an answer without a body', [{ do: { answer: { status: 204 } } }]],
    ['a part that nobody asked for', [{ do: { answer: { status: 206, body: 'part' } } }]],
    ['a reset', [{ do: { reset: 'after' } }]],
    ['too few bytes', [{ do: { truncate: 999_999 } }]],
    ['a pause for ever', [{ do: { never: true } }]],
  ])('by %s is repeated from the start', async (_name, faults) => {
    const { download, file, requests, waits, directory } = await open({ faults });
    await download();
    expect(requests).toEqual([GET, GET]);
    expect(waits).toMatchObject([{ operation: 'downloadBinaryOutput', reason: 'retry', waitMs: 1_000 }]);
    expect(digest(readFileSync(file))).toBe(digest(BYTES));
    expect(listNames(directory)).toEqual(['out.bin']);
  });

  it('is repeated four times', async () => {
    const { download, directory, requests } = await open({
      faults: [
        { times: 5, do: { answer: { status: 502, body: '<html><title>Bad Gateway</title></html>' } } },
      ],
    });
    expect(await catchError(download())).toMatchObject({
      id: 'LX540',
      kind: 'unavailable',
      message: 'downloading the binary output failed for 15 s (last: HTTP 502 HTML, 5 tries)',
      facts: [],
      attempts: [1_000, 2_000, 4_000, 8_000, null].map((waitMs) => ({ waitMs, httpStatus: 502 })),
    });
    expect(requests).toHaveLength(5);
    expect(listNames(directory)).toEqual([]);
  });

  it.each([400, 403, 404, 410])('by HTTP %i is final', async (status) => {
    const { download, directory, requests } = await open({
      faults: [{ do: { answer: { status, body: 'Request has expired' } } }],
    });
    expect(await catchError(download())).toMatchObject({
      id: 'LX540',
      kind: 'unavailable',
      message: `downloading the binary output was refused (${status})`,
      facts: ['the service says: "Request has expired"', expect.stringContaining('15 minutes')],
    });
    expect(requests).toEqual([GET]);
    expect(listNames(directory)).toEqual([]);
  });

  it('leaves what was there', async () => {
    const { download, file, directory } = await open({ faults: [{ do: { answer: { status: 404 } } }] });
    writeFileSync(file, 'old');
    await catchError(download());
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(listNames(directory)).toEqual(['out.bin']);
  });
});

describe('an answer that ends', () => {
  const download = async (head: string, body: string[]) => {
    const server = await startServer({
      onRequest: (socket) => {
        socket.write(`HTTP/1.1 200 OK\r\n${head}\r\n\r\n`);
        for (const piece of body) socket.write(piece);
        socket.end();
      },
    });
    const directory = openDirectory();
    const file = join(directory, 'out.bin');
    const totals: (number | null)[] = [];
    const options = {
      client: { origin: server.url },
      stream: openTransport().stream,
      clock: systemClock,
      random: () => 0,
      onProgress: ({ totalBytes }: { totalBytes: number | null }) => totals.push(totalBytes),
    };
    const end = await downloadBinaryOutput(`${server.url}/x`, file, options).then(
      () => readFileSync(file, 'utf8'),
      ({ id, message }) => `${id} ${message}`,
    );
    return { end, names: listNames(directory), tries: server.requests.length, totals };
  };

  it('with its last chunk is whole', async () => {
    const run = await download('transfer-encoding: chunked', ['5\r\nhello\r\n', '0\r\n\r\n']);
    expect(run).toEqual({ end: 'hello', names: ['out.bin'], tries: 1, totals: [null] });
  });

  it.each([
    ['before its last chunk', 'transfer-encoding: chunked', ['5\r\nhello\r\n']],
    ['before its length', 'content-length: 9', ['hello']],
    ['before its length, as announced', 'connection: close\r\ncontent-length: 9', ['hello']],
    ['with its connection', 'connection: close', ['hello']],
  ])('%s is not', async (_name, head, body) => {
    const { end, names, tries } = await download(head, body);
    expect(end).toMatch(/^LX540 downloading the binary output failed for 1 s \(last: .*, 5 tries\)$/);
    expect([names, tries]).toEqual([[], 5]);
  });

  it('after more than an output can be is cut off', async () => {
    const { end, names, tries } = await download('content-length: 268435457', ['hello']);
    expect(end).toBe('LX520 the answer is too large: it is larger than 256 MiB');
    expect([names, tries]).toEqual([[], 1]);
  });
});

describe('a file', () => {
  it.each<[name: string, reason: string, make: (file: string) => void]>([
    ['that is a directory', 'it is a directory', (file) => mkdirSync(file)],
    ['that is a link to a file', 'it is a symbolic link', (file) => symlinkSync('/etc/hostname', file)],
    ['that is a link to nothing', 'it is a symbolic link', (file) => symlinkSync('nothing', file)],
    ['beside which a link lies', 'it is a symbolic link', (file) => symlinkSync('x', `${file}.part`)],
    ['beside which a directory lies', 'it is a directory', (file) => mkdirSync(`${file}.part`)],
  ])('%s is refused before anything is sent', async (_name, reason, make) => {
    const { download, directory, file, requests } = await open();
    make(file);
    const before = listNames(directory);
    const error = await catchError(download());
    expect(error).toMatchObject({ id: 'LX074', kind: 'io' });
    expect(error.message).toMatch(new RegExp(`^cannot write .*/out\\.bin(\\.part)?: ${reason}$`));
    expect(requests).toEqual([]);
    expect(listNames(directory)).toEqual(before);
  });

  it.each([
    ['in a directory that is not there', (directory: string) => join(directory, 'none', 'out.bin')],
    ['below a file', () => '/dev/null/out.bin'],
    ['that is a device', () => '/dev/null'],
    ['with a name that is too long', (directory: string) => join(directory, 'x'.repeat(255))],
  ])('%s is refused before anything is sent', async (_name, choose) => {
    const { uri, session, requests } = await open();
    const error = await catchError(downloadBinaryOutput(uri, choose(session.directory), session.options));
    expect(error).toMatchObject({ id: 'LX074', kind: 'io' });
    expect(requests).toEqual([]);
  });

  it('that another process takes away is not put in place', async () => {
    const { uri, file, session, directory } = await open();
    let isTaken = false;
    const onProgress = () => {
      if (isTaken) return;
      isTaken = true;
      unlinkSync(`${file}.part`);
      writeFileSync(`${file}.part`, 'half of another');
    };
    const error = await catchError(downloadBinaryOutput(uri, file, { ...session.options, onProgress }));
    expect(error.message).toMatch(/out\.bin\.part was replaced meanwhile$/);
    expect(listNames(directory)).not.toContain('out.bin');
  });

  it('that became a directory meanwhile is left as it is', async () => {
    const { uri, file, session, directory } = await open();
    const onProgress = () => mkdirSync(file, { recursive: true });
    const pending = downloadBinaryOutput(uri, file, { ...session.options, onProgress });
    expect(await catchError(pending)).toMatchObject({ id: 'LX074', kind: 'io' });
    expect(listNames(directory)).toEqual(['out.bin']);
  });

  it('that became a link meanwhile is replaced, not what it leads to', async () => {
    const { uri, file, session, directory } = await open();
    const other = join(directory, 'other');
    writeFileSync(other, 'other');
    let isLinked = false;
    const onProgress = () => {
      if (!isLinked) symlinkSync(other, file);
      isLinked = true;
    };
    await downloadBinaryOutput(uri, file, { ...session.options, onProgress });
    expect(readFileSync(other, 'utf8')).toBe('other');
    expect(digest(readFileSync(file))).toBe(digest(BYTES));
  });
});

test('a download that is stopped leaves nothing, during a try and between two', async () => {
  const { uri, file, session, directory, requests } = await open({
    faults: [{ do: { answer: { status: 503 } } }],
  });
  for (const moment of ['onWait', 'onProgress'] as const) {
    const stop = new AbortController();
    const reason = new Error('the user said so');
    const options = { ...session.options, signal: stop.signal, [moment]: () => stop.abort(reason) };
    await expect(downloadBinaryOutput(uri, file, options)).rejects.toBe(reason);
    await expect(downloadBinaryOutput(uri, file, options)).rejects.toBe(reason);
    expect(listNames(directory)).toEqual([]);
  }
  expect(requests).toEqual([GET, GET]);
});

test('a file that begins again holds nothing of the first try', async () => {
  const directory = openDirectory();
  const file = join(directory, 'out.bin');
  const part = await openPartFile(file);
  part.write(Buffer.from('a long beginning'));
  await part.restart();
  part.write(Buffer.from('sh'));
  part.write(Buffer.from('ort'));
  await part.finish();
  await part.discard();
  expect(readFileSync(file, 'utf8')).toBe('short');
  // What came to its place is no business of the part's any more.
  renameSync(file, `${file}.part`);
  await part.discard();
  expect(listNames(directory)).toEqual(['out.bin.part']);
});
