import type { JsonValue } from '../../open-cloud/task.ts';
import { measureValue } from './item-rules.ts';
import type { Lifetime } from './lifetime.ts';
import type { MemoryBudget } from './memory-budget.ts';

export interface QueueEntry {
  value: JsonValue;
  priority: number;
  lifetime: Lifetime;
}

export interface QueueItem extends Readonly<QueueEntry> {
  readonly id: string;
  readonly sizeBytes: number;
}

interface Claim {
  readId: string;
  /** On the monotonic clock; the claim means nothing from then on. */
  endMs: number;
}

/** One queue. It knows no clock: whoever opens it has dropped what expired. */
export class MemoryQueue {
  readonly #budget: MemoryBudget;
  readonly #createTag: () => string;
  /** From the front to the back. */
  #items: QueueItem[] = [];
  readonly #claims = new Map<QueueItem, Claim>();

  constructor(budget: MemoryBudget, createTag: () => string) {
    this.#budget = budget;
    this.#createTag = createTag;
  }

  /** How many items there are, those that a read has made invisible included. */
  get size(): number {
    return this.#items.length;
  }

  /** Throws for a value that is too large, and for too little memory. */
  add(entry: QueueEntry): QueueItem {
    const sizeBytes = measureValue(entry.value);
    this.#budget.replace(0, sizeBytes);
    const item = { ...entry, id: this.#createTag(), sizeBytes };
    const ahead = this.#items.findLastIndex(({ priority }) => priority >= entry.priority);
    this.#items.splice(ahead + 1, 0, item);
    return item;
  }

  /** The items that a read would find. */
  listVisible(nowMs: number): QueueItem[] {
    return this.#items.filter((item) => (this.#claims.get(item)?.endMs ?? nowMs) <= nowMs);
  }

  /** Makes items invisible until `endMs`, and returns the id under which they can be discarded until then. */
  claim(items: readonly QueueItem[], endMs: number): string {
    const readId = this.#createTag();
    for (const item of items) this.#claims.set(item, { readId, endMs });
    return readId;
  }

  /** Removes the items of a read that are still invisible. */
  discard(readId: string, nowMs: number): void {
    this.#dropWhere((item) => {
      const claim = this.#claims.get(item);
      return claim?.readId === readId && claim.endMs > nowMs;
    });
  }

  dropExpired(nowMs: number): void {
    this.#dropWhere(({ lifetime }) => lifetime.endMs <= nowMs);
  }

  #dropWhere(isMeant: (item: QueueItem) => boolean): void {
    this.#items = this.#items.filter((item) => {
      if (!isMeant(item)) return true;
      this.#budget.replace(item.sizeBytes, 0);
      this.#claims.delete(item);
      return false;
    });
  }
}
