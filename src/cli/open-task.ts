import type { LoadedSettings } from '../config/load-settings.ts';
import { addFacts, LuauExecError } from '../errors.ts';
import type { JournalRun } from '../history/journal-run.ts';
import { type ResolvedTask, resolveTask } from '../history/resolve-task.ts';
import { formatTaskPath, type TaskPath } from '../open-cloud/task-path.ts';
import { connectToTasks, loadInvocationSettings, type TaskConnection } from './connect.ts';
import type { Invocation } from './invocation.ts';
import type { RunOptions } from './shared-options.ts';
import { createStateNotes, type StateNotes } from './state-notes.ts';

/** The way to tasks, and the settings that name it. */
export interface LoadedConnection extends TaskConnection {
  loaded: LoadedSettings;
}

/** A task that exists, and the way to it. */
export interface OpenTask extends LoadedConnection {
  path: TaskPath;
  /** Null for a task that was not sent from this machine, or longer ago than the journal goes back. */
  run: JournalRun | null;
  /** What the script was called when it was sent from this machine; null for a task of somebody else. */
  scriptName: string | null;
  /** Writes the task's state into the journal where it was sent from this machine. */
  notes: StateNotes;
}

const NO_NOTES: StateNotes = { noteTask: () => undefined, noteEvent: () => undefined };

/** What every command about one task begins with. Throws usage errors, and what `resolveTask` throws. */
export async function openTask(
  invocation: Invocation,
  reference: string | undefined,
  options: RunOptions,
): Promise<OpenTask> {
  return findOpenTask(invocation, reference, await loadConnection(invocation, options));
}

/** Throws usage errors. */
export async function loadConnection(invocation: Invocation, options: RunOptions): Promise<LoadedConnection> {
  const loaded = await loadInvocationSettings(invocation, options);
  return { ...connectToTasks(invocation, loaded, options), loaded };
}

/** Throws what `resolveTask` throws. */
export function findOpenTask(
  invocation: Invocation,
  reference: string | undefined,
  connection: LoadedConnection,
): OpenTask {
  const { path, run } = findTask(reference, connection);
  const notes = run
    ? createStateNotes({ ...run, taskPath: formatTaskPath(path) }, connection.journal, invocation)
    : NO_NOTES;
  return { ...connection, path, run, scriptName: run?.facts.script ?? null, notes };
}

function findTask(
  reference: string | undefined,
  { journal, client, journalProblems }: TaskConnection,
): ResolvedTask {
  try {
    // @last is the last task of the API that is talked to: one that an emulator knew is nowhere else.
    return resolveTask(reference, journal.readRuns(client.origin));
  } catch (error) {
    const [why] = journalProblems;
    if (why === undefined || !(error instanceof LuauExecError) || error.id !== 'LX009') throw error;
    throw addFacts(error, [`the journal cannot be read: ${why}`]);
  }
}
