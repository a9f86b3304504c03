import type { Clock } from '../../src/clock.ts';

interface Timer {
  dueMs: number;
  order: number;
  /** True for a sleeper of the world around the program: time does not move on its account. */
  isBackground: boolean;
  fire(): void;
}

/**
 * A clock that a test moves. `advance` moves it by hand; `startAutomatic` moves it to the next sleeper whenever the
 * program sleeps and nothing is held. Work that takes real time (a request on a socket, a Luau worker) is bracketed with
 * `hold`, so that virtual time stands still meanwhile.
 */
export class FakeClock implements Clock {
  #nowMs = 1_000;
  #wallOffsetMs: number;
  #timers: Timer[] = [];
  #order = 0;
  #holds = 0;
  /** How many want time to move by itself. */
  #automatic = 0;
  #isRunning = false;
  /** Every sleep that was asked for, in milliseconds. */
  readonly sleeps: number[] = [];

  constructor(wallStart = '2026-11-21T09:00:00.000Z') {
    this.#wallOffsetMs = Date.parse(wallStart) - this.#nowMs;
  }

  now = (): number => this.#nowMs;
  wallNow = (): number => Math.round(this.#nowMs + this.#wallOffsetMs);

  /** Moves time as for a machine that is suspended: the world around it goes on, and whoever sleeps on it wakes late. */
  async suspend(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    const release = this.hold();
    for (;;) {
      const next = this.#nextTimer(({ isBackground }) => isBackground);
      if (!next || next.dueMs > endMs) break;
      await this.#fire(next);
    }
    this.#nowMs = endMs;
    release();
  }

  /** Moves the wall clock alone, as a clock correction would. */
  jumpWall(ms: number): void {
    this.#wallOffsetMs += ms;
  }

  sleep = (ms: number, signal?: AbortSignal): Promise<void> => {
    this.sleeps.push(ms);
    return this.#sleep(ms, signal, { isBackground: false });
  };

  /** The same time for a server: an automatic clock does not move for its sleepers alone. */
  readonly background: Clock = {
    now: () => this.now(),
    wallNow: () => this.wallNow(),
    sleep: (ms, signal) => this.#sleep(ms, signal, { isBackground: true }),
  };

  #sleep(
    ms: number,
    signal: AbortSignal | undefined,
    { isBackground }: { isBackground: boolean },
  ): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const timer: Timer = {
        dueMs: this.#nowMs + Math.max(0, ms),
        order: this.#order++,
        isBackground,
        fire: () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        },
      };
      const onAbort = () => {
        this.#timers = this.#timers.filter((other) => other !== timer);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.#timers.push(timer);
    });
  }

  get pendingSleeps(): number {
    return this.#timers.length;
  }

  /** Virtual time stands still until the returned function is called. */
  hold(): () => void {
    this.#holds++;
    let isReleased = false;
    return () => {
      if (!isReleased) this.#holds--;
      isReleased = true;
    };
  }

  /** Moves time forward by `ms`, waking sleepers in order and letting each do its work before the next. */
  async advance(ms: number): Promise<void> {
    const endMs = this.#nowMs + ms;
    await settle();
    for (;;) {
      const next = this.#nextTimer();
      if (!next || next.dueMs > endMs) break;
      await this.#fire(next);
    }
    this.#nowMs = endMs;
    await settle();
  }

  /** Moves time by itself from now on, until the returned function is called; where several ask, until the last is. */
  startAutomatic(): () => void {
    this.#automatic++;
    if (!this.#isRunning) void this.#runAutomatic();
    let isStopped = false;
    return () => {
      if (!isStopped) this.#automatic--;
      isStopped = true;
    };
  }

  async #runAutomatic(): Promise<void> {
    this.#isRunning = true;
    while (this.#automatic > 0) {
      await settle();
      const next = this.#nextTimer();
      const isAwaited = this.#timers.some((timer) => !timer.isBackground);
      if (this.#automatic > 0 && this.#holds === 0 && next && isAwaited) await this.#fire(next);
      else await new Promise((resolve) => setImmediate(resolve));
    }
    this.#isRunning = false;
  }

  async #fire(timer: Timer): Promise<void> {
    this.#timers = this.#timers.filter((other) => other !== timer);
    this.#nowMs = Math.max(this.#nowMs, timer.dueMs);
    timer.fire();
    await settle();
  }

  #nextTimer(isMeant: (timer: Timer) => boolean = () => true): Timer | undefined {
    return this.#timers
      .filter(isMeant)
      .reduce<Timer | undefined>(
        (best, timer) =>
          !best || timer.dueMs < best.dueMs || (timer.dueMs === best.dueMs && timer.order < best.order)
            ? timer
            : best,
        undefined,
      );
  }
}

/** A few turns of the event loop: enough for chains of promises and immediates to come to rest. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 3; turn++) await new Promise((resolve) => setImmediate(resolve));
}
