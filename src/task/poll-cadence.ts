import type { RateWindow } from '../open-cloud/pacing.ts';
import { resetJitterMs } from '../open-cloud/pacing.ts';

/** How soon a task can be expected to end after its create; decides how early to look. */
export type Cadence = 'remote' | 'loopback';

/** The cadence for an API at `baseUrl`: an emulator on this machine needs no patience. */
export function decideCadence(baseUrl: string): Cadence {
  const { hostname } = new URL(baseUrl);
  return /^(localhost|127(\.\d+){3}|\[::1\])$/.test(hostname) ? 'loopback' : 'remote';
}

export interface CadenceSituation {
  cadence: Cadence;
  /** Milliseconds since this task was created. */
  ageMs: number;
  /** How often this task was looked at. */
  looks: number;
  /** Since the last look at this task was sent; it is part of the interval. */
  sinceLookMs: number;
  /** Ages of all unfinished tasks that share the window, this one included. */
  agesMs: readonly number[];
  /** What the service last said of the window, less the reads sent since; null before the first answer. */
  window: RateWindow | null;
  nowMs: number;
  random: () => number;
}

/** Before the service has said anything, the lower of the two documented limits counts. */
export const ASSUMED_LIMIT = 45;
const WINDOW_MS = 60_000;
/** The part of the window that we use: other programs of the same key owner share it. */
const SHARE = 0.9;
const SHORTEST_MS = 500;
/** Looking at intervals of `k * sqrt(age)` with a smaller k than this brings nothing. */
const SMALLEST_K = 0.18;
const LOOPBACK_FIRST_MS = 20;

/**
 * Milliseconds until the next look at a task. Tasks that have lasted long go on to last, at a rate of about 1/age;
 * under that the summed delay is least when the intervals grow with the root of the age, with a factor `k` that
 * spreads what is left of the window over all tasks. Figures in bench/results.md.
 */
export function decideNextLookMs(situation: CadenceSituation): number {
  const { cadence, ageMs, looks, sinceLookMs, window, nowMs, random } = situation;
  const quickMs = cadence === 'loopback' ? decideLoopbackMs(situation) : null;
  if (quickMs !== null) return quickMs;
  const firstMs = decideFirstLookMs(situation);
  if (looks === 0) return Math.max(0, firstMs * (1 + 0.15 * random()) - ageMs);
  const resetWaitMs = decideResetWaitMs(window, nowMs, random);
  if (resetWaitMs > 0) return resetWaitMs;
  const { remaining, resetMs } = readWindow(window, nowMs);
  const planned = planIntervalMs(situation, remaining, resetMs);
  // A task that has just begun often ends at once, so a wide plan does not yet apply to it.
  const isYoung = firstMs <= 1_000 && ageMs < firstMs + 2_000;
  const intervalMs = (isYoung ? Math.min(planned, 1_000) : planned) * (0.9 + 0.2 * random());
  return Math.max(0, Math.min(intervalMs - sinceLookMs, resetMs + 200 + 300 * random()));
}

/** How long to let the window rest when what is left of it is not ours to take; 0 while there is enough. */
export function decideResetWaitMs(window: RateWindow | null, nowMs: number, random: () => number): number {
  const { limit, remaining, resetMs } = readWindow(window, nowMs);
  return remaining <= Math.min(1, limit - 1) ? resetMs + resetJitterMs(random) : 0;
}

/** 1 s where the budget allows one look a second and task, 2 s at a quarter of that, else 4 s. */
function decideFirstLookMs({ agesMs, window }: CadenceSituation): number {
  const limit = window?.limit ?? ASSUMED_LIMIT;
  const looksPerMinute = (limit * SHARE) / Math.max(1, agesMs.length);
  return looksPerMinute >= 60 ? 1_000 : looksPerMinute >= 15 ? 2_000 : 4_000;
}

function planIntervalMs({ ageMs, agesMs }: CadenceSituation, remaining: number, resetMs: number): number {
  const s = Math.max(0.001, resetMs / 1000);
  const demand = agesMs.reduce((sum, otherMs) => {
    const g = Math.max(2, otherMs / 1000);
    return sum + Math.sqrt(g) * (1 - Math.sqrt(g / (g + s))) + Math.sqrt(g + s) - Math.sqrt(g);
  }, 0);
  const k = Math.max(SMALLEST_K, demand / (SHARE * remaining));
  return Math.max(SHORTEST_MS, k * Math.sqrt(Math.max(1, ageMs / 1000)) * 1000);
}

/** A script on this machine can end within milliseconds, so its first second is looked at closely. */
function decideLoopbackMs({ ageMs, looks, window, nowMs }: CadenceSituation): number | null {
  if (looks === 0) return 0;
  const { remaining, limit } = readWindow(window, nowMs);
  if (ageMs >= 1_000 || remaining < limit / 2) return null;
  return Math.max(LOOPBACK_FIRST_MS, ageMs / 4);
}

function readWindow(window: RateWindow | null, nowMs: number) {
  if (!window) return { limit: ASSUMED_LIMIT, remaining: ASSUMED_LIMIT - 1, resetMs: WINDOW_MS };
  const resetMs = window.resetAtMs - nowMs;
  // The window has turned over since the last answer, so all of it is there again.
  if (resetMs <= 0) return { limit: window.limit, remaining: window.limit, resetMs: WINDOW_MS };
  return { limit: window.limit, remaining: window.remaining, resetMs: Math.min(resetMs, WINDOW_MS) };
}
