/** A body that is never whole in memory. */
export interface StreamBody {
  sizeBytes: number;
  /** From the start; pulled as fast as the peer takes it. What it throws ends the exchange, and is thrown by it. */
  readChunks(): AsyncIterable<Uint8Array>;
}
