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

/** A file that went to the service or came from it. */
export interface ReportFile {
  /** As the user named it; `-` for standard input. */
  name: string;
  sizeBytes: number;
  /** In hexadecimal. */
  sha256: string;
}

/** A place file, and the version that holds it. */
export interface ReportPlace extends ReportFile {
  versionId: string;
  /** False where this machine knew of a version that holds it. */
  isUploaded: boolean;
  isPublished: boolean;
}

/** Null for each that there is none of. */
export interface ReportFiles {
  place: ReportPlace | null;
  binaryInput: ReportFile | null;
  /** Null too where it could not be had. */
  binaryOutput: ReportFile | null;
}

export const NO_FILES: ReportFiles = { place: null, binaryInput: null, binaryOutput: null };

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
  /** The version of the place that the script ran in, where that is not the one of the task's path; else absent. */
  versionId?: string | null;
  results: JsonValue[] | null;
  error: ErrorDescription | null;
  /** Null when logs were not asked for. */
  logs: ReportLogs | null;
  /** Everything, as it is, where this is absent. */
  logDisplay?: LogDisplay;
  timing: Timing | null;
  files: ReportFiles;
  warnings: readonly Warning[];
}

/** The path of the task that a report is about, also where nothing else is known of it; null where there is none. */
export function findTaskPath({ task, error }: Report): string | null {
  return task ? formatTaskPath(task.path) : (error?.taskPath ?? null);
}
