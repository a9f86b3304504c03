import type { SortKey } from './item-rules.ts';

/** Where an item stands in a sorted map. */
export interface Position {
  key: string;
  sortKey: SortKey;
}

/** An end of a range. Without a key it stands for every item with its sort key. */
export interface Bound {
  key: string | null;
  sortKey: SortKey;
}

/** Numeric sort keys come first, then text, then items without one; the rest is up to the key. */
export function compareItems(a: Position, b: Position): number {
  return compareSortKeys(a.sortKey, b.sortKey) || compareText(a.key, b.key);
}

export function compareToBound(item: Position, bound: Bound): number {
  const order = compareSortKeys(item.sortKey, bound.sortKey);
  return order === 0 && bound.key !== null ? compareText(item.key, bound.key) : order;
}

/** In the order of the bytes in UTF-8, as Luau compares text. */
export function compareText(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

function compareSortKeys(a: SortKey, b: SortKey): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  if (typeof a === 'string' && typeof b === 'string') return compareText(a, b);
  return rankOf(a) - rankOf(b);
}

function rankOf(sortKey: SortKey): number {
  if (typeof sortKey === 'number') return 0;
  return typeof sortKey === 'string' ? 1 : 2;
}
