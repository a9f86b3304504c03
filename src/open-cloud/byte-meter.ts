import { createHash } from 'node:crypto';

/** How many bytes went by, and which. */
export class ByteMeter {
  readonly #hash = createHash('sha256');
  #doneBytes = 0;

  add(chunk: Uint8Array): void {
    this.#hash.update(chunk);
    this.#doneBytes += chunk.byteLength;
  }

  get doneBytes(): number {
    return this.#doneBytes;
  }

  /** The SHA-256 of all of them in hexadecimal; nothing can be added after it. */
  digest(): string {
    return this.#hash.digest('hex');
  }
}
