import type { Clock } from '../clock.ts';
import type { RateWindow } from '../open-cloud/pacing.ts';
import { ASSUMED_LIMIT, type Cadence, decideNextLookMs, decideResetWaitMs } from './poll-cadence.ts';

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

/** A task that is being watched, as the scheduler sees it. */
interface Entry {
  readonly createdAtMs: number;
  /** True from its turn until it asks for the next one: its read may not be part of what was reported. */
  isReading: boolean;
}

/** A window as far as it is known. */
interface OpenWindow extends RateWindow {
  /** True where the service has said nothing that could be believed. */
  isAssumed: boolean;
}

// All windows of the service last a minute; a reset that is further away than that is not waited for.
const WINDOW_MS = 60_000;

/**
 * Shares the reads that the key's owner may make among all tasks that this process watches. One for each process and
 * key: a second one would spend the same window twice.
 */
export class PollScheduler {
  readonly cadence: Cadence;
  readonly #options: PollSchedulerOptions;
  readonly #entries = new Set<Entry>();
  #reported: RateWindow | null = null;
  #window: OpenWindow | null = null;
  /** Looks that `#window` does not count yet. */
  #looks = 0;

  constructor(options: PollSchedulerOptions) {
    this.#options = options;
    this.cadence = options.cadence;
  }

  /** `createdAtMs` is on the scheduler's clock. */
  join(createdAtMs: number): PollSlot {
    const entry: Entry = { createdAtMs, isReading: false };
    this.#entries.add(entry);
    let looks = 0;
    let lastLookMs = createdAtMs;
    return {
      waitForTurn: async (signal) => {
        const { clock, cadence, random = Math.random } = this.#options;
        entry.isReading = false;
        const nowMs = clock.now();
        const waitMs = decideNextLookMs({
          cadence,
          ageMs: nowMs - createdAtMs,
          looks,
          sinceLookMs: nowMs - lastLookMs,
          agesMs: [...this.#entries].map((other) => nowMs - other.createdAtMs),
          window: this.#readWindow(nowMs),
          nowMs,
          random,
        });
        if (waitMs > 0) await clock.sleep(waitMs, signal);
        await this.#waitForReset(random, signal);
        lastLookMs = clock.now();
        looks++;
        this.#looks++;
        entry.isReading = true;
      },
      leave: () => {
        this.#entries.delete(entry);
        // What the last read reported would be lost when another answer comes first.
        this.#readWindow(this.#options.clock.now());
      },
    };
  }

  /** Others may have used the window up meanwhile, and the next one too when all of them waited for it. */
  async #waitForReset(random: () => number, signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    for (;;) {
      const nowMs = clock.now();
      const waitMs = decideResetWaitMs(this.#readWindow(nowMs), nowMs, random);
      if (waitMs === 0) return;
      await clock.sleep(waitMs, signal);
    }
  }

  /** The window that is open now, less the looks that it does not count yet. */
  #readWindow(nowMs: number): RateWindow {
    const reported = this.#options.readWindow();
    if (reported && reported !== this.#reported) {
      this.#reported = reported;
      this.#note({ ...reported, resetAtMs: Math.min(reported.resetAtMs, nowMs + WINDOW_MS) }, nowMs);
    }
    const open = this.#window && this.#window.resetAtMs > nowMs ? this.#window : this.#openNext(nowMs);
    return { ...open, remaining: Math.max(0, open.remaining - this.#looks) };
  }

  /** The limit stays what it was, until answers come that name none. */
  #openNext(nowMs: number): OpenWindow {
    const isAssumed = this.#window === null || this.#options.readWindow() === null;
    const limit = this.#window === null || isAssumed ? ASSUMED_LIMIT : this.#window.limit;
    return this.#open({ limit, remaining: limit, resetAtMs: nowMs + WINDOW_MS, isAssumed });
  }

  /** Answers can overtake each other: what was left of a window does not grow, and one that is over is not news. */
  #note(reported: RateWindow, nowMs: number): void {
    const open = this.#window;
    if (reported.resetAtMs <= nowMs) return;
    const isSame =
      open !== null && !open.isAssumed && Math.abs(reported.resetAtMs - open.resetAtMs) < WINDOW_MS / 2;
    const remaining = isSame ? Math.min(reported.remaining, open.remaining) : reported.remaining;
    this.#open({ ...reported, remaining, isAssumed: false });
  }

  /** Reads that are under way may have been counted by the service already; to be safe they count here too. */
  #open(window: OpenWindow): OpenWindow {
    this.#window = window;
    this.#looks = [...this.#entries].filter(({ isReading }) => isReading).length;
    return window;
  }
}
