import type { Clock } from '../../clock.ts';
import type { JsonValue, LogLevel } from '../../open-cloud/task.ts';

/** What one task asks of the Luau host. */
export interface LuauJob {
  /** Source of the chunk, which Luau calls `TaskScript`. */
  script: string;
  /** What `game` says of itself. */
  place: LuauPlace;
  /** Counts from the moment the script starts, as the service counts it. */
  timeoutMs: number;
  clock: Clock;
  /** Bytes for `({...})[1].BinaryInput`, where the task has a binary input. */
  binaryInput?: Uint8Array;
  enableBinaryOutput?: boolean;
  onLog(entry: LuauLogEntry): void;
  /** Answers the calls of services whose data lies outside of the script; without it each of them is an error. */
  engine?: EngineCalls;
  /** Stops the script at once; the result is then `cancelled`. */
  signal?: AbortSignal;
}

/** The values of `game.GameId`, `game.PlaceId`, `game.PlaceVersion` and `game.JobId`. */
export interface LuauPlace {
  universeId: string;
  placeId: string;
  placeVersion: number;
  jobId: string;
}

/** A call of a method whose data outlives the script, such as one of a data store. */
export interface EngineCall {
  /** The method, as Roblox's documentation names it: `MemoryStoreQueue:AddAsync`. */
  method: string;
  /** What the method is told, as the prelude's file about its service says. */
  input: JsonValue;
}

/** What a method returns; or the words of the error that it raises in the script. */
export type EngineAnswer = { ok: true; value: JsonValue } | { ok: false; message: string };

/**
 * Starts a call. `answer` is called with its outcome, at once or later, and again for each message of a subscription;
 * `signal` aborts when the script has ended, whom nobody needs to answer then.
 */
export type EngineCalls = (
  call: EngineCall,
  answer: (outcome: EngineAnswer) => void,
  signal: AbortSignal,
) => void;

export interface LuauLogEntry {
  level: LogLevel;
  message: string;
}

export type LuauResult =
  | { kind: 'complete'; results: JsonValue[]; binaryOutput?: Uint8Array }
  | { kind: 'failed'; code: LuauErrorCode; message: string }
  | { kind: 'cancelled' };

export type LuauErrorCode =
  | 'SCRIPT_ERROR'
  | 'DEADLINE_EXCEEDED'
  | 'OUTPUT_SIZE_LIMIT_EXCEEDED'
  | 'INTERNAL_ERROR';

/** Runs one script from start to end. Never rejects: whatever happens to the script is in the result. */
export type LuauRunner = (job: LuauJob) => Promise<LuauResult>;

/** A runner that holds threads: `close` stops scripts that still run and waits until every thread is gone. */
export type ClosableLuauRunner = LuauRunner & { close(): Promise<void> };
