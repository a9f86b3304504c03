import type { Attempt, LuauExecError } from '../errors.ts';
import type { FinishedTask, LogMessage, Task } from '../open-cloud/task.ts';
import type { TaskPath } from '../open-cloud/task-path.ts';
import type { Outcome } from './outcome.ts';

/** Why a request is being held back, for people who watch. */
export type WaitReason = 'rate_limit' | 'place_full' | 'retry';

/** How far a file has come on its way to the service, or from it. */
export interface TransferState {
  /** For instance `uploading game.rbxl`: a verb, and the file as the user named it. */
  title: string;
  doneBytes: number;
  /** Null where the service does not say. */
  totalBytes: number | null;
  isDone: boolean;
}

/**
 * What happens during one run, in order. `outcome`, `submitted` (where nobody waits for the end) or `failed` comes last
 * and once; a run that is stopped ends with none of them.
 */
export type RunEvent =
  | { type: 'submitting' }
  | { type: 'created'; task: Task }
  /** The server ran another version of the place, so nothing of the script; it is sent again, to `versionId`. */
  | { type: 'pinning'; versionId: string }
  | { type: 'resumed'; path: TaskPath }
  /** Another process of this machine uploads to the same place, which may be the very file. */
  | { type: 'awaiting_upload' }
  /** Bytes on their way. `isDone` comes once, last; a retry begins at 0 again, so `doneBytes` may fall. */
  | { type: 'transfer'; transfer: TransferState }
  | { type: 'state'; state: string; elapsedMs: number }
  | { type: 'waiting'; operation: string; reason: WaitReason; waitMs: number; attempt: Attempt | null }
  | { type: 'heartbeat'; state: string; elapsedMs: number }
  /** Printed just now; `missed` messages did not come between the last ones and these. */
  | { type: 'live'; messages: LogMessage[]; missed: number }
  /** No more messages come while the script runs. */
  | { type: 'live_lost'; error: LuauExecError }
  /** The run is being told to stop. */
  | { type: 'cancelling' }
  | { type: 'reading_logs'; task: FinishedTask }
  | { type: 'submitted'; task: Task }
  | { type: 'outcome'; outcome: Outcome }
  | { type: 'failed'; error: LuauExecError };
