import type { LoadedSettings } from '../config/load-settings.ts';
import { resolveTask } from '../history/resolve-task.ts';
import type { TaskPath } from '../open-cloud/task-path.ts';
import { connectToTasks, loadInvocationSettings, type TaskConnection } from './connect.ts';
import type { Invocation } from './invocation.ts';
import type { RunOptions } from './shared-options.ts';

/** A task that exists, and the way to it. */
export interface OpenTask extends TaskConnection {
  loaded: LoadedSettings;
  path: TaskPath;
  /** What the script was called when it was sent from this machine; null for a task of somebody else. */
  scriptName: string | null;
}

/** What every command about one task begins with. Throws usage errors, and what `resolveTask` throws. */
export async function openTask(
  invocation: Invocation,
  reference: string | undefined,
  options: RunOptions,
): Promise<OpenTask> {
  const loaded = await loadInvocationSettings(invocation, options);
  const connection = connectToTasks(invocation, loaded, options);
  // @last is the last task of the API that is talked to: one that an emulator knew is nowhere else.
  const runs = connection.journal.readRuns().filter(({ origin }) => origin === connection.client.origin);
  const path = resolveTask(reference, runs);
  const run = runs.find((candidate) => candidate.path?.taskId === path.taskId);
  return { ...connection, loaded, path, scriptName: run?.script ?? null };
}
