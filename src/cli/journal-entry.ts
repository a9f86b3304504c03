import type { RunFacts } from '../history/journal-line.ts';
import type { Task } from '../open-cloud/task.ts';
import { formatTaskPath } from '../open-cloud/task-path.ts';
import type { Script } from '../script/compose-script.ts';
import type { RunEvent } from '../task/run-event.ts';
import type { RunPlan } from './run-plan.ts';
import { createStateNotes, type StateNotes, shortenWord } from './state-notes.ts';

/** What the journal holds of one run. */
export interface JournalEntry {
  created(task: Task): void;
  /** Only for a create that has certainly made no task. */
  notCreated(): void;
  /** Nothing of the script has run, and a create is about to be sent once more. */
  again(): void;
  /** Notes what the event tells of the task's state. */
  note(event: RunEvent): void;
}

type EntryPlan = Pick<RunPlan, 'connection' | 'invocation' | 'timeoutSeconds' | 'harness'>;

/** Writes that a create is about to be sent. Where there is no journal nothing is written. */
export function openJournalEntry(
  { script: { name }, runId }: { script: Script; runId: string },
  { connection, invocation, timeoutSeconds, harness }: EntryPlan,
): JournalEntry {
  const { journal, universeId, placeId, target, client } = connection;
  const { context, redact } = invocation;
  const wallNow = () => context.clock.wallNow();
  const now = () => new Date(wallNow()).toISOString();
  const sentTime = now();
  const { isCancellable = false, isLive = false } = harness ?? {};
  const ids = { universeId, placeId, origin: client.origin, target, timeoutSeconds };
  const facts: RunFacts = { runId, sentTime, script: redact(name), ...ids, isCancellable, isLive };
  let notes: StateNotes | null = null;
  const intend = (time: string) => journal?.append({ event: 'intent', time, ...facts, sentTime: time });
  const notCreated = () => journal?.append({ event: 'not_created', runId, time: now() });
  intend(sentTime);
  return {
    created: ({ path, state }) => {
      if (!journal) return;
      const taskPath = redact(formatTaskPath(path));
      const word = shortenWord(redact(state));
      journal.append({ event: 'created', time: now(), ...facts, taskPath, state: word });
      const seen = { state: word, isFinished: false, code: null, atMs: wallNow() };
      notes = createStateNotes({ facts, taskPath, seen }, journal, invocation);
    },
    notCreated: () => void notCreated(),
    again: () => {
      notes = null;
      notCreated();
      intend(now());
    },
    note: (event) => notes?.noteEvent(event),
  };
}

/** Only has to differ from those of one experience's runs, which is not worth loading node:crypto for. */
export function createRunId(wallNowMs: number): string {
  return `${wallNowMs.toString(36)}-${Math.random().toString(36).slice(2)}`;
}
