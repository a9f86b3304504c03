import type { Clock } from '../../clock.ts';
import { MemoryStoreFailure } from './memory-store-failure.ts';

const UNITS_PER_MINUTE = 1_000;
const WINDOW_MS = 60_000;

/** The request units of one universe, in windows of 60 s that begin with each minute of the wall clock. */
export class RequestUnits {
  readonly #clock: Clock;
  #window = Number.NaN;
  #used = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Throws TotalRequestsOverLimit where fewer than `units` are left; such a request costs nothing. */
  take(units: number): void {
    const window = Math.floor(this.#clock.wallNow() / WINDOW_MS);
    if (window !== this.#window) this.#used = 0;
    this.#window = window;
    if (this.#used + units > UNITS_PER_MINUTE) {
      const words = `a universe has ${UNITS_PER_MINUTE} request units a minute, and ${this.#used} of them are used`;
      throw new MemoryStoreFailure('TotalRequestsOverLimit', words);
    }
    this.#used += units;
  }
}
