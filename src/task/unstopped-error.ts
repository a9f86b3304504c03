import { LuauExecError } from '../errors.ts';
import type { Task } from '../open-cloud/task.ts';
import { formatTaskPath } from '../open-cloud/task-path.ts';
import { BOOT_ALLOWANCE_MS, DEFAULT_TIMEOUT_SECONDS } from './watch-task.ts';

/** For a run that was told to stop and goes on. */
export function createUnstoppedError(
  task: Task,
  { waitMs, wallNowMs }: { waitMs: number; wallNowMs: number },
): LuauExecError {
  const taskPath = formatTaskPath(task.path);
  return new LuauExecError(`told to stop, and still running after ${waitMs / 1000} s`, {
    id: 'LX606',
    kind: 'not_cancelled',
    taskPath,
    facts: [
      'the script does not yield, or has not started yet: one that never yields is ended by its time-out alone',
      describeOwnEnd(task, wallNowMs),
    ],
    hint: `luau-exec wait ${taskPath}`,
  });
}

/** When a task that nobody can stop is over; times are milliseconds since the Unix epoch. */
export function describeOwnEnd({ timeoutSeconds, createTime }: Task, wallNowMs: number): string {
  const seconds = timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  const createdMs = Date.parse(createTime ?? '');
  const startMs = Number.isNaN(createdMs) ? wallNowMs : createdMs;
  const end = new Date(startMs + seconds * 1000 + BOOT_ALLOWANCE_MS).toISOString().replace(/\.\d+Z$/, 'Z');
  return `its time-out is ${seconds} s, so a script that has started ends by itself by about ${end}`;
}
