import { parseTaskPath, type TaskPath } from '../open-cloud/task-path.ts';
import type { JournalCreated, JournalLine, JournalSeen, RunFacts } from './journal-line.ts';

/** What a task was when somebody on this machine last looked. */
export interface SeenState {
  /** The service's own word. */
  state: string;
  isFinished: boolean;
  /** Of a failed task: the service's word, for instance `SCRIPT_ERROR`. */
  code: string | null;
  /** Milliseconds since the Unix epoch, as all times here. */
  atMs: number;
}

/** One run as the journal knows it. */
export interface JournalRun {
  facts: RunFacts;
  sentMs: number;
  /** When the create was answered; null when it never was. */
  createdMs: number | null;
  /** Null when the create was never answered. */
  path: TaskPath | null;
  /** Null when nobody has seen the task, or an earlier version has. */
  seen: SeenState | null;
}

/** A line with the time at which it was written, in milliseconds since the Unix epoch. */
export interface DatedLine {
  line: JournalLine;
  atMs: number;
}

/** For this long after its end Open Cloud keeps a task, and we the memory of it. */
const KEPT_MS = 24 * 3_600_000;
const LONGEST_TIMEOUT_SECONDS = 300;
/** A script's time begins when its server is up, up to 45 s after the create (seen live). */
const START_MS = 45_000;

/**
 * All runs that may have made a task which still exists, the newest first. `lines` come from the last one backwards, and
 * no more of them are read than the runs that are asked for need.
 */
export function* collectRuns(lines: Iterable<DatedLine>, nowMs: number): Generator<JournalRun> {
  const open = new Map<string, Traces>();
  for (const { line, atMs } of lines) {
    const { runId } = line;
    const traces = open.get(runId) ?? { facts: null, createdMs: null, path: null, seen: null, isNone: false };
    if (line.event === 'intent') {
      open.delete(runId);
      const { isNone, ...known } = traces;
      const run = { ...known, facts: line, sentMs: atMs };
      if (!isNone && !isForgotten(run, nowMs)) yield run;
      continue;
    }
    open.set(runId, traces);
    if (line.event === 'not_created') traces.isNone = true;
    else addLine(traces, line, atMs);
  }
  // Of these the segment with the intent is gone, so they are older than all the others.
  const oldest = [...open.values()].flatMap((traces) => createRun(traces) ?? []);
  yield* oldest.filter((run) => !isForgotten(run, nowMs)).sort((a, b) => b.sentMs - a.sentMs);
}

/** What is known of a run whose intent has not been met yet. */
interface Traces extends Omit<JournalRun, 'facts' | 'sentMs'> {
  facts: RunFacts | null;
  isNone: boolean;
}

function addLine(traces: Traces, line: JournalCreated | JournalSeen, atMs: number): void {
  traces.facts ??= line;
  traces.path ??= parseTaskPath(line.taskPath);
  if (line.event === 'created') traces.createdMs = atMs;
  if (line.state === null) return;
  const [isFinished, code] = line.event === 'seen' ? [line.isFinished, line.code] : [false, null];
  // Processes may tell in another order than they looked; what has finished stays so.
  if (traces.seen === null || (isFinished && !traces.seen.isFinished)) {
    traces.seen = { state: line.state, isFinished, code, atMs };
  }
}

/** Null where lines of an earlier version are all that is left, which say nothing without their intent. */
function createRun({ facts, isNone, ...known }: Traces): JournalRun | null {
  if (facts === null || facts.origin === '' || isNone) return null;
  const sentMs = Date.parse(facts.sentTime);
  return Number.isNaN(sentMs) ? null : { ...known, facts, sentMs };
}

/** True when 24 h have passed since the task can have finished at the latest, as far as anybody has seen. */
function isForgotten({ facts, sentMs, createdMs, seen }: JournalRun, nowMs: number): boolean {
  const timeoutMs = (facts.timeoutSeconds ?? LONGEST_TIMEOUT_SECONDS) * 1000;
  const boundMs = (createdMs ?? sentMs) + timeoutMs + START_MS;
  if (seen === null) return nowMs >= boundMs + KEPT_MS;
  const endMs = seen.isFinished ? Math.min(boundMs, seen.atMs) : Math.max(boundMs, seen.atMs);
  return nowMs >= endMs + KEPT_MS;
}
