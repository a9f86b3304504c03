import type { LuauExecError } from '../../errors.ts';
import type { FinishedTask } from '../../open-cloud/task.ts';
import type { OutcomeLogs } from '../../task/outcome.ts';
import { createOutcomeLogs } from '../../task/read-logs.ts';
import type { OpenTask } from '../open-task.ts';

/** What could be read of a task's log messages. */
export interface TaskLogs {
  task: FinishedTask;
  logs: OutcomeLogs;
  /** Why that is not all. */
  error: LuauExecError | null;
}

/** Reads the log messages that are kept of a task, as far as they can be read. */
export async function readTaskLogs(
  task: FinishedTask,
  { client }: OpenTask,
  signal: AbortSignal,
): Promise<TaskLogs> {
  const reading = await client.listLogs(task.path, { signal });
  return { task, logs: createOutcomeLogs(reading, task), error: reading.error };
}
