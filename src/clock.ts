/**
 * Time as a value that can be passed in. Durations are measured on the monotonic `now`, so that a wall clock that
 * jumps changes nothing; `wallNow` is only for time stamps that people or servers read.
 */
export interface Clock {
  /** Milliseconds on a monotonic clock with no fixed origin. */
  now(): number;
  /** Milliseconds since the Unix epoch. */
  wallNow(): number;
  /** Resolves after `ms`; rejects with the signal's reason as soon as `signal` aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/**
 * A sleep that ends later than this after its time was no sleep of ours alone: the machine was suspended, or the process
 * was. What is measured against a limit then starts anew.
 */
export const SUSPENDED_MS = 2_000;

// setTimeout fires at once when asked for more than 2^31 - 1 ms, so a longer sleep is taken in parts.
const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  async sleep(ms, signal) {
    const end = performance.now() + ms;
    for (;;) {
      const leftMs = end - performance.now();
      await sleepOnce(Math.min(leftMs, LONGEST_TIMER_MS), signal);
      if (leftMs <= LONGEST_TIMER_MS) return;
    }
  },
};

function sleepOnce(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      },
      Math.max(0, ms),
    );
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
