import type { Clock } from '../clock.ts';
import type { TransferState } from '../task/run-event.ts';
import { formatTransferBeat, formatTransferEnd, formatTransferStart } from './format-transfer.ts';
import { sanitizeLine } from './sanitize.ts';

export interface TransferLinesOptions {
  clock: Clock;
  /** The number of `-v`. */
  verbosity: number;
  writeLine(line: string): void;
}

const HEARTBEAT_MS = 30_000;
// Without -v, what is smaller is told of only once it has taken this long.
const SMALL_BYTES = 1024 * 1024;
const QUICK_MS = 1_000;

interface Told {
  startMs: number;
  /** When the last line was written; null before the first. */
  lineMs: number | null;
}

/** Writes a line when a transfer begins, every 30 s, and when it has got through. One that fails is told of by its error. */
export function createTransferLines(options: TransferLinesOptions): (state: TransferState) => void {
  const { clock, verbosity, writeLine } = options;
  // By their titles, as several may go on at the same time.
  const going = new Map<string, Told>();

  return (state) => {
    const { title, doneBytes, totalBytes, isDone } = state;
    const nowMs = clock.now();
    const told = going.get(title) ?? { startMs: nowMs, lineMs: null };
    if (isDone) going.delete(title);
    else going.set(title, told);
    const elapsedMs = nowMs - told.startMs;
    const isWorthTelling = verbosity > 0 || elapsedMs >= QUICK_MS || (totalBytes ?? doneBytes) >= SMALL_BYTES;
    if (!isWorthTelling) return;
    const shown = () => ({ ...state, title: sanitizeLine(title) });
    if (isDone) {
      if (doneBytes >= (totalBytes ?? 0)) writeLine(formatTransferEnd(shown(), elapsedMs));
    } else if (told.lineMs === null) {
      told.lineMs = nowMs;
      writeLine(formatTransferStart(shown()));
    } else if (nowMs - told.lineMs >= HEARTBEAT_MS) {
      told.lineMs = nowMs;
      writeLine(formatTransferBeat(shown()));
    }
  };
}
