import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { spoolBytes } from '../../src/open-cloud/spool-bytes.ts';
import { catchError, createBytes, digest } from '../helpers/transfer-session.ts';
import { setTemporaryDirectory } from '../place/fake-rojo.ts';

const MIB = 1024 * 1024;
let temporary: string;
let restore: () => void;
beforeEach(() => {
  temporary = mkdtempSync(join(tmpdir(), 'spool-test-'));
  restore = setTemporaryDirectory(temporary);
});
afterEach(() => {
  restore();
  rmSync(temporary, { recursive: true, force: true });
});

/** Pieces of a stream, and how many of them were asked for. */
function stream(pieces: Iterable<Uint8Array | string>, end?: Error) {
  const asked = { count: 0 };
  const chunks = (async function* () {
    for (const piece of pieces) {
      asked.count++;
      yield piece;
    }
    if (end) throw end;
  })();
  return { chunks, asked };
}

function* repeat(piece: Uint8Array, count: number) {
  for (let index = 0; index < count; index++) yield piece;
}

describe('a stream', () => {
  it('is in a file that only its owner may read, and goes with it', async () => {
    const bytes = createBytes(300_000);
    const { chunks } = stream([bytes.subarray(0, 7), bytes.subarray(7, 250_000), bytes.subarray(250_000)]);
    const spooled = await spoolBytes(chunks);
    expect(spooled.sizeBytes).toBe(300_000);
    expect(digest(readFileSync(spooled.file))).toBe(digest(bytes));
    expect(statSync(spooled.file).mode & 0o777).toBe(0o600);
    expect(readdirSync(temporary).map((name) => statSync(join(temporary, name)).mode & 0o777)).toEqual([
      0o700,
    ]);
    await spooled.remove();
    await spooled.remove();
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('of text is in UTF-8', async () => {
    const spooled = await spoolBytes(stream(['é', '']).chunks);
    expect(readFileSync(spooled.file, 'utf8')).toBe('é');
    expect(spooled.sizeBytes).toBe(2);
    await spooled.remove();
  });

  it('of exactly 100 MiB fits', async () => {
    const spooled = await spoolBytes(stream(repeat(Buffer.alloc(MIB), 100)).chunks);
    expect(statSync(spooled.file).size).toBe(100 * MIB);
    await spooled.remove();
  });
});

describe('nothing is left', () => {
  afterEach(() => {
    expect(readdirSync(temporary)).toEqual([]);
  });

  it('of an empty stream', async () => {
    const error = await catchError(spoolBytes(stream([]).chunks));
    expect(error).toMatchObject({ id: 'LX015', message: 'the binary input is empty' });
  });

  it('of one that is too long, which is read no further', async () => {
    const { chunks, asked } = stream(repeat(Buffer.alloc(MIB), 1_000_000));
    const error = await catchError(spoolBytes(chunks));
    expect(error).toMatchObject({ id: 'LX015', kind: 'usage' });
    expect(asked.count).toBe(101);
  });

  it('of one that breaks off', async () => {
    const broken = new Error('the pipe broke');
    await expect(spoolBytes(stream([createBytes(99)], broken).chunks)).rejects.toBe(broken);
  });

  it.each([
    ['before the first byte', []],
    ['in the middle', ['some ', 'bytes']],
  ])('of one that stands still when it is stopped %s', async (_name, pieces) => {
    const stop = new AbortController();
    const still = (async function* () {
      yield* pieces;
      await new Promise(() => undefined);
    })();
    const spooling = spoolBytes(still, { signal: stop.signal });
    while (readdirSync(temporary).length === 0) await turn();
    for (let turns = 0; turns < 20; turns++) await turn();
    const reason = new Error('the user said so');
    stop.abort(reason);
    await expect(spooling).rejects.toBe(reason);
  });
});

test('without a place to keep it, nothing is read', async () => {
  rmSync(temporary, { recursive: true });
  const { chunks, asked } = stream(['x']);
  const error = await catchError(spoolBytes(chunks));
  expect(error).toMatchObject({ id: 'LX074', kind: 'io' });
  expect(error.message).toContain(`cannot make a directory in ${temporary}`);
  expect(asked.count).toBe(0);
  expect(existsSync(temporary)).toBe(false);
});
