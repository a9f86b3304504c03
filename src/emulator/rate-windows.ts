import type { Clock } from '../clock.ts';

/** How many requests of one operation the owner of the key may send in each minute. */
export interface Quota {
  operation: string;
  limitPerMinute: number;
}

/** The state of an operation's window just after one request was counted in it. */
export interface RateReading {
  isAllowed: boolean;
  limitPerMinute: number;
  remaining: number;
  /** Until the next window opens: whole seconds, rounded up, 1 to 60. */
  resetSeconds: number;
}

interface Window {
  index: number;
  count: number;
}

const WINDOW_MS = 60_000;
// The service attaches its rate headers to these answers and leaves them out of a 404.
const STATUSES_WITH_HEADERS: ReadonlySet<number> = new Set([200, 403, 429]);

/**
 * Counts requests in windows of 60 s that begin with each minute of the wall clock. All keys of an emulator belong to
 * one owner, so there is one window for each operation.
 */
export class RateWindows {
  readonly #clock: Clock;
  readonly #windows = new Map<string, Window>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Counts one request, also one that is over the limit. */
  take({ operation, limitPerMinute }: Quota): RateReading {
    const wallMs = this.#clock.wallNow();
    const index = Math.floor(wallMs / WINDOW_MS);
    const known = this.#windows.get(operation);
    const count = known?.index === index ? known.count + 1 : 1;
    this.#windows.set(operation, { index, count });
    return {
      isAllowed: count <= limitPerMinute,
      limitPerMinute,
      remaining: Math.max(0, limitPerMinute - count),
      resetSeconds: Math.ceil(((index + 1) * WINDOW_MS - wallMs) / 1000),
    };
  }
}

/**
 * The rate headers for an answer with this status; none where the service sends none. Values are lists, as the
 * gateway sends them: the smallest `remaining` and the largest `reset` are the ones that count.
 */
export function formatRateHeaders(reading: RateReading, status: number): Record<string, string> {
  if (!STATUSES_WITH_HEADERS.has(status)) return {};
  const { limitPerMinute, remaining, resetSeconds } = reading;
  return {
    'x-ratelimit-limit': `${limitPerMinute}, ${limitPerMinute};w=60`,
    'x-ratelimit-remaining': `${remaining}, ${remaining}`,
    'x-ratelimit-reset': `${resetSeconds}, 0`,
    ...(status === 429 ? { 'retry-after': '5' } : {}),
  };
}
