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
 * The only message to a worker: hand over the answers, then run what is due at this time. The first one starts the
 * script. Both times come from the job's clock: seconds on the monotonic one, and since the Unix epoch.
 */
export interface StepMessage {
  nowSeconds: number;
  wallNowSeconds: number;
  answers: readonly CallAnswer[];
}

/** One answer to the engine call of this number. `text` is JSON, or the words of an error. */
export interface CallAnswer {
  id: number;
  isOk: boolean;
  text: string;
}

/** What one step came to. `dueSeconds` is on the monotonic clock; null when no timer runs. */
export type StepResult =
  | { type: 'idle'; dueSeconds: number | null }
  | { type: 'complete'; resultsJson: string; binaryOutput: Uint8Array<ArrayBuffer> | null }
  | { type: 'failed'; code: LuauErrorCode; message: string };

/**
 * `ready` comes once, when the VM is made; `logs` whenever the tape has something unread; `call` for each engine call,
 * in the middle of a step.
 */
export type WorkerMessage =
  | { type: 'ready' }
  | { type: 'logs' }
  | { type: 'call'; id: number; method: string; inputJson: string }
  | StepResult;
