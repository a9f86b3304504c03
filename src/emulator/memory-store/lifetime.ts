import type { Clock } from '../../clock.ts';

/** When an item goes: on the monotonic clock, which decides, and in milliseconds since the Unix epoch, for answers. */
export interface Lifetime {
  endMs: number;
  endWallMs: number;
}

export function createLifetime(clock: Clock, ttlMs: number): Lifetime {
  return { endMs: clock.now() + ttlMs, endWallMs: clock.wallNow() + ttlMs };
}
