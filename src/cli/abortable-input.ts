import type { InputStream } from '../context.ts';
import { raceAbort } from '../race-abort.ts';

/** The same input, whose reader hears of an abort, with the signal's reason, also where nothing more ever comes. */
export function createAbortableInput(input: InputStream, signal: AbortSignal): InputStream {
  return {
    [Symbol.asyncIterator]: () => {
      const iterator = input[Symbol.asyncIterator]();
      return {
        next: () => raceAbort(iterator.next(), signal),
        return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
      };
    },
    get isTTY() {
      return input.isTTY;
    },
    setRawMode: (isRaw) => input.setRawMode?.(isRaw),
    close: () => input.close?.(),
  };
}
