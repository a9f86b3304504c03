import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { streamBinaryOutput } from '../../src/open-cloud/stream-output.ts';
import { catchError, createBytes, digest, sha256, useTransferSessions } from '../helpers/transfer-session.ts';
import { setTemporaryDirectory } from '../place/fake-rojo.ts';

const openSession = useTransferSessions();
const BYTES = createBytes(900_000);
let temporary: string;
let restore: () => void;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'stream-test-'));
  restore = setTemporaryDirectory(temporary);
});
afterEach(() => {
  // The session's own directory lies there too.
  const left = readdirSync(temporary).filter((name) => !name.startsWith('luau-exec-transfer-'));
  expect(left).toEqual([]);
  restore();
  rmSync(temporary, { recursive: true, force: true });
});

/** Takes a piece at each turn, and remembers all of them. */
function collect(failure?: Error) {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    highWaterMark: 1_000,
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk);
      setImmediate(() => done(failure));
    },
  });
  return { stream, chunks };
}

test('a stream gets all bytes, at its own pace, and is ended', async () => {
  const session = await openSession({ output: BYTES });
  const { stream, chunks } = collect();
  const done = await streamBinaryOutput(await session.createOutput(), stream, session.options);
  expect(done).toEqual({ sizeBytes: BYTES.byteLength, sha256: sha256(BYTES) });
  expect(digest(Buffer.concat(chunks))).toBe(digest(BYTES));
  expect(stream.writableFinished).toBe(true);
});

test('a download that breaks off has given the stream nothing, and is tried again', async () => {
  const faults = [
    { request: 'downloadBinaryOutput', do: { truncate: 500_000 } },
    { request: 'downloadBinaryOutput', nth: 2, do: { answer: { status: 404 } } },
  ] as const;
  const session = await openSession({ output: BYTES, faults });
  const { stream, chunks } = collect();
  const error = await catchError(streamBinaryOutput(await session.createOutput(), stream, session.options));
  expect(error.id).toBe('LX540');
  expect(chunks).toEqual([]);
});

test('a stream that fails, and a caller who stops, are heard', async () => {
  const session = await openSession({ output: BYTES });
  const uri = await session.createOutput();
  const broken = new Error('no more');
  await expect(streamBinaryOutput(uri, collect(broken).stream, session.options)).rejects.toBe(broken);
  const stop = new AbortController();
  const reason = new Error('the user said so');
  const { stream } = collect();
  stream.once('drain', () => stop.abort(reason));
  const options = { ...session.options, signal: stop.signal };
  await expect(streamBinaryOutput(uri, stream, options)).rejects.toBe(reason);
});
