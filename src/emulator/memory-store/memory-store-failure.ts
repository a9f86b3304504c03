import { EngineFailure } from '../engine-calls.ts';

/** What Roblox's documentation calls the ways in which a request of a memory store fails. */
export type MemoryStoreStatus =
  | 'InvalidRequest'
  | 'InvalidExpirationTime'
  | 'ItemValueSizeTooLarge'
  | 'TotalMemoryOverLimit'
  | 'TotalRequestsOverLimit';

/** A request that a memory store refuses. Its message begins with the status; the words after it are the emulator's. */
export class MemoryStoreFailure extends EngineFailure {
  readonly status: MemoryStoreStatus;

  constructor(status: MemoryStoreStatus, words: string) {
    super(`${status}: ${words}`);
    this.status = status;
  }
}
