import type { TaskPath } from '../open-cloud/task-path.ts';
import type { Invocation } from './invocation.ts';
import type { OpenTask } from './open-task.ts';

/** The process that sent the script learns within seconds that a version guard has fired, and then sends it again. */
const PATIENCE_MS = 10_000;
/** Limits may hold that create back. */
const LONGEST_CREATE_MS = 300_000;
const LOOK_MS = 500;

/**
 * The task in which a run goes on whose version guard has fired in the task that was opened; null where none is known
 * after ten seconds, or after five minutes where its create is on its way.
 */
export async function findSuccessor(open: OpenTask, { context }: Invocation): Promise<OpenTask | null> {
  const { run, path, journal, client } = open;
  if (run === null) return null;
  const { clock, signal } = context;
  const startMs = clock.now();
  for (;;) {
    const newer = findRun(journal.readRuns(client.origin), run.facts.runId);
    if (newer?.path && newer.path.taskId !== path.taskId) return { ...open, path: newer.path, run: newer };
    const isBeingSent = newer !== null && newer.path === null;
    if (clock.now() - startMs >= (isBeingSent ? LONGEST_CREATE_MS : PATIENCE_MS)) return null;
    await clock.sleep(LOOK_MS, signal);
  }
}

function findRun<Run extends { facts: { runId: string }; path: TaskPath | null }>(
  runs: Iterable<Run>,
  runId: string,
): Run | null {
  for (const found of runs) if (found.facts.runId === runId) return found;
  return null;
}
