import type { JsonValue, LogLevel, Task } from '../open-cloud/task.ts';
import { formatTaskPath } from '../open-cloud/task-path.ts';
import type { OutcomeLogs, Timing, Warning } from '../task/outcome.ts';
import type { ErrorDescription } from './describe-error.ts';

export interface ReportScript {
  /** As the user named it: a path, `-` or `-e`. */
  name: string;
  /** Of the chunk that was sent, in hexadecimal; null where the script came to none. */
  sha256: string | null;
}

export interface ReportLogs extends OutcomeLogs {
  /** How many messages the filters of `logs` took away; none where this is absent. */
  leftOut?: number;
}

/** How people are shown log messages; programs get all that the report has. */
export interface LogDisplay {
  /** Less severe messages are not shown; absent or null shows all. */
  level?: LogLevel | null;
  /** Each line begins with the time of its message. */
  hasTimestamps?: boolean;
}

/** All that a renderer may see of one script's run, or of one command about one task. */
export interface Report {
  exitCode: number;
  /** The name of the exit code, for instance `script_failed`. */
  outcome: string;
  script: ReportScript | null;
  /** Null until the service has answered a create. */
  task: Task | null;
  results: JsonValue[] | null;
  error: ErrorDescription | null;
  /** Null when logs were not asked for. */
  logs: ReportLogs | null;
  /** Everything, as it is, where this is absent. */
  logDisplay?: LogDisplay;
  timing: Timing | null;
  warnings: readonly Warning[];
}

/** The path of the task that a report is about, also where nothing else is known of it; null where there is none. */
export function findTaskPath({ task, error }: Report): string | null {
  return task ? formatTaskPath(task.path) : (error?.taskPath ?? null);
}
