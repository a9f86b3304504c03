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
  /** The window that is open now: the reported one, or the one that has followed it. Null while nothing is known. */
  #window: RateWindow | null = null;
  /** Looks that `#window` does not count yet. */
  #looks = 0;
  /** All looks since `#window` was opened. */
  #spent = 0;
  /** When looks were made that no window counts, within the last minute. */
  #unknownLooksMs: number[] = [];

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
        this.#spent++;
        if (this.#window === null) this.#unknownLooksMs.push(lastLookMs);
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
    if (this.#window && this.#window.resetAtMs <= nowMs) this.#openNext(this.#window, nowMs);
    if (!this.#window) return this.#assume(nowMs);
    return { ...this.#window, remaining: Math.max(0, this.#window.remaining - this.#looks) };
  }

  /** The limit stays what it was, until answers come that name none. */
  #openNext({ limit }: RateWindow, nowMs: number): void {
    this.#spent = 0;
    this.#unknownLooksMs = [];
    if (this.#options.readWindow() === null) this.#window = null;
    else this.#open({ limit, remaining: limit, resetAtMs: nowMs + WINDOW_MS });
  }

  /** Where the service names no limit, or none that can be true, no minute sees more than the lower of the two it has. */
  #assume(nowMs: number): RateWindow {
    this.#unknownLooksMs = this.#unknownLooksMs.filter((lookMs) => lookMs > nowMs - WINDOW_MS);
    const [oldestMs = nowMs] = this.#unknownLooksMs;
    const remaining = Math.max(0, ASSUMED_LIMIT - this.#unknownLooksMs.length);
    return { limit: ASSUMED_LIMIT, remaining, resetAtMs: oldestMs + WINDOW_MS };
  }

  /** Answers can overtake each other: what was left of a window does not grow, and one that is over is not news. */
  #note(reported: RateWindow, nowMs: number): void {
    const open = this.#window;
    if (reported.resetAtMs <= nowMs) return;
    const isSame = open !== null && Math.abs(reported.resetAtMs - open.resetAtMs) < WINDOW_MS / 2;
    if (!isSame) this.#spent = 0;
    // What we have taken ourselves is gone, whatever is said.
    const own = reported.limit - Math.max(0, this.#spent - this.#countReading());
    const remaining = Math.min(reported.remaining, own, isSame ? open.remaining : own);
    this.#open({ ...reported, remaining });
  }

  /** Reads that are under way may have been counted by the service already; to be safe they count here too. */
  #open(window: RateWindow): void {
    this.#window = window;
    this.#looks = this.#countReading();
  }

  #countReading(): number {
    return [...this.#entries].filter(({ isReading }) => isReading).length;
  }
}
