import type { JsonValue } from '../../open-cloud/task.ts';
import { MemoryStoreFailure } from './memory-store-failure.ts';

/** Null is no sort key. */
export type SortKey = number | string | null;

const MAX_NAME_LENGTH = 128;
const MAX_VALUE_BYTES = 32_768;
// Values come to scripts by way of a JSON reader of the prelude, and deeper ones would exhaust its stack.
const MAX_DEPTH = 500;
export const MAX_LIFETIME_SECONDS = 3_888_000;

/** Checks the name of a structure, a key or an id. Throws InvalidRequest. */
export function checkName(text: string, what: string): string {
  if (text.length >= 1 && text.length <= MAX_NAME_LENGTH) return text;
  throw invalidRequest(`${what} has ${text.length} characters, and may have 1 to ${MAX_NAME_LENGTH}`);
}

/** Throws InvalidRequest. */
export function checkSortKey(sortKey: SortKey): SortKey {
  if (typeof sortKey !== 'string' || sortKey.length <= MAX_NAME_LENGTH) return sortKey;
  const length = sortKey.length;
  throw invalidRequest(`the sort key has ${length} characters, and may have at most ${MAX_NAME_LENGTH}`);
}

/** The size of a value as JSON, in bytes. Throws InvalidRequest for null, and ItemValueSizeTooLarge. */
export function measureValue(value: JsonValue): number {
  if (value === null) throw invalidRequest('an item needs a value that is not null');
  if (!isShallow(value, MAX_DEPTH)) {
    throw invalidRequest(`the value is nested deeper than ${MAX_DEPTH} levels`);
  }
  const sizeBytes = Buffer.byteLength(JSON.stringify(value));
  if (sizeBytes <= MAX_VALUE_BYTES) return sizeBytes;
  const words = `the value is ${sizeBytes} bytes of JSON, and may be ${MAX_VALUE_BYTES}`;
  throw new MemoryStoreFailure('ItemValueSizeTooLarge', words);
}

/** `expiration` of a script in milliseconds. It is a whole number of seconds in Roblox, so a fraction is dropped. */
export function readExpiration(seconds: number | null): number {
  const wholeSeconds = Math.trunc(seconds ?? 0);
  if (wholeSeconds >= 1 && wholeSeconds <= MAX_LIFETIME_SECONDS) return wholeSeconds * 1000;
  const words = `an item lives for 1 to ${MAX_LIFETIME_SECONDS} seconds`;
  throw new MemoryStoreFailure('InvalidExpirationTime', words);
}

export function readCount(count: number | null, max: number): number {
  if (count !== null && Number.isInteger(count) && count >= 1 && count <= max) return count;
  throw invalidRequest(`count is a whole number from 1 to ${max}`);
}

export function invalidRequest(words: string): MemoryStoreFailure {
  return new MemoryStoreFailure('InvalidRequest', words);
}

function isShallow(value: JsonValue, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (levels === 0) return false;
  return Object.values(value).every((entry) => isShallow(entry, levels - 1));
}
