import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import type { OutputStream } from '../../src/context.ts';
import { LuauExecError } from '../../src/errors.ts';
import { createRedactor, createSink } from '../../src/output/redact.ts';
import { writeOut, writePieces } from '../../src/output/write-out.ts';
import { MemoryStream } from './memory-stream.ts';

/** A real stream as main.ts hands it over: its `error` event has a listener, as else Node ends the process. */
function createOutput(stream: Writable): OutputStream {
  stream.on('error', () => {});
  return { write: (text, done) => stream.write(text, done) };
}

/** A stream whose every write fails. */
function createBroken(code: string): OutputStream & { tries: number } {
  return {
    tries: 0,
    write(_text, done) {
      this.tries++;
      done?.(Object.assign(new Error(code), { code }));
      return false;
    },
  };
}

describe('writeOut', () => {
  test('5 MB through a slow pipe are complete', async () => {
    // The reader takes a little, does something else for a moment, and goes on.
    const reader = `let bytes = 0;
      process.stdin.on('data', (chunk) => {
        bytes += chunk.length;
        process.stdin.pause();
        setTimeout(() => process.stdin.resume(), 1);
      });
      process.stdin.on('end', () => process.stdout.write(String(bytes)));`;
    const child = spawn(process.execPath, ['-e', reader], { stdio: ['pipe', 'pipe', 'inherit'] });
    let answer = '';
    child.stdout.on('data', (chunk) => {
      answer += String(chunk);
    });
    const text = `${JSON.stringify('é'.repeat(2_500_000))}\n`;
    expect(await writeOut(createSink(createOutput(child.stdin), createRedactor(['secret'])), text)).toBe(
      true,
    );
    expect(child.stdin.writableLength).toBe(0);
    child.stdin.end();
    await once(child, 'close');
    expect(Number(answer)).toBe(Buffer.byteLength(text));
  });

  test('a reader that has gone is no error', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.destroy()'], {
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const output = createOutput(child.stdin);
    await once(child, 'close');
    expect(await writeOut(output, 'x'.repeat(1_000_000))).toBe(false);
    expect(await writeOut(output, 'more')).toBe(false);
  });

  test('a full disk is an io error', async () => {
    // Linux has a device that is always full; elsewhere a stream says what a full disk says.
    const full = Object.assign(new Error('no space left on device'), { code: 'ENOSPC' });
    const output: OutputStream = existsSync('/dev/full')
      ? createOutput(createWriteStream('/dev/full'))
      : {
          write: (_text, done) => {
            done?.(full);
            return false;
          },
        };
    const error = await writeOut(output, 'text').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(LuauExecError);
    expect(error).toMatchObject({
      id: 'LX074',
      kind: 'io',
      message: 'the output could not be written: ENOSPC',
      hint: 'free some space where the output goes',
    });
  });

  test('a stream that throws is an io error too', async () => {
    const output: OutputStream = {
      write: () => {
        throw Object.assign(new Error('read-only'), { code: 'EROFS' });
      },
    };
    await expect(writeOut(output, 'text')).rejects.toMatchObject({ kind: 'io', hint: null });
  });
});

describe('writePieces', () => {
  test('writes in order and leaves out what is empty', async () => {
    const both = new MemoryStream();
    await writePieces(
      [
        { to: 'stderr', text: 'a' },
        { to: 'stdout', text: '' },
        { to: 'stdout', text: 'b' },
        { to: 'stderr', text: 'c' },
      ],
      { stdout: both, stderr: both },
    );
    expect(both.writes).toEqual(['a', 'b', 'c']);
  });

  test('nothing comes between pieces for one stream, however slow it is', async () => {
    const stdout = new MemoryStream();
    const slow: OutputStream = {
      write: (text, done) => stdout.write(text, () => setImmediate(() => done?.())),
    };
    const write = (...texts: string[]) =>
      writePieces(
        texts.map((text) => ({ to: 'stdout', text })),
        { stdout: slow, stderr: slow },
      );
    await Promise.all([write('1', '2', '3'), write('4', '5')]);
    expect(stdout.text).toBe('12345');
  });

  const PIECES = [
    { to: 'stdout', text: 'a' },
    { to: 'stderr', text: 'b' },
    { to: 'stdout', text: 'c' },
  ] as const;

  test('stops at a closed stdout and goes on with stderr', async () => {
    const stdout = createBroken('EPIPE');
    const stderr = new MemoryStream();
    await writePieces(PIECES, { stdout, stderr });
    expect([stdout.tries, stderr.text]).toEqual([1, 'b']);
  });

  test('throws what stdout failed with, after the rest is out', async () => {
    const stderr = new MemoryStream();
    await expect(writePieces(PIECES, { stdout: createBroken('ENOSPC'), stderr })).rejects.toMatchObject({
      id: 'LX074',
    });
    expect(stderr.text).toBe('b');
  });

  test.each(['EPIPE', 'ENOSPC'])('passes over a stderr with %s', async (code) => {
    const stdout = new MemoryStream();
    await writePieces(PIECES, { stdout, stderr: createBroken(code) });
    expect(stdout.text).toBe('ac');
  });
});
