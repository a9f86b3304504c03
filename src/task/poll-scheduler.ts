import type { Clock } from '../clock.ts';
import type { RateWindow } from '../open-cloud/pacing.ts';
import { type Cadence, decideNextLookMs, decideResetWaitMs } from './poll-cadence.ts';

export interface PollSchedulerOptions {
  clock: Clock;
  cadence: Cadence;
  /** The window of the reads as the service last reported it. */
  readWindow: () => RateWindow | null;
  random?: () => number;
}

/** One task that is being watched. */
export interface PollSlot {
  /** Resolves when it is time to look again; rejects with the signal's reason. */
  waitForTurn(signal: AbortSignal): Promise<void>;
  /** The task needs no more looks. */
  leave(): void;
}

/**
 * Shares the reads that the key's owner may make among all tasks that this process watches. One for each process and
 * key: a second one would spend the same window twice.
 */
export class PollScheduler {
  readonly cadence: Cadence;
  readonly #options: PollSchedulerOptions;
  readonly #createdAtMs = new Set<{ value: number }>();
  #looksSinceWindow = 0;
  #lastWindow: RateWindow | null = null;

  constructor(options: PollSchedulerOptions) {
    this.#options = options;
    this.cadence = options.cadence;
  }

  /** `createdAtMs` is on the scheduler's clock. */
  join(createdAtMs: number): PollSlot {
    const entry = { value: createdAtMs };
    this.#createdAtMs.add(entry);
    let looks = 0;
    let lastLookMs = createdAtMs;
    return {
      waitForTurn: async (signal) => {
        const { clock, cadence, random = Math.random } = this.#options;
        const nowMs = clock.now();
        const waitMs = decideNextLookMs({
          cadence,
          ageMs: nowMs - createdAtMs,
          looks,
          sinceLookMs: nowMs - lastLookMs,
          agesMs: [...this.#createdAtMs].map((other) => nowMs - other.value),
          window: this.#readWindow(),
          nowMs,
          random,
        });
        if (waitMs > 0) await clock.sleep(waitMs, signal);
        // Others may have used the window up meanwhile. Once only: a service whose reset never comes is asked anyway.
        const resetWaitMs = decideResetWaitMs(this.#readWindow(), clock.now(), random);
        if (resetWaitMs > 0) await clock.sleep(resetWaitMs, signal);
        lastLookMs = clock.now();
        looks++;
        this.#looksSinceWindow++;
      },
      leave: () => this.#createdAtMs.delete(entry),
    };
  }

  /** The last reported window, less the looks that were sent since it was reported. */
  #readWindow(): RateWindow | null {
    const window = this.#options.readWindow();
    if (window !== this.#lastWindow) {
      this.#lastWindow = window;
      this.#looksSinceWindow = 0;
    }
    return window && { ...window, remaining: Math.max(0, window.remaining - this.#looksSinceWindow) };
  }
}
