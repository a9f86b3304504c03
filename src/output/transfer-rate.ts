import type { Clock } from '../clock.ts';

/** How fast a transfer is going. */
export interface Pace {
  /** Bytes a second over the last seconds; null while too little time has gone by. */
  bytesPerSecond: number | null;
  /** Whether no byte has come for so long that somebody should know. */
  isStalled: boolean;
}

export interface TransferRate {
  /** Called for each piece, so it costs next to nothing. Fewer bytes than before are a new beginning. */
  note(doneBytes: number): void;
  measure(): Pace;
}

/** Without a byte for as long as this, a transfer has come to a halt. */
const WINDOW_MS = 5_000;
/** Pieces that come closer together than this count as one, so that there are never many. */
const GRAIN_MS = 100;
const SHORTEST_MS = 500;

interface Sample {
  atMs: number;
  bytes: number;
}

/** Measures from now on, by a window that slides over the clock. */
export function createTransferRate(clock: Clock): TransferRate {
  let startMs = clock.now();
  /** The first is what was there when the window began, the last is what is there by now. */
  let samples: Sample[] = [];
  return {
    note(bytes) {
      const atMs = clock.now();
      const last = samples.at(-1);
      if (last?.bytes === bytes) return;
      if (last === undefined || bytes < last.bytes) {
        startMs = atMs;
        samples = [{ atMs, bytes }];
        return;
      }
      const before = samples.at(-2);
      if (before === undefined || atMs - before.atMs >= GRAIN_MS) samples.push({ atMs, bytes });
      else {
        last.atMs = atMs;
        last.bytes = bytes;
      }
      dropOld(samples, atMs - WINDOW_MS);
    },
    measure() {
      const nowMs = clock.now();
      const beginMs = nowMs - WINDOW_MS;
      dropOld(samples, beginMs);
      const bytes = (samples.at(-1)?.bytes ?? 0) - (samples[0]?.bytes ?? 0);
      const spanMs = nowMs - Math.max(startMs, beginMs);
      return {
        bytesPerSecond: spanMs < SHORTEST_MS ? null : (bytes / spanMs) * 1000,
        isStalled: (samples.at(-1)?.atMs ?? startMs) <= beginMs,
      };
    },
  };
}

/** All of what is older than the window but the newest. */
function dropOld(samples: Sample[], beginMs: number): void {
  const next = samples.findIndex(({ atMs }) => atMs > beginMs);
  const old = (next === -1 ? samples.length : next) - 1;
  if (old > 0) samples.splice(0, old);
}
