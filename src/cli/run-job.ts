import type { Task } from '../open-cloud/task.ts';
import type { ReportFiles } from '../output/report.ts';
import type { RunEvent } from '../task/run-event.ts';
import type { RunPlan } from './run-plan.ts';

/** Who is told what happens meanwhile. */
export interface RunListeners {
  listen: (event: RunEvent) => void;
  /** Of what belongs to all runs of the call. */
  listenToAll: (event: RunEvent) => void;
}

/** One script on its way. */
export interface Job extends RunPlan, RunListeners {
  /** Letters, digits and a dash. */
  runId: string;
  /** Ends the waiting. For a run that can be stopped, the context's own signal does that. */
  waitSignal: AbortSignal;
}

/** What is known of a run at each moment. */
export interface RunState {
  task: Task | null;
  files: ReportFiles;
  /** While the run is behind a version guard: the version that it is for. */
  guardedVersionId: string | null;
}
