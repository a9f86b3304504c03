import type { Task } from '../open-cloud/task.ts';
import { formatTaskPath } from '../open-cloud/task-path.ts';
import type { Script } from '../script/compose-script.ts';
import type { Connection } from './connect.ts';
import type { Invocation } from './invocation.ts';

/** What the journal holds of one run. */
export interface JournalEntry {
  created(task: Task): void;
  /** Only for a create that has certainly made no task. */
  notCreated(): void;
}

/** Writes that a create is about to be sent. Where there is no journal nothing is written. */
export function openJournalEntry(
  { name }: Script,
  { journal, universeId, placeId, client }: Connection,
  { context, redact }: Invocation,
): JournalEntry {
  const wallNow = () => context.clock.wallNow();
  const runId = createRunId(wallNow());
  const now = () => new Date(wallNow()).toISOString();
  const intent = { runId, time: now(), script: redact(name), universeId, placeId, origin: client.origin };
  journal?.append({ event: 'intent', ...intent });
  return {
    created: ({ path }) =>
      journal?.append({ event: 'created', runId, time: now(), taskPath: redact(formatTaskPath(path)) }),
    notCreated: () => journal?.append({ event: 'not_created', runId, time: now() }),
  };
}

/** Only has to differ from the others in one journal, which is not worth loading node:crypto for. */
function createRunId(wallNowMs: number): string {
  return `${wallNowMs.toString(36)}-${Math.random().toString(36).slice(2)}`;
}
