import type { JsonValue, LogLevel, LogMessage } from '../open-cloud/task.ts';
import { cleanWarning } from './harness-marks.ts';
import type { ShownLogs } from './outcome.ts';

/** Log messages that came while the script ran. Each has a number, counted from 1 in the order of printing. */
export type LiveMessages = ReadonlyMap<number, LogMessage>;

/** The values of Roblox's Enum.MessageType. */
const LEVELS: readonly LogLevel[] = ['OUTPUT', 'INFO', 'WARNING', 'ERROR'];

/**
 * Reads what the harness puts into its queue: the number of the first message, then each as text, type and Unix seconds,
 * or as 0 where it could not be sent. What is something else is left out: anybody may write into the memory store.
 */
export function parseLiveBatch(value: JsonValue): LiveMessages {
  const [first, ...entries] = Array.isArray(value) ? value : [];
  if (typeof first !== 'number' || !Number.isSafeInteger(first) || first < 1) return new Map();
  return new Map(
    entries.flatMap((entry, index) => {
      const message = parseMessage(entry);
      return message === null ? [] : [[first + index, message] as const];
    }),
  );
}

function parseMessage(entry: JsonValue): LogMessage | null {
  if (!Array.isArray(entry)) return null;
  const [message, type, seconds] = entry;
  if (typeof message !== 'string') return null;
  const level = (typeof type === 'number' ? LEVELS[type] : undefined) ?? 'UNSPECIFIED';
  const time = typeof seconds === 'number' ? new Date(seconds * 1000) : null;
  const isTime = time !== null && !Number.isNaN(time.getTime());
  return cleanWarning({ time: isTime ? time.toISOString() : null, level, message });
}

/**
 * Which of the kept log messages came live. The kept ones are authoritative: the oldest may be gone, and Roblox may have
 * logged what the harness does not hear of. So the numbers only say where to look, and the texts decide; no kept message
 * is found twice.
 */
export function findShown(kept: readonly LogMessage[], live: LiveMessages): ShownLogs {
  const indexes = new Set<number>();
  let olderCount = 0;
  let offset = findOffset(kept, live);
  let next = 0;
  for (const [number, message] of [...live].sort(([a], [b]) => a - b)) {
    // Roblox no longer has it.
    if (number + offset < 0) {
      olderCount++;
      continue;
    }
    const index = isSame(kept[number + offset], message)
      ? number + offset
      : searchForward(kept, message, next);
    if (index === null) continue;
    offset = index - number;
    next = index + 1;
    indexes.add(index);
  }
  return { indexes, olderCount };
}

/** From the number of a message to its index: as most of those say whose text stands alone on both sides. */
function findOffset(kept: readonly LogMessage[], live: LiveMessages): number {
  const places = findSingles([...kept.entries()]);
  const votes = new Map<number, number>();
  for (const [text, number] of findSingles([...live])) {
    const index = places.get(text);
    if (index !== undefined) votes.set(index - number, (votes.get(index - number) ?? 0) + 1);
  }
  const [winner] = [...votes].sort(([, a], [, b]) => b - a);
  return winner?.[0] ?? -1;
}

/** Where each text is that occurs once. */
function findSingles(entries: readonly (readonly [number, LogMessage])[]): Map<string, number> {
  const places = new Map<string, number>();
  const several = new Set<string>();
  for (const [place, { message }] of entries) {
    if (places.has(message)) several.add(message);
    places.set(message, place);
  }
  for (const text of several) places.delete(text);
  return places;
}

/** How far a message may be from where it is looked for: others were logged in between that did not come live. */
const FARTHEST = 50;

function searchForward(kept: readonly LogMessage[], message: LogMessage, from: number): number | null {
  for (let index = from; index < Math.min(kept.length, from + FARTHEST); index++) {
    if (isSame(kept[index], message)) return index;
  }
  return null;
}

function isSame(kept: LogMessage | undefined, live: LogMessage): boolean {
  return kept !== undefined && kept.message === live.message;
}
