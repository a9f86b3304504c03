import type { JsonValue } from '../../open-cloud/task.ts';
import type { StoredEntry } from './entry-store.ts';

/** A larger value stands in one line: indented, a deep one could become thousands of times as large. */
const MAX_INDENTED_LENGTH = 64 * 1024;

/** The text of a data file, for people to read. */
export function formatDataFile({ valueJson, ...entry }: StoredEntry): string {
  const value: JsonValue = valueJson === null ? null : JSON.parse(valueJson);
  const file = {
    key: entry.key,
    version: entry.version,
    createdTime: new Date(entry.createdWallMs).toISOString(),
    updatedTime: new Date(entry.updatedWallMs).toISOString(),
    userIds: entry.userIds,
    ...(valueJson === null ? { isRemoved: true } : { value }),
  };
  const isIndented = (valueJson?.length ?? 0) <= MAX_INDENTED_LENGTH;
  return `${JSON.stringify(file, null, isIndented ? 2 : 0)}\n`;
}

/** Reads a data file that anybody may have edited. Throws `Error` with what is wrong with it. */
export function parseDataFile(bytes: Uint8Array): StoredEntry {
  const { key, version, createdTime, updatedTime, userIds = [], isRemoved, value } = parseFields(bytes);
  return {
    key: readText('key', key),
    version: readText('version', version),
    createdWallMs: readTime('createdTime', createdTime),
    updatedWallMs: readTime('updatedTime', updatedTime),
    userIds: readUserIds(userIds),
    valueJson: isRemoved === true ? null : readValueJson(value),
  };
}

function parseFields(bytes: Uint8Array): Record<string, unknown> {
  let fields: unknown;
  try {
    fields = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new Error('is not JSON in UTF-8', { cause });
  }
  if (!isObject(fields)) throw new Error('is not a JSON object');
  return fields;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function readText(name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new Error(`has no text as "${name}"`);
}

function readTime(name: string, value: unknown): number {
  const wallMs = Date.parse(readText(name, value));
  if (Number.isNaN(wallMs)) throw new Error(`has no time as "${name}"`);
  return wallMs;
}

function readUserIds(value: unknown): number[] {
  if (!Array.isArray(value)) throw new Error('has no list as "userIds"');
  return value.map((id: unknown) => {
    if (typeof id === 'number' && Number.isInteger(id)) return id;
    throw new Error('has something other than whole numbers in "userIds"');
  });
}

function readValueJson(value: unknown): string {
  if (value === undefined) throw new Error('has no "value"');
  return JSON.stringify(value);
}
