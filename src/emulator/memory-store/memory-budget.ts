import { MemoryStoreFailure } from './memory-store-failure.ts';

const MAX_BYTES = 65_536;

/** How much of its memory a universe uses, in bytes of keys, values and sort keys. */
export class MemoryBudget {
  #usedBytes = 0;

  /** Throws TotalMemoryOverLimit where it would grow past the limit, and then leaves it as it was. */
  replace(oldBytes: number, newBytes: number): void {
    const usedBytes = this.#usedBytes - oldBytes + newBytes;
    if (newBytes > oldBytes && usedBytes > MAX_BYTES) {
      const words = `a universe may keep ${MAX_BYTES} bytes, and this would make it ${usedBytes}`;
      throw new MemoryStoreFailure('TotalMemoryOverLimit', words);
    }
    this.#usedBytes = usedBytes;
  }
}
