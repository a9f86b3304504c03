import { EngineFailure } from '../engine-calls.ts';
import type { EntryStore, StorePlace } from './entry-store.ts';

export interface KeyQuery {
  prefix: string;
  pageSize: number;
  /** Empty for the first page, else the cursor of the page before. */
  cursor: string;
  excludeDeleted: boolean;
}

export interface KeyPage {
  keys: string[];
  /** Empty when no key is left. */
  cursor: string;
}

/** Keys in the order of their bytes. A cursor names the last key that was told, so it stays good whatever is removed. */
export function listKeyPage(entries: EntryStore, place: StorePlace, query: KeyQuery): KeyPage {
  const { prefix, pageSize, excludeDeleted } = query;
  const after = parseCursor(query.cursor);
  const page: string[] = [];
  for (const { key, bytes } of sortKeys(entries.listKeys(place))) {
    if (!key.startsWith(prefix) || (after !== null && Buffer.compare(bytes, after) <= 0)) continue;
    if (excludeDeleted && (entries.read(place, key)?.valueJson ?? null) === null) continue;
    if (page.length === pageSize) return { keys: page, cursor: formatCursor(page.at(-1) ?? '') };
    page.push(key);
  }
  return { keys: page, cursor: '' };
}

function sortKeys(keys: readonly string[]): { key: string; bytes: Buffer }[] {
  return keys
    .map((key) => ({ key, bytes: Buffer.from(key) }))
    .sort((one, other) => Buffer.compare(one.bytes, other.bytes));
}

function formatCursor(key: string): string {
  return Buffer.from(key).toString('base64url');
}

function parseCursor(cursor: string): Buffer | null {
  if (cursor === '') return null;
  const bytes = Buffer.from(cursor, 'base64url');
  if (bytes.length > 0 && bytes.toString('base64url') === cursor) return bytes;
  throw new EngineFailure('the cursor is none that a page of keys had');
}
