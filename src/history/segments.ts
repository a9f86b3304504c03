/** One file of the journal. Files are only ever added to, and go as a whole. */
export interface Segment {
  name: string;
  /** Grows with each file that is begun: the order of writing, whatever clocks do meanwhile. */
  sequence: number;
  /** The hour in which it was begun, by the clock of its writer; milliseconds since the Unix epoch. */
  hourMs: number;
}

/** A segment with the hour in which it was written as far as all of them together tell. */
export interface DatedSegment extends Segment {
  writtenMs: number;
}

const HOUR_MS = 3_600_000;
/**
 * A line matters for 24 h after its task can have finished, which is at most 6 min after it was written; it is written
 * up to one hour after its segment was begun. A task that lasts longer gets lines in later segments.
 */
const KEPT_MS = 26 * HOUR_MS;

export function parseSegmentName(name: string): Segment | null {
  const match = /^journal-(\d{6,15})-(\d{4}-\d{2}-\d{2}T\d{2})\.jsonl$/.exec(name);
  const hourMs = match ? Date.parse(`${match[2]}:00:00Z`) : Number.NaN;
  return match && !Number.isNaN(hourMs) ? { name, sequence: Number(match[1]), hourMs } : null;
}

/** The segments among the files of a directory, in the order of writing. */
export function findSegments(names: readonly string[]): Segment[] {
  return names
    .flatMap((name) => parseSegmentName(name) ?? [])
    .sort((a, b) => a.sequence - b.sequence || (a.name < b.name ? -1 : 1));
}

/**
 * The name of the file that the next line goes to. `segments` are in the order of writing. The newest is gone on with
 * for an hour; one of the next hour as well, which a process of the turn of the hour may meet.
 */
export function chooseSegment(segments: readonly Segment[], nowMs: number): { name: string; isNew: boolean } {
  const hourMs = floorHour(nowMs);
  const newest = segments.at(-1);
  if (newest && (newest.hourMs === hourMs || newest.hourMs === hourMs + HOUR_MS)) {
    return { name: newest.name, isNew: false };
  }
  const sequence = String((newest?.sequence ?? 0) + 1).padStart(6, '0');
  const hour = new Date(hourMs).toISOString().slice(0, 13);
  return { name: `journal-${sequence}-${hour}.jsonl`, isNew: true };
}

/**
 * Corrects the hours of writers whose clock was wrong. One that is still to come says nothing: the segment was written
 * before the next one that says something, and counts as new while there is none. One that is earlier than an hour
 * before it in the order is lifted to that. `segments` are in the order of writing.
 */
export function dateSegments(segments: readonly Segment[], nowMs: number): DatedSegment[] {
  const isPossible = ({ hourMs }: Segment) => hourMs <= floorHour(nowMs) + HOUR_MS;
  let latestMs = Number.NEGATIVE_INFINITY;
  return segments.map((segment, index) => {
    const witness = segments.slice(index).find(isPossible);
    latestMs = Math.max(latestMs, witness?.hourMs ?? nowMs);
    return { ...segment, writtenMs: latestMs };
  });
}

/** True where nothing in the segment can matter any more. */
export function isOld({ writtenMs }: { writtenMs: number }, nowMs: number): boolean {
  return nowMs - writtenMs >= KEPT_MS;
}

/** When a line was written: what it says itself, within the hours in which its segment was. NaN says nothing. */
export function dateLine(lineMs: number, { writtenMs }: DatedSegment, nowMs: number): number {
  const earliestMs = writtenMs - HOUR_MS;
  const latestMs = Math.max(earliestMs, Math.min(nowMs, writtenMs + HOUR_MS));
  return Number.isNaN(lineMs) ? earliestMs : Math.min(latestMs, Math.max(earliestMs, lineMs));
}

function floorHour(ms: number): number {
  return Math.floor(ms / HOUR_MS) * HOUR_MS;
}
