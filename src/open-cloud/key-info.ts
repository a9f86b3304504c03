import type { JsonValue } from './task.ts';
import { parseJsonObject } from './wire.ts';

/** What the service says of a key. Null wherever the answer did not say it, or not in a form that is known. */
export interface KeyInfo {
  name: string | null;
  /** Of the user who made the key. */
  authorizedUserId: string | null;
  isEnabled: boolean | null;
  isExpired: boolean | null;
  /** Milliseconds since the Unix epoch; null also for a key that has no end. */
  expiresAtMs: number | null;
  scopes: readonly KeyScope[] | null;
}

export interface KeyScope {
  /** Such as `universe.place.luau-execution-session`. */
  name: string;
  /** Such as `read` and `write`. */
  operations: readonly string[] | null;
  /** The experiences that it holds for; `*` stands for all of them. */
  universeIds: readonly string[] | null;
}

/**
 * Reads the answer to an introspection, in the form that Roblox's page on API keys shows. Throws `WireError` only when
 * the text is no JSON object.
 */
export function parseKeyInfo(text: string): KeyInfo {
  const raw = parseJsonObject(text);
  const expiresAtMs = typeof raw.expirationTimeUtc === 'string' ? Date.parse(raw.expirationTimeUtc) : NaN;
  return {
    name: typeof raw.name === 'string' && raw.name !== '' ? raw.name : null,
    authorizedUserId: readId(raw.authorizedUserId),
    isEnabled: readBoolean(raw.enabled),
    isExpired: readBoolean(raw.expired),
    expiresAtMs: Number.isNaN(expiresAtMs) ? null : expiresAtMs,
    scopes: Array.isArray(raw.scopes) ? raw.scopes.flatMap((scope) => readScope(scope) ?? []) : null,
  };
}

/** What a key's scopes say of one scope; null where they leave it open. */
export interface Grant {
  isGranted: boolean | null;
  /** Whether it holds for the universe that was asked about. */
  hasUniverse: boolean | null;
}

// The OpenAPI document has the longer name, the Creator Dashboard and Roblox's own rocale-cli the shorter; which of
// them an introspection answers was never published.
const OTHER_NAMES: ReadonlyMap<string, string> = new Map([
  ['luau-execution-sessions', 'universe.place.luau-execution-session'],
  ['luau-execution-session', 'universe.place.luau-execution-session'],
]);

/** Looks up `scope`, written as `name:operation`, for one universe. */
export function readGrant(scopes: KeyInfo['scopes'], scope: string, universeId: string | null): Grant {
  if (scopes === null) return { isGranted: null, hasUniverse: null };
  const [name = '', operation = ''] = scope.split(':');
  const named = scopes.filter((entry) => (OTHER_NAMES.get(entry.name) ?? entry.name) === name);
  const granting = named.filter(({ operations }) => operations?.includes(operation));
  if (granting.length === 0) {
    const isOpen = named.some(({ operations }) => operations === null);
    return { isGranted: isOpen ? null : false, hasUniverse: null };
  }
  const targets = granting.map(({ universeIds }) => universeIds);
  const isAmong = targets.some(
    (ids) => ids?.includes('*') || (universeId !== null && ids?.includes(universeId)),
  );
  const isOpen = universeId === null || targets.includes(null);
  return { isGranted: true, hasUniverse: isAmong || (isOpen ? null : false) };
}

function readScope(raw: JsonValue): KeyScope | null {
  if (!isObject(raw) || typeof raw.name !== 'string') return null;
  const operations = Array.isArray(raw.operations)
    ? raw.operations.filter((word) => typeof word === 'string').map((word) => word.toLowerCase())
    : null;
  return { name: raw.name, operations, universeIds: readUniverses(raw) };
}

/**
 * The page names the identifier `universeId` in its prose; its example has plural lists, and one of objects that hold a
 * `universeId`. All of these are taken.
 */
function readUniverses(raw: { [key: string]: JsonValue }): string[] | null {
  const found = Object.entries(raw).flatMap(([key, value]) => {
    const entries = Array.isArray(value) ? value : [value];
    if (/^universeIds?$/.test(key)) return entries.flatMap((entry) => readId(entry) ?? []);
    return entries.flatMap((entry) => (isObject(entry) ? (readId(entry.universeId) ?? []) : []));
  });
  const isTold = found.length > 0 || Array.isArray(raw.universeIds);
  return isTold ? found : null;
}

function readId(value: JsonValue | undefined): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value !== '' ? value : null;
}

function readBoolean(value: JsonValue | undefined): boolean | null {
  return typeof value === 'boolean' ? value : null;
}

function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
