import type { FinishedTask, LogMessage } from '../open-cloud/task.ts';
import type { ByteRange, LostLogs } from './outcome.ts';
import { BOOT_ALLOWANCE_MS } from './watch-task.ts';

// "About 450 KB" (seen live): the smaller of the two readings, and one percent for what "about" may mean.
const FULL_BYTES = 450_000 * 0.99;
const MESSAGE_OVERHEAD = 47;
const ENOUGH_LARGE = 2;
const MANY_LARGE = 10;

/**
 * The service keeps about 450 KB, counted as characters plus 47 bytes a message, and drops the oldest without a mark
 * (seen live). After a drop the free room is smaller than the message that was dropped last. So the more of the kept
 * messages are larger than that room, the surer it is that one was dropped; a single one may be an exception among
 * smaller ones. Null where nothing speaks for a loss. See docs/adr/0019-what-lost-logs-tell.md.
 */
export function findLostLogs(messages: readonly LogMessage[], task: FinishedTask): LostLogs | null {
  const sizes = messages.map(sizeOf);
  const freeBytes = FULL_BYTES - sizes.reduce((sum, size) => sum + size, 0);
  const largeCount = sizes.filter((size) => size >= freeBytes).length;
  if (freeBytes > 0 && largeCount < ENOUGH_LARGE) return null;
  const frames = listFrames(messages);
  const [first] = frames;
  const createdMs = parseTime(task.createTime);
  const keptFromMs = first === undefined || createdMs === null ? null : first.timeMs - createdMs;
  return {
    isFull: freeBytes <= 0 || largeCount >= MANY_LARGE,
    // Two machines may have written the two times.
    keptFromMs: keptFromMs !== null && keptFromMs >= 0 ? keptFromMs : null,
    estimate: estimateLoss(frames, task),
  };
}

/** All that was printed at one time: the service gives the messages of one frame the same. */
interface PrintFrame {
  timeMs: number;
  sizeBytes: number;
}

const FEWEST_FRAMES = 9;
const PARTS = 4;
const UNEVEN = 1.5;

function estimateLoss(frames: readonly PrintFrame[], task: FinishedTask): ByteRange | null {
  const [first, ...others] = frames;
  const last = others.at(-1);
  if (!first || !last || frames.length < FEWEST_FRAMES || !isEven(frames)) return null;
  const start = boundStart({ firstMs: first.timeMs, lastMs: last.timeMs }, task);
  if (start === null) return null;
  // The first frame may be kept in part, and what it held was printed in the time before it.
  const printedBytes = others.reduce((sum, { sizeBytes }) => sum + sizeBytes, 0);
  const bytesPerMs = printedBytes / (last.timeMs - first.timeMs);
  const lostSince = (startMs: number) => bytesPerMs * (first.timeMs - startMs) - first.sizeBytes;
  const range = {
    fromBytes: Math.max(0, Math.round(lostSince(start.latestMs))),
    // A script may print as soon as it starts: a frame more than there are spaces between frames.
    toBytes: Math.round(lostSince(start.earliestMs) + printedBytes / others.length),
  };
  return range.toBytes > 0 ? range : null;
}

/** Whether no quarter of the time saw more than half as much again as the others, or less than two thirds. */
function isEven(frames: readonly PrintFrame[]): boolean {
  const firstMs = frames[0]?.timeMs ?? 0;
  const spanMs = (frames.at(-1)?.timeMs ?? 0) - firstMs;
  const parts = Array.from({ length: PARTS }, () => 0);
  for (const { timeMs, sizeBytes } of frames.slice(1)) {
    const part = Math.ceil(((timeMs - firstMs) / spanMs) * PARTS) - 1;
    parts[part] = (parts[part] ?? 0) + sizeBytes;
  }
  const mean = parts.reduce((sum, bytes) => sum + bytes, 0) / PARTS;
  return parts.every((bytes) => bytes <= mean * UNEVEN && bytes >= mean / UNEVEN);
}

/**
 * When the script can have started: after the create and before its first message, no longer than its time-out before
 * its last, and, where it was stopped for the time-out, no later than that before its end. Nobody has published that a
 * boot took longer than 45 s.
 */
function boundStart({ firstMs, lastMs }: { firstMs: number; lastMs: number }, task: FinishedTask) {
  const createdMs = parseTime(task.createTime);
  if (createdMs === null) return null;
  const timeoutMs = task.timeoutSeconds === null ? null : task.timeoutSeconds * 1000;
  const endMs = parseTime(task.updateTime);
  const isStopped = task.phase === 'failed' && task.error.code === 'DEADLINE_EXCEEDED';
  const earliestMs = Math.max(createdMs, timeoutMs === null ? createdMs : lastMs - timeoutMs);
  const latestMs = Math.min(
    firstMs,
    createdMs + BOOT_ALLOWANCE_MS,
    isStopped && timeoutMs !== null && endMs !== null ? endMs - timeoutMs : firstMs,
  );
  return earliestMs < firstMs ? { earliestMs, latestMs: Math.max(earliestMs, latestMs) } : null;
}

/** By time, because a pace is wanted and not an order; messages without a time are left out. */
function listFrames(messages: readonly LogMessage[]): PrintFrame[] {
  const frames = new Map<number, number>();
  for (const message of messages) {
    const timeMs = parseTime(message.time);
    if (timeMs !== null) frames.set(timeMs, (frames.get(timeMs) ?? 0) + sizeOf(message));
  }
  return [...frames]
    .map(([timeMs, sizeBytes]) => ({ timeMs, sizeBytes }))
    .sort((a, b) => a.timeMs - b.timeMs);
}

function sizeOf({ message }: LogMessage): number {
  return message.length + MESSAGE_OVERHEAD;
}

function parseTime(time: string | null): number | null {
  const ms = time === null ? Number.NaN : Date.parse(time);
  return Number.isNaN(ms) ? null : ms;
}
