import type { LogLevel } from '../../open-cloud/task.ts';
import type { LuauLogEntry } from './luau-runner.ts';

// A script that never yields cannot be asked for what it has printed, and it is stopped by ending its thread. So log
// messages are written into memory that both threads see: what was printed is there, however the thread ends. A writer
// that is too fast for the reader waits for it, which keeps memory bounded.
//
// Memory: three 32-bit words (where the writer is, where the reader is, whether the reader was told), then a ring of
// bytes. Message: level (1 byte), length (4 bytes, little-endian), text.

const WRITTEN = 0;
const READ = 1;
const ANNOUNCED = 2;
const WORD_BYTES = 12;
const DEFAULT_RING_BYTES = 256 * 1024;
const HEAD_BYTES = 5;
const LEVELS: readonly LogLevel[] = ['UNSPECIFIED', 'OUTPUT', 'INFO', 'WARNING', 'ERROR'];

export function createLogTape(ringBytes = DEFAULT_RING_BYTES): SharedArrayBuffer {
  return new SharedArrayBuffer(WORD_BYTES + ringBytes);
}

/** The script's end of the tape. Used in a thread that may block. */
export class LogTapeWriter {
  readonly #words: Int32Array;
  readonly #ring: Uint8Array;
  readonly #announce: () => void;

  /** `announce` is called when there is something to read and the reader does not know it yet. */
  constructor(tape: SharedArrayBuffer, announce: () => void) {
    this.#words = new Int32Array(tape, 0, 3);
    this.#ring = new Uint8Array(tape, WORD_BYTES);
    this.#announce = announce;
  }

  /** `message` is a byte string. */
  write(level: LogLevel, message: string): void {
    const frame = Buffer.allocUnsafe(HEAD_BYTES + message.length);
    frame.writeUInt8(Math.max(0, LEVELS.indexOf(level)), 0);
    frame.writeUInt32LE(message.length, 1);
    frame.write(message, HEAD_BYTES, 'latin1');
    for (let sent = 0; sent < frame.length; ) sent += this.#writeSome(frame.subarray(sent));
  }

  #writeSome(bytes: Uint8Array): number {
    const size = this.#ring.length;
    const written = Atomics.load(this.#words, WRITTEN);
    const read = Atomics.load(this.#words, READ);
    const free = (read - written - 1 + size) % size;
    if (free === 0) {
      Atomics.wait(this.#words, READ, read);
      return 0;
    }
    const count = Math.min(bytes.length, free, size - written);
    this.#ring.set(bytes.subarray(0, count), written);
    Atomics.store(this.#words, WRITTEN, (written + count) % size);
    if (Atomics.exchange(this.#words, ANNOUNCED, 1) === 0) this.#announce();
    return count;
  }
}

/** The other end. Never blocks. */
export class LogTapeReader {
  readonly #words: Int32Array;
  readonly #ring: Uint8Array;
  /** Bytes read so far that do not make a whole message yet. */
  #pieces: Buffer[] = [];
  #pendingBytes = 0;
  #wantedBytes = HEAD_BYTES;

  constructor(tape: SharedArrayBuffer) {
    this.#words = new Int32Array(tape, 0, 3);
    this.#ring = new Uint8Array(tape, WORD_BYTES);
  }

  /** The messages written before this call and not read yet, in order. */
  read(): LuauLogEntry[] {
    Atomics.store(this.#words, ANNOUNCED, 0);
    const written = Atomics.load(this.#words, WRITTEN);
    let at = Atomics.load(this.#words, READ);
    while (at !== written) {
      const end = at < written ? written : this.#ring.length;
      this.#pieces.push(Buffer.from(this.#ring.slice(at, end)));
      this.#pendingBytes += end - at;
      at = end % this.#ring.length;
    }
    Atomics.store(this.#words, READ, at);
    Atomics.notify(this.#words, READ);
    return this.#pendingBytes < this.#wantedBytes ? [] : this.#takeMessages();
  }

  #takeMessages(): LuauLogEntry[] {
    const bytes = Buffer.concat(this.#pieces);
    const entries: LuauLogEntry[] = [];
    let at = 0;
    for (;;) {
      this.#wantedBytes = HEAD_BYTES;
      if (bytes.length - at < HEAD_BYTES) break;
      this.#wantedBytes += bytes.readUInt32LE(at + 1);
      if (bytes.length - at < this.#wantedBytes) break;
      const end = at + this.#wantedBytes;
      const level = LEVELS[bytes.readUInt8(at)] ?? 'UNSPECIFIED';
      entries.push({ level, message: bytes.toString('utf8', at + HEAD_BYTES, end) });
      at = end;
    }
    this.#pieces = [bytes.subarray(at)];
    this.#pendingBytes = bytes.length - at;
    return entries;
  }
}
