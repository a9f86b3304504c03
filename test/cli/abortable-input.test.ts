import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { createAbortableInput } from '../../src/cli/abortable-input.ts';
import { readApiKeyFile } from '../../src/config/api-key-file.ts';
import { loadSource } from '../../src/script/load-source.ts';

const REASON = new Error('stopped');

test('what comes is passed on, and the end too', async () => {
  const input = createAbortableInput(Readable.from(['a', 'b']), new AbortController().signal);
  const chunks: unknown[] = [];
  for await (const chunk of input) chunks.push(chunk);
  expect(chunks).toEqual(['a', 'b']);
});

test('whether it is a terminal, its raw mode and its end are those of the input', () => {
  const calls: string[] = [];
  const terminal = Object.assign(Readable.from([]), {
    isTTY: true,
    setRawMode: (isRaw: boolean) => calls.push(isRaw ? 'raw' : 'cooked'),
    close: () => void calls.push('closed'),
  });
  const input = createAbortableInput(terminal, new AbortController().signal);
  input.setRawMode?.(true);
  input.close?.();
  expect({ isTTY: input.isTTY, calls }).toEqual({ isTTY: true, calls: ['raw', 'closed'] });
});

test.each<[name: string, read: (stdin: AsyncIterable<Uint8Array | string>, signal: AbortSignal) => unknown]>([
  ['a script', (stdin, signal) => loadSource('-', { cwd: '/', stdin, signal })],
  ['a key', (stdin) => readApiKeyFile({ file: '-', cwd: '/', stdin })],
])('an abort ends the wait for the rest of %s', async (_name, read) => {
  const stopping = new AbortController();
  const pipe = new PassThrough();
  pipe.write('return 1');
  const reading = read(createAbortableInput(pipe, stopping.signal), stopping.signal);
  await new Promise((resolve) => setImmediate(resolve));
  stopping.abort(REASON);
  await expect(reading).rejects.toBe(REASON);
});

test.skipIf(process.platform === 'win32')('an abort ends the wait for a pipe that has a name', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'luau-exec-pipe-'));
  const pipe = join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const stopping = new AbortController();
  const reading = loadSource(pipe, { cwd: '/', stdin: Readable.from([]), signal: stopping.signal });
  const outcome = expect(reading).rejects.toBe(REASON);
  await new Promise((resolve) => setImmediate(resolve));
  stopping.abort(REASON);
  await outcome;
  // Lets go of the thread that is still waiting for somebody to write.
  closeSync(openSync(pipe, constants.O_RDWR | constants.O_NONBLOCK));
  rmSync(directory, { recursive: true });
});
