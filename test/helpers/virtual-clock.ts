import type { Clock } from '../../src/clock.ts';

interface Sleeper {
  dueMs: number;
  wake: () => void;
}

/**
 * A clock for work that touches nothing real: `runToEnd` goes from sleeper to sleeper as fast as the machine can, some
 * hundred thousand of them in a second.
 */
export class VirtualClock implements Clock {
  #nowMs: number;
  #sleepers: Sleeper[] = [];
  /** Every sleep that was asked for, in milliseconds. */
  readonly sleeps: number[] = [];

  constructor(startMs = 0) {
    this.#nowMs = startMs;
  }

  readonly now = (): number => this.#nowMs;
  readonly wallNow = (): number => this.#nowMs;

  readonly sleep = (ms: number, signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      this.sleeps.push(ms);
      if (signal?.aborted) return reject(signal.reason);
      const sleeper: Sleeper = {
        dueMs: this.#nowMs + ms,
        wake: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#sleepers = this.#sleepers.filter((other) => other !== sleeper);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#sleepers.push(sleeper);
    });

  /** Wakes sleepers in order until nobody sleeps. Throws when more than `maxWakes` were woken: somebody never ends. */
  async runToEnd(maxWakes = Number.POSITIVE_INFINITY): Promise<void> {
    await settle();
    for (let wakes = 0; this.#sleepers.length > 0; wakes++) {
      if (wakes >= maxWakes) throw new Error(`still sleeping after ${maxWakes} sleeps`);
      const next = this.#sleepers.reduce((best, other) => (other.dueMs < best.dueMs ? other : best));
      this.#sleepers.splice(this.#sleepers.indexOf(next), 1);
      this.#nowMs = Math.max(this.#nowMs, next.dueMs);
      next.wake();
      await settle();
    }
  }
}

/** Turns enough for the longest chain of promises here to come to rest; a turn of the event loop costs much more. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 16; turn++) await Promise.resolve();
}
