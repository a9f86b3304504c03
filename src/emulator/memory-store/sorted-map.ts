import type { JsonValue } from '../../open-cloud/task.ts';
import { type Bound, compareItems, compareToBound, type Position } from './item-order.ts';
import { measureValue } from './item-rules.ts';
import type { Lifetime } from './lifetime.ts';
import type { MemoryBudget } from './memory-budget.ts';

/** What a write says of an item. */
export interface MapEntry extends Position {
  value: JsonValue;
  lifetime: Lifetime;
}

export interface MapItem extends Readonly<MapEntry> {
  /** Another one after each write. */
  readonly etag: string;
  readonly sizeBytes: number;
}

export interface MapRange {
  direction: 'ascending' | 'descending';
  count: number;
  /** Both ends are exclusive; null leaves an end open. */
  lower: Bound | null;
  upper: Bound | null;
}

// A double, whatever its text would be.
const NUMBER_BYTES = 8;

/** One sorted map. It does not look at the clock: whoever opens it has dropped what expired. */
export class SortedMap {
  readonly #budget: MemoryBudget;
  readonly #createTag: () => string;
  readonly #items = new Map<string, MapItem>();
  #sorted: readonly MapItem[] | null = null;

  constructor(budget: MemoryBudget, createTag: () => string) {
    this.#budget = budget;
    this.#createTag = createTag;
  }

  get size(): number {
    return this.#items.size;
  }

  get(key: string): MapItem | undefined {
    return this.#items.get(key);
  }

  /** Adds an item, or replaces the one with its key. Throws for a value that is too large, and for too little memory. */
  set(entry: MapEntry): MapItem {
    const sizeBytes = measureItem(entry);
    this.#budget.replace(this.#items.get(entry.key)?.sizeBytes ?? 0, sizeBytes);
    const item = { ...entry, etag: this.#createTag(), sizeBytes };
    this.#items.set(entry.key, item);
    this.#sorted = null;
    return item;
  }

  /** Returns whether there was such an item. */
  remove(key: string): boolean {
    this.#budget.replace(this.#items.get(key)?.sizeBytes ?? 0, 0);
    this.#sorted = null;
    return this.#items.delete(key);
  }

  /** All items in the map's own order, ascending. */
  list(): readonly MapItem[] {
    this.#sorted ??= [...this.#items.values()].sort(compareItems);
    return this.#sorted;
  }

  range({ direction, count, lower, upper }: MapRange): MapItem[] {
    const inside = this.list().filter(
      (item) =>
        (lower === null || compareToBound(item, lower) > 0) &&
        (upper === null || compareToBound(item, upper) < 0),
    );
    return (direction === 'ascending' ? inside : inside.reverse()).slice(0, count);
  }

  dropExpired(nowMs: number): void {
    for (const { key, lifetime } of this.#items.values()) {
      if (lifetime.endMs <= nowMs) this.remove(key);
    }
  }
}

function measureItem({ key, sortKey, value }: MapEntry): number {
  const sortKeyBytes = typeof sortKey === 'string' ? Buffer.byteLength(sortKey) : NUMBER_BYTES;
  return Buffer.byteLength(key) + measureValue(value) + (sortKey === null ? 0 : sortKeyBytes);
}
