import type { TransferState } from '../task/run-event.ts';
import { fitText, measureWidth } from './display-width.ts';
import { formatBytes, formatPart } from './format-bytes.ts';
import { formatDuration, formatSeconds } from './format-duration.ts';
import type { Style } from './style.ts';
import type { Pace } from './transfer-rate.ts';

/** How much is shown of a transfer. */
interface Layout {
  /** To how many columns the file's name may be cut; null where it is left out. */
  leastName: number | null;
  hasBar: boolean;
  /** `45.2 of 100 MiB` or `45%`. */
  amount: 'part' | 'share';
  pace: 'rate and left' | 'left' | 'none';
}

/** From the widest to the narrowest: the first that has room counts. */
const LAYOUTS: readonly Layout[] = [
  { leastName: 16, hasBar: true, amount: 'part', pace: 'rate and left' },
  { leastName: 16, hasBar: false, amount: 'part', pace: 'rate and left' },
  { leastName: 16, hasBar: false, amount: 'part', pace: 'left' },
  { leastName: 16, hasBar: false, amount: 'share', pace: 'left' },
  { leastName: 8, hasBar: false, amount: 'share', pace: 'none' },
  { leastName: null, hasBar: false, amount: 'share', pace: 'none' },
];
const LEAST_BAR = 8;
const MOST_BAR = 30;
/** Room is kept for the widest, so that nothing jumps while the numbers grow. */
const WIDEST = {
  size: '99.9 MiB'.length,
  done: '99.9 of '.length,
  share: '100%'.length,
  rate: '99.9 MiB/s'.length,
  left: '59 min left'.length,
  stalled: 'stalled'.length,
};
const LONGEST_HOURS = 99;

const PAST: Readonly<Record<string, string>> = { uploading: 'uploaded', downloading: 'downloaded' };

/**
 * A transfer in one line of at most `width` columns: `text`, then a blank, then `suffix`, which may be empty. The title has
 * to be safe for a terminal.
 */
export function formatTransfer(
  state: TransferState,
  { pace, width, style }: { pace: Pace; width: number; style: Style },
): { text: string; suffix: string } {
  for (const layout of LAYOUTS) {
    const fitted = fitLayout(state, layout, width);
    if (fitted === null) continue;
    const { verb, name, barColumns } = fitted;
    const bar = formatBar(state, barColumns, style);
    const amount = layout.amount === 'part' ? formatAmount(state) : formatShare(state);
    const text = [verb, name, bar, amount].filter((part) => part !== '').join(' ');
    const suffix = formatPace(state, pace, layout);
    return suffix === '' ? { text, suffix } : { text: `${text},`, suffix: style.dim(suffix) };
  }
  return { text: fitText(formatShare(state), { width: Math.max(1, width), keeps: 'start' }), suffix: '' };
}

/** The same in a word or two: `uploading 45%`. */
export function formatTransferActivity(state: TransferState): string {
  return `${splitTitle(state.title).verb} ${formatShare(state)}`;
}

/** `uploading game.rbxl (100 MiB)` */
export function formatTransferStart({ title, totalBytes }: TransferState): string {
  return totalBytes === null ? title : `${title} (${formatBytes(totalBytes)})`;
}

/** `uploading game.rbxl: 45.2 of 100 MiB` */
export function formatTransferBeat(state: TransferState): string {
  return `${state.title}: ${formatAmount(state)}`;
}

/** `uploaded game.rbxl (100 MiB in 8 s)` */
export function formatTransferEnd({ title, doneBytes }: TransferState, elapsedMs: number): string {
  const { verb, file } = splitTitle(title);
  const past = PAST[verb];
  const time = elapsedMs < 1_000 ? formatDuration(elapsedMs) : formatSeconds(elapsedMs);
  return `${past ? `${past} ${file}` : `${title}: done`} (${formatBytes(doneBytes)} in ${time})`;
}

function splitTitle(title: string): { verb: string; file: string } {
  const [verb = ''] = title.split(' ', 1);
  return { verb, file: title.slice(verb.length + 1) };
}

/** What of the layout has room; null where that is not enough. */
function fitLayout(
  { title, totalBytes }: TransferState,
  { leastName, hasBar, amount, pace }: Layout,
  width: number,
): { verb: string; name: string; barColumns: number } | null {
  if (hasBar && totalBytes === null) return null;
  const { verb, file } = splitTitle(title);
  const others = measureWidth(verb) + 1 + measureAmount(totalBytes, amount) + measurePace(totalBytes, pace);
  const left = width - others - (hasBar ? 1 + LEAST_BAR : 0);
  const hasName = leastName !== null && file !== '';
  if (left < (hasName ? 1 + Math.min(leastName, measureWidth(file)) : 0)) return null;
  // What tells one file from its neighbours is the end of its path.
  const name = hasName ? fitText(file, { width: left - 1, keeps: 'end' }) : '';
  const spare = hasName ? left - 1 - measureWidth(name) : left;
  return { verb, name, barColumns: hasBar ? Math.min(MOST_BAR, LEAST_BAR + spare) : 0 };
}

function measureAmount(totalBytes: number | null, amount: Layout['amount']): number {
  if (totalBytes === null) return WIDEST.size;
  return amount === 'share' ? WIDEST.share : WIDEST.done + formatBytes(totalBytes).length;
}

/** With the comma and the blank before it. */
function measurePace(totalBytes: number | null, pace: Layout['pace']): number {
  if (pace === 'none') return 0;
  if (pace === 'left') return 2 + (totalBytes === null ? WIDEST.stalled : WIDEST.left);
  return 2 + WIDEST.rate + (totalBytes === null ? 0 : 2 + WIDEST.left);
}

/** How many of so many equal parts are there; null where the whole is not known. */
function countParts({ doneBytes, totalBytes }: TransferState, parts: number): number | null {
  if (totalBytes === null) return null;
  return doneBytes < totalBytes ? Math.floor((doneBytes * parts) / totalBytes) : parts;
}

function formatAmount({ doneBytes, totalBytes }: TransferState): string {
  return totalBytes === null ? formatBytes(doneBytes) : formatPart(doneBytes, totalBytes);
}

function formatShare(state: TransferState): string {
  const percent = countParts(state, 100);
  return percent === null ? formatBytes(state.doneBytes) : `${percent}%`;
}

/** Heavy for what is there and light for the rest, in steps of half a column. */
function formatBar(state: TransferState, columns: number, style: Style): string {
  if (columns === 0) return '';
  const halves = countParts(state, columns * 2) ?? 0;
  const done = '━'.repeat(Math.floor(halves / 2)) + (halves % 2 === 1 ? '╾' : '');
  return style.cyan(done) + style.dim('─'.repeat(columns - done.length));
}

function formatPace({ doneBytes, totalBytes }: TransferState, pace: Pace, layout: Layout): string {
  const leftBytes = totalBytes === null ? null : totalBytes - doneBytes;
  if (layout.pace === 'none' || (leftBytes !== null && leftBytes <= 0)) return '';
  if (pace.isStalled) return 'stalled';
  const { bytesPerSecond } = pace;
  if (bytesPerSecond === null) return '';
  const left = leftBytes === null ? null : formatTimeLeft(leftBytes / bytesPerSecond);
  const rate = layout.pace === 'left' ? null : `${formatBytes(bytesPerSecond)}/s`;
  return [rate, left].filter((part) => part !== null).join(', ');
}

/** It is a guess, so it gets coarser the further away the end is; null where nothing can be said, as at a rate of 0. */
function formatTimeLeft(seconds: number): string | null {
  if (seconds <= 59) return `${Math.ceil(seconds)} s left`;
  if (seconds < 59.5 * 60) return `${Math.round(seconds / 60)} min left`;
  const hours = Math.round(seconds / 3600);
  return hours <= LONGEST_HOURS ? `${hours} h left` : null;
}
