import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { readSecret } from '../../src/cli/read-secret.ts';
import type { InputStream } from '../../src/context.ts';

function openTerminal() {
  const events: string[] = [];
  const keyboard = new PassThrough();
  const stop = new AbortController();
  const stdin: InputStream = {
    isTTY: true,
    setRawMode: (isRaw) => events.push(isRaw ? 'raw' : 'cooked'),
    [Symbol.asyncIterator]: () => keyboard[Symbol.asyncIterator](),
  };
  const stderr = { write: (text: string) => events.push(text) > 0 };
  const reading = readSecret({ text: 'Key: ', stdin, stderr, signal: stop.signal });
  return { keyboard, events, stop, reading };
}

const QUIET = ['raw', 'Key: ', 'cooked', '\n'];

describe('the prompt', () => {
  it('hides before it asks, shows nothing, and gives the terminal back', async () => {
    const { keyboard, events, reading } = openTerminal();
    keyboard.write(Buffer.from([0x61, 0xc3]));
    keyboard.write(Buffer.from([0xa9, 0x0d]));
    expect(await reading).toBe('aé');
    expect(events).toEqual(QUIET);
    expect(keyboard.destroyed).toBe(true);
  });

  it.each(['abc\x03', ''])('ends as interrupted after %j and the end of the input', async (typed) => {
    const { keyboard, events, reading } = openTerminal();
    keyboard.end(typed);
    await expect(reading).rejects.toMatchObject({ id: 'LX602', kind: 'interrupted' });
    expect(events).toEqual(QUIET);
  });

  it('gives the terminal back when a signal comes', async () => {
    const { keyboard, events, stop, reading } = openTerminal();
    const reason = new Error('stopped by SIGTERM');
    keyboard.write('abc');
    stop.abort(reason);
    await expect(reading).rejects.toBe(reason);
    expect(events).toEqual(QUIET);
    keyboard.destroy();
  });
});
