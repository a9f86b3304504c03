import type { TaskPath } from './task-path.ts';

/** A value as JSON carries it. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

interface TaskFields {
  path: TaskPath;
  /** RFC 3339 as the service wrote it; absent from the answer to a create (seen 2026-05). */
  createTime: string | null;
  updateTime: string | null;
  /** Id of the user who owns the key. */
  user: string | null;
  /** The limit the service applies to the script, in seconds; null when it did not say. */
  timeoutSeconds: number | null;
  /** Empty in the BASIC view. */
  script: string;
  binaryInput: string | null;
  binaryOutputUri: string | null;
  enableBinaryOutput: boolean;
}

/** Any state that is not known to be final, `QUEUED`, `PROCESSING` and words nobody has documented alike. */
export interface UnfinishedTask extends TaskFields {
  phase: 'unfinished';
  /** The service's own word; `STATE_UNSPECIFIED` when it gave none. */
  state: string;
}
export interface CompleteTask extends TaskFields {
  phase: 'complete';
  state: 'COMPLETE';
  /** One entry for each returned value, untouched. */
  results: JsonValue[];
}
export interface FailedTask extends TaskFields {
  phase: 'failed';
  state: 'FAILED';
  /** `code` is the service's word, `ERROR_CODE_UNSPECIFIED` when it gave none. */
  error: { code: string; message: string };
}
export interface CancelledTask extends TaskFields {
  phase: 'cancelled';
  state: 'CANCELLED';
}

export type FinishedTask = CompleteTask | FailedTask | CancelledTask;
export type Task = UnfinishedTask | FinishedTask;

export function isFinished(task: Task): task is FinishedTask {
  return task.phase !== 'unfinished';
}

export type LogLevel = 'OUTPUT' | 'INFO' | 'WARNING' | 'ERROR' | 'UNSPECIFIED';

/** One call of `print`, `warn` and the like, or one uncaught error; `message` may hold line breaks. */
export interface LogMessage {
  /** RFC 3339; null in the FLAT view. */
  time: string | null;
  level: LogLevel;
  message: string;
}
