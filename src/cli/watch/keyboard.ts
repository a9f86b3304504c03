import { raceAbort } from '../../race-abort.ts';
import { Interruption } from '../interrupt.ts';
import type { KeyReader } from './read-keys.ts';

/** What has been typed while a loop goes on. */
export interface Keyboard {
  /** Resolves when `r` has been typed since the last time; rejects with the signal's reason. */
  nextWish(signal: AbortSignal): Promise<void>;
  readonly hasQuit: boolean;
  /** Why no more keys can be read; null where all is well. */
  readonly failure: unknown;
  /** Resolves when no more keys are read. */
  readonly closed: Promise<void>;
}

/** Reads keys until `stop` aborts; aborts `ending` when one of them, or a failure, ends the loop. */
export function openKeyboard(
  keys: KeyReader | null,
  { ending, stop }: { ending: AbortController; stop: AbortSignal },
): Keyboard {
  let hasWish = false;
  let hasQuit = false;
  let failure: unknown = null;
  let wake: () => void = () => undefined;
  const listen = async () => {
    for await (const key of keys?.(stop) ?? []) {
      if (key !== 'run') return key;
      hasWish = true;
      wake();
    }
    return null;
  };
  // Aborted only when the terminal is as before: from then on Ctrl-C is a signal again, and stops what still goes on.
  const closed = listen().then(
    (end) => {
      hasQuit = end === 'quit';
      if (end !== null) ending.abort(new Interruption('SIGINT'));
    },
    (error: unknown) => {
      failure = error;
      ending.abort(error);
    },
  );
  return {
    async nextWish(signal) {
      if (!hasWish) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await raceAbort(woken, signal);
      }
      hasWish = false;
    },
    get hasQuit() {
      return hasQuit;
    },
    get failure() {
      return failure;
    },
    closed,
  };
}
