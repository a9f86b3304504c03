import type { Journal } from '../history/journal.ts';
import type { RunFacts } from '../history/journal-line.ts';
import type { SeenState } from '../history/journal-run.ts';
import { isFinished, type Task } from '../open-cloud/task.ts';
import { readEndCode } from '../task/harness-marks.ts';
import type { RunEvent } from '../task/run-event.ts';
import type { Invocation } from './invocation.ts';

/** A task that the journal knows. */
export interface NotedTask {
  facts: RunFacts;
  taskPath: string;
  /** What the journal last said of it. */
  seen: SeenState | null;
}

/** Writes down what a command learns of a task's state, where it is news. */
export interface StateNotes {
  noteTask(task: Task): void;
  noteEvent(event: RunEvent): void;
}

/** A loop around `status` must not fill the journal, and a task that goes on for long has to stay in it. */
const AGAIN_AFTER_MS = 60_000;
const LONGEST_WORD = 100;
const FINISHED: ReadonlySet<string> = new Set(['COMPLETE', 'FAILED', 'CANCELLED']);

export function createStateNotes(
  { facts, taskPath, seen }: NotedTask,
  journal: Journal,
  { context, redact }: Pick<Invocation, 'context' | 'redact'>,
): StateNotes {
  let last = seen;
  const note = (told: Omit<SeenState, 'atMs'>) => {
    const nowMs = context.clock.wallNow();
    const isSame = last?.state === told.state && last.isFinished === told.isFinished;
    const isRecent = last !== null && Math.abs(nowMs - last.atMs) < AGAIN_AFTER_MS;
    if (isSame && (told.isFinished || isRecent)) return;
    last = { ...told, atMs: nowMs };
    const time = new Date(nowMs).toISOString();
    journal.append({ ...facts, event: 'seen', time, taskPath, ...told });
  };
  const clean = (word: string) => shortenWord(redact(word));
  const noteTask = (task: Task) => {
    const code = readEndCode(task);
    note({ state: clean(task.state), isFinished: isFinished(task), code: code && clean(code) });
  };
  return {
    noteTask,
    noteEvent: (event) => {
      if (event.type === 'reading_logs') noteTask(event.task);
      // What has finished is told once more, with its reason.
      else if (event.type === 'state' && !FINISHED.has(event.state)) {
        note({ state: clean(event.state), isFinished: false, code: null });
      }
    },
  };
}

/** The service's words are short; what else claims to be one is not worth a journal of megabytes. */
export function shortenWord(word: string): string {
  return word.slice(0, LONGEST_WORD);
}
