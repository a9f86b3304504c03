import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { createAbortableInput } from '../../../src/cli/abortable-input.ts';
import { readKeys, type WatchKey } from '../../../src/cli/watch/read-keys.ts';
import type { InputStream } from '../../../src/context.ts';

function openTerminal() {
  const modes: string[] = [];
  const keyboard = new PassThrough();
  const stop = new AbortController();
  const stdin: InputStream = {
    isTTY: true,
    setRawMode: (isRaw) => modes.push(isRaw ? 'raw' : 'cooked'),
    close: () => {
      modes.push('closed');
      keyboard.destroy();
    },
    [Symbol.asyncIterator]: () => keyboard[Symbol.asyncIterator](),
  };
  const typed: WatchKey[] = [];
  const read = async (input: InputStream) => {
    for await (const key of readKeys(input)?.(stop.signal) ?? []) typed.push(key);
  };
  return { keyboard, modes, stop, stdin, typed, read };
}

const GIVEN_BACK = ['raw', 'cooked', 'closed'];

describe('the keys', () => {
  it('are r, q and Ctrl-C, whatever comes between them', async () => {
    const { keyboard, modes, typed, stdin, read } = openTerminal();
    keyboard.end('xr\r\n \x00Ré\x7fq\x03');
    await read(stdin);
    expect(typed).toEqual(['run', 'quit', 'interrupt']);
    expect(modes).toEqual(GIVEN_BACK);
  });

  it.each([
    ['an arrow', '\x1b[A'],
    ['a function key', '\x1bOR'],
    ['a key of the number pad', '\x1bOq'],
    ['a key with modifiers', '\x1b[1;5r'],
    ['Alt and a key', '\x1br'],
    ['a sequence in two pieces', '\x1b[1;', '5q'],
    ['the Escape key alone', '\x1b'],
  ])('do not come from %s', async (_name, ...pieces) => {
    const { typed, stdin, read } = openTerminal();
    await read({ ...stdin, [Symbol.asyncIterator]: () => oneByOne([...pieces, 'r', '\x1b[', '\x03']) });
    expect(typed).toEqual(['run', 'interrupt']);
  });

  it('may come as bytes', async () => {
    const { keyboard, typed, stdin, read } = openTerminal();
    keyboard.end(Buffer.from('r'));
    await read(stdin);
    expect(typed).toEqual(['run']);
  });

  it('do not exist where stdin is no terminal', () => {
    const { stdin, modes } = openTerminal();
    expect(readKeys({ ...stdin, isTTY: false })).toBeNull();
    expect(readKeys(new PassThrough())).toBeNull();
    expect(modes).toEqual([]);
  });
});

describe('the terminal is given back', () => {
  it.each([
    ['the input itself', (stdin: InputStream) => stdin],
    [
      'one that hears of it first',
      (stdin: InputStream, signal: AbortSignal) => createAbortableInput(stdin, signal),
    ],
  ])('when the signal aborts, with %s', async (_name, wrap) => {
    const { stdin, modes, stop, read, typed } = openTerminal();
    const reading = read(wrap(stdin, stop.signal));
    await new Promise((resolve) => setImmediate(resolve));
    expect(modes).toEqual(['raw']);
    stop.abort(new Error('stopped'));
    await reading;
    expect({ modes, typed }).toEqual({ modes: GIVEN_BACK, typed: [] });
  });

  it('when the reader leaves', async () => {
    const { keyboard, stdin, modes, stop } = openTerminal();
    keyboard.write('qr');
    for await (const key of readKeys(stdin)?.(stop.signal) ?? []) {
      expect(key).toBe('quit');
      break;
    }
    expect(modes).toEqual(GIVEN_BACK);
  });

  it('when the input fails, and the failure is told', async () => {
    const { keyboard, stdin, modes, read } = openTerminal();
    const failure = new Error('EIO');
    const reading = read(stdin);
    keyboard.destroy(failure);
    await expect(reading).rejects.toBe(failure);
    expect(modes).toEqual(GIVEN_BACK);
  });

  it('without having been taken, after an abort', async () => {
    const { stdin, modes, stop, read } = openTerminal();
    stop.abort();
    await read(stdin);
    expect(modes).toEqual([]);
  });
});

async function* oneByOne(pieces: readonly string[]): AsyncGenerator<string> {
  yield* pieces;
}
