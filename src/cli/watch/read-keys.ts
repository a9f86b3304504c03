import type { InputStream } from '../../context.ts';
import { type KeySequence, readSequence } from '../secret-line.ts';

/** `interrupt` is Ctrl-C, which is a key like any other where keys come raw. */
export type WatchKey = 'run' | 'quit' | 'interrupt';

/** Yields keys until the signal aborts or the input ends. */
export type KeyReader = (signal: AbortSignal) => AsyncIterable<WatchKey>;

const INTERRUPT = '\x03';
const KEYS: ReadonlyMap<string, WatchKey> = new Map([
  ['r', 'run'],
  ['q', 'quit'],
  [INTERRUPT, 'interrupt'],
]);

/**
 * How to read the keys that `run --watch` obeys, or null where stdin is no terminal. The terminal gives keys out as they
 * are typed only while somebody reads them, and is left as it was found, whatever happens.
 */
export function readKeys(stdin: InputStream): KeyReader | null {
  if (stdin.isTTY !== true || stdin.setRawMode === undefined) return null;
  return (signal) => yieldKeys(stdin, signal);
}

async function* yieldKeys(stdin: InputStream, signal: AbortSignal): AsyncGenerator<WatchKey> {
  if (signal.aborted) return;
  const input = stdin[Symbol.asyncIterator]();
  const decoder = new TextDecoder();
  let sequence: KeySequence = 'none';
  let stop: () => void = () => undefined;
  const aborted = new Promise<null>((resolve) => {
    stop = () => resolve(null);
    signal.addEventListener('abort', stop, { once: true });
  });
  stdin.setRawMode?.(true);
  try {
    for (;;) {
      const result = await Promise.race([readNext(input, signal), aborted]);
      if (result === null || result.done) return;
      const { value } = result;
      const typed = typeof value === 'string' ? value : decoder.decode(value, { stream: true });
      for (const character of typed) {
        // Whatever came before it: nobody should have to press Ctrl-C twice.
        const isPlain = sequence === 'none' || character === INTERRUPT;
        if (!isPlain) sequence = readSequence(sequence, character);
        else sequence = character === '\x1b' ? 'begun' : 'none';
        const key = isPlain ? KEYS.get(character) : undefined;
        if (key !== undefined) yield key;
      }
      // The Escape key alone; the sequence of another key comes in one piece.
      if (sequence === 'begun') sequence = 'none';
    }
  } finally {
    signal.removeEventListener('abort', stop);
    stdin.setRawMode?.(false);
    // Not awaited: while a read is pending it would wait for one more key.
    void input.return?.();
    stdin.close?.();
  }
}

/** Null where the read fails because of the abort. */
async function readNext(
  input: AsyncIterator<Uint8Array | string>,
  signal: AbortSignal,
): Promise<IteratorResult<Uint8Array | string> | null> {
  try {
    return await input.next();
  } catch (error) {
    if (signal.aborted) return null;
    throw error;
  }
}
