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
    const traces = open.get(runId) ?? createTraces();
    if (line.event === 'intent') {
      open.delete(runId);
      const run = { ...settle(traces), facts: line, sentMs: atMs };
      if (!traces.isNone && !isForgotten(run, nowMs)) yield run;
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
interface Traces {
  facts: RunFacts | null;
  /** When the create was answered, and with which task. */
  created: { atMs: number; taskPath: string } | null;
  /** The task that the newest line names. */
  newestPath: string | null;
  /** What was seen of each task: a run may have had one before that ran nothing of the script. */
  seen: Map<string, SeenState>;
  isNone: boolean;
}

function createTraces(): Traces {
  return { facts: null, created: null, newestPath: null, seen: new Map(), isNone: false };
}

function addLine(traces: Traces, line: JournalCreated | JournalSeen, atMs: number): void {
  const { taskPath } = line;
  traces.facts ??= line;
  traces.newestPath ??= taskPath;
  if (line.event === 'created') traces.created ??= { atMs, taskPath };
  if (line.state === null) return;
  const [isFinished, code] = line.event === 'seen' ? [line.isFinished, line.code] : [false, null];
  const known = traces.seen.get(taskPath);
  // Processes may tell in another order than they looked; what has finished stays so.
  if (known === undefined || (isFinished && !known.isFinished)) {
    traces.seen.set(taskPath, { state: line.state, isFinished, code, atMs });
  }
}

/** The task is the one that was created last: a process may tell of an earlier one after that. */
function settle({ created, newestPath, seen }: Traces): Omit<JournalRun, 'facts' | 'sentMs'> {
  const taskPath = created?.taskPath ?? newestPath;
  return {
    createdMs: created?.atMs ?? null,
    path: taskPath === null ? null : parseTaskPath(taskPath),
    seen: (taskPath !== null && seen.get(taskPath)) || null,
  };
}

/** Null where lines of an earlier version are all that is left, which say nothing without their intent. */
function createRun(traces: Traces): JournalRun | null {
  const { facts, isNone } = traces;
  if (facts === null || facts.origin === '' || isNone) return null;
  const sentMs = Date.parse(facts.sentTime);
  return Number.isNaN(sentMs) ? null : { ...settle(traces), facts, sentMs };
}

/** True when 24 h have passed since the task can have finished at the latest, as far as anybody has seen. */
function isForgotten({ facts, sentMs, createdMs, seen }: JournalRun, nowMs: number): boolean {
  const timeoutMs = (facts.timeoutSeconds ?? LONGEST_TIMEOUT_SECONDS) * 1000;
  const boundMs = (createdMs ?? sentMs) + timeoutMs + START_MS;
  if (seen === null) return nowMs >= boundMs + KEPT_MS;
  const endMs = seen.isFinished ? Math.min(boundMs, seen.atMs) : Math.max(boundMs, seen.atMs);
  return nowMs >= endMs + KEPT_MS;
}
