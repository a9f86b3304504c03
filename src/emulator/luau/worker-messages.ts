import type { WasmModule } from '../../luau/web-assembly.ts';
import type { LuauErrorCode, LuauPlace } from './luau-runner.ts';

/** What a worker is born with. */
export interface WorkerInput {
  module: WasmModule;
  script: string;
  place: LuauPlace;
  binaryInput: Uint8Array | null;
  hasBinaryOutput: boolean;
  /** See log-tape.ts. */
  logTape: SharedArrayBuffer;
}

/**
 * The only message to a worker: run what is due at this time. The first one starts the script. Both times come from
 * the job's clock: seconds on the monotonic one, and since the Unix epoch.
 */
export interface StepMessage {
  nowSeconds: number;
  wallNowSeconds: number;
}

/** What one step came to. `dueSeconds` is on the monotonic clock; null when no timer runs. */
export type StepResult =
  | { type: 'idle'; dueSeconds: number | null }
  | { type: 'complete'; resultsJson: string; binaryOutput: Uint8Array<ArrayBuffer> | null }
  | { type: 'failed'; code: LuauErrorCode; message: string };

/** `ready` comes once, when the VM is made; `logs` whenever the tape has something unread. */
export type WorkerMessage = { type: 'ready' } | { type: 'logs' } | StepResult;
