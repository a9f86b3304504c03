import type { LogLevel } from '../open-cloud/task.ts';

export interface StoredLogMessage {
  level: LogLevel;
  message: string;
  /** Milliseconds since the Unix epoch. */
  wallMs: number;
}

const CAPACITY_BYTES = 450 * 1024;
// Measured on the live service: every message costs this much on top of its text.
const OVERHEAD_BYTES = 47;

/** The newest log messages of one task, up to about 450 KB. Older ones go without a mark. */
export class LogStore {
  #messages: StoredLogMessage[] = [];
  #sizeBytes = 0;

  push(message: StoredLogMessage): void {
    this.#messages.push(message);
    this.#sizeBytes += costOf(message);
    while (this.#sizeBytes > CAPACITY_BYTES) {
      const dropped = this.#messages.shift();
      if (dropped) this.#sizeBytes -= costOf(dropped);
    }
  }

  /** The kept messages in order of arrival, cut into chunks; one empty chunk when nothing was printed. */
  chunks(messagesPerChunk: number): StoredLogMessage[][] {
    const chunks = [this.#messages.slice(0, messagesPerChunk)];
    for (let start = messagesPerChunk; start < this.#messages.length; start += messagesPerChunk) {
      chunks.push(this.#messages.slice(start, start + messagesPerChunk));
    }
    return chunks;
  }
}

function costOf({ message }: StoredLogMessage): number {
  return message.length + OVERHEAD_BYTES;
}
