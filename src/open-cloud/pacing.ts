/** What the service last said of one of its fixed windows. Times are on the monotonic clock. */
export interface RateWindow {
  limit: number;
  remaining: number;
  resetAtMs: number;
}

/** A reset further away than this is a daily quota or nonsense: told to the user, never slept through. */
export const LONGEST_WAIT_MS = 120_000;

/**
 * Reads `x-ratelimit-*`. Each header may be a comma list with `;w=` windows (`1000, 1000;w=60`, `22, 0`): the
 * smallest limit and remaining and the largest reset bind. Null when the headers are missing or make no sense.
 */
export function parseRateWindow(headers: Readonly<Record<string, string>>, nowMs: number): RateWindow | null {
  const limitHeader = headers['x-ratelimit-limit'];
  const limits = parseCounts(limitHeader).filter((limit) => limit > 0);
  // A limit of nothing, or one without end, is none, and what stands beside it is not believed either.
  if (limitHeader !== undefined && limits.length === 0) return null;
  const remaining = parseCounts(headers['x-ratelimit-remaining']);
  const resetSeconds = parseResetSeconds(headers);
  if (remaining.length === 0 || resetSeconds === null) return null;
  const left = Math.min(...remaining);
  return {
    limit: limits.length > 0 ? Math.min(...limits) : Math.max(1, left),
    remaining: left,
    resetAtMs: nowMs + resetSeconds * 1000,
  };
}

/** Seconds to the furthest reset the headers name; null when they name none. */
export function parseResetSeconds(headers: Readonly<Record<string, string>>): number | null {
  const resets = parseCounts(headers['x-ratelimit-reset']);
  return resets.length > 0 ? Math.max(...resets) : null;
}

function parseCounts(header: string | undefined): number[] {
  if (header === undefined) return [];
  return header
    .split(',')
    .map((item) => item.replace(/;.*/, '').trim())
    .filter((item) => /^\d{1,9}(\.\d+)?$/.test(item))
    .map(Number);
}

/**
 * Milliseconds of a `retry-after` header, 0 to 120 s: seconds, decimals, or a date read against the answer's own
 * `date` so that a wrong local clock does not matter. Null when the header is missing, junk, or names no time ahead.
 */
export function parseRetryAfterMs(headers: Readonly<Record<string, string>>): number | null {
  const header = headers['retry-after']?.trim() ?? '';
  const waitMs = /^\d+(\.\d+)?$/.test(header)
    ? Number(header) * 1000
    : readDateDifference(header, headers.date ?? '');
  return waitMs > 0 ? Math.min(waitMs, LONGEST_WAIT_MS) : null;
}

/** Milliseconds from one date to the other; NaN where one of them is none. */
function readDateDifference(date: string, answerDate: string): number {
  // Date.parse takes nearly anything (`5, 9` is a day in May), so only the form that HTTP prescribes counts.
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(date)) return Number.NaN;
  return Date.parse(date) - Date.parse(answerDate);
}

/** How long to hold a request back so that it does not run into a window that is known to be used up. */
export function decidePacingMs(window: RateWindow | null, nowMs: number, random: () => number): number {
  if (!window || window.remaining > 0) return 0;
  const leftMs = window.resetAtMs - nowMs;
  if (leftMs <= 0 || leftMs > LONGEST_WAIT_MS) return 0;
  return leftMs + resetJitterMs(random);
}

/** Added to every wait for a reset, so that many clients do not come back in the same millisecond. */
export function resetJitterMs(random: () => number): number {
  return 50 + 300 * random();
}
