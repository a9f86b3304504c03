import type { JsonValue, Task } from '../open-cloud/task.ts';
import type { OutcomeLogs, Timing, Warning } from '../task/outcome.ts';
import type { ErrorDescription } from './describe-error.ts';

export interface ReportScript {
  /** As the user named it: a path, `-` or `-e`. */
  name: string;
  /** Of the chunk that was sent, in hexadecimal; null where the script came to none. */
  sha256: string | null;
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
  logs: OutcomeLogs | null;
  timing: Timing | null;
  warnings: Warning[];
}
