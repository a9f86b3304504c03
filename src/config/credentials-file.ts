import { lstat, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { LuauExecError, messageOf } from '../errors.ts';
import { makeDirectory } from '../make-directory.ts';
import { readTextFile } from './read-text-file.ts';
import { replaceFile } from './replace-file.ts';

/** API keys by the origin that each is for, as they stand in the credentials file. */
export interface Credentials {
  keys: ReadonlyMap<string, string>;
  /** Permission bits of the file; null when there is none. */
  mode: number | null;
}

const LIMIT_BYTES = 1_048_576;
const NOTHING: Credentials = { keys: new Map(), mode: null };

/** What `saveCredentials` left there; nothing when there is no file. Throws LX014 for a file that it cannot have left. */
export async function loadCredentials(path: string): Promise<Credentials> {
  const entry = await lstat(path).catch(() => null);
  if (entry === null) return NOTHING;
  // A link could lead to a file that others write, and a pipe would make every command wait.
  if (!entry.isFile()) throw createCredentialsError(path, 'is not a regular file');
  const read = await readTextFile(path, LIMIT_BYTES);
  if (!read.ok) throw createCredentialsError(path, read.reason);
  return { keys: parseCredentials(path, read.text), mode: read.mode };
}

/**
 * Writes the file anew and whole, with nobody but its owner able to read it, or removes it when there are no keys.
 * Whoever reads it meanwhile sees the old one. Throws LX074.
 */
export async function saveCredentials(path: string, keys: ReadonlyMap<string, string>): Promise<void> {
  try {
    if (keys.size === 0) {
      await rm(path, { force: true });
      return;
    }
    makeDirectory(dirname(path));
    const text = `${JSON.stringify({ keys: Object.fromEntries(keys) }, null, 2)}\n`;
    await replaceFile(path, { text, mode: 0o600 });
  } catch (cause) {
    throw new LuauExecError(`the API key could not be stored in ${path}: ${messageOf(cause)}`, {
      id: 'LX074',
      kind: 'io',
      hint: 'keep the key in ROBLOX_API_KEY, or use --api-key-file FILE',
      cause,
    });
  }
}

function parseCredentials(path: string, text: string): ReadonlyMap<string, string> {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    // The parser's own words quote the text, and with it the key.
    throw createCredentialsError(path, 'is not valid JSON');
  }
  const keys = isObject(content) && 'keys' in content ? content.keys : null;
  if (!isObject(keys)) throw createCredentialsError(path, 'does not hold "keys"');
  const entries = Object.entries(keys).map(([origin, key]: [string, unknown]) => {
    if (typeof key !== 'string') throw createCredentialsError(path, 'holds a key that is not text');
    return [origin, key] as const;
  });
  return new Map(entries);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function createCredentialsError(path: string, reason: string): LuauExecError {
  return new LuauExecError(`the stored API keys in ${path} cannot be used: the file ${reason}`, {
    id: 'LX014',
    kind: 'usage',
    hint: `remove ${path}, then luau-exec auth set`,
  });
}
