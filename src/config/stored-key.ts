import { join } from 'node:path';
import type { Keyring } from '../context.ts';
import { LuauExecError } from '../errors.ts';
import { loadCredentials, saveCredentials } from './credentials-file.ts';
import {
  describeBetterWays,
  describeKeyExposure,
  isReadableByOthers,
  isTrackedByGit,
  type SettingsWarning,
} from './key-exposure.ts';
import type { StoredKey } from './resolve-settings.ts';
import { findUserDirectory, type SearchStart } from './search-places.ts';
import { findShell } from './set-variable.ts';

/** Where stored keys may lie. A key is stored for one API, so that it is never sent to another. */
export interface KeyPlaces extends Pick<SearchStart, 'homeDirectory' | 'env' | 'platform'> {
  keyring: Keyring;
}

/** What one place knows of a key; `problem` is why it could not be asked, in words. */
export interface KeyPlace {
  hasKey: boolean;
  problem: string | null;
}

export interface StoredKeySearch {
  key: StoredKey | null;
  /** Where it was looked for in vain, one sentence each. */
  facts: string[];
  warnings: SettingsWarning[];
}

export interface StoredPlace {
  /** The file; null when the key is in the keyring. */
  path: string | null;
  /** Why it is not in the keyring, in words. */
  problem: string | null;
}

const FILE_NAME = 'credentials';

/** The credentials file beside the user's config file; null when the system names no home directory. */
export function findCredentialsFile(
  start: Pick<SearchStart, 'homeDirectory' | 'env' | 'platform'>,
): string | null {
  const directory = findUserDirectory(start);
  return directory === null ? null : join(directory, FILE_NAME);
}

/** The key for `baseUrl` from the keyring, else from the file. Throws LX014 for a file that cannot be used. */
export async function findStoredKey(baseUrl: string, places: KeyPlaces): Promise<StoredKeySearch> {
  const asked = await places.keyring.read(baseUrl);
  if (asked.ok && asked.value !== null) {
    return {
      key: { value: asked.value, origin: { kind: 'keyring', account: baseUrl } },
      facts: [],
      warnings: [],
    };
  }
  const path = findCredentialsFile(places);
  const { keys, mode } = await loadKeys(path);
  const value = keys.get(baseUrl);
  if (value === undefined || path === null) {
    return { key: null, facts: describeSearch(baseUrl, { asked, path }), warnings: [] };
  }
  const warning = describeKeyExposure(path, {
    isTracked: await isTrackedByGit(path),
    isReadableByOthers: mode !== null && isReadableByOthers(mode, places.platform),
    shell: findShell(places),
  });
  return {
    key: { value, origin: { kind: 'stored_file', path } },
    facts: [],
    warnings: warning === null ? [] : [warning],
  };
}

/** What each place holds for `baseUrl`, whichever of them counts. Throws LX014. */
export async function inspectStoredKey(
  baseUrl: string,
  places: KeyPlaces,
): Promise<{ keyring: KeyPlace; file: KeyPlace; path: string | null }> {
  const asked = await places.keyring.read(baseUrl);
  const path = findCredentialsFile(places);
  const { keys } = await loadKeys(path);
  return {
    keyring: asked.ok
      ? { hasKey: asked.value !== null, problem: null }
      : { hasKey: false, problem: asked.reason },
    file: { hasKey: keys.has(baseUrl), problem: path === null ? NO_HOME : null },
    path,
  };
}

/**
 * Stores a key that was checked: in the keyring or, where that does not work, in the file. What the file held for
 * `baseUrl` is taken out of it when the keyring has the key. Throws LX014 and LX074.
 */
export async function storeKey(baseUrl: string, key: string, places: KeyPlaces): Promise<StoredPlace> {
  const path = findCredentialsFile(places);
  const { keys } = await loadKeys(path);
  const written = await places.keyring.write(baseUrl, key);
  if (written.ok) {
    await removeFromFile(baseUrl, path);
    return { path: null, problem: null };
  }
  if (path === null) {
    throw new LuauExecError(`there is no place to store the API key: ${written.reason}, and ${NO_HOME}`, {
      id: 'LX014',
      kind: 'usage',
      hint: describeBetterWays(findShell(places)),
    });
  }
  await saveCredentials(path, new Map([...keys, [baseUrl, key]]));
  return { path, problem: written.reason };
}

/**
 * Removes the key for `baseUrl` from every place and says from which. Throws LX014 when the keyring refuses, since the
 * key may still be there; that there is none, at least for this session, is a `keyringProblem` in words.
 */
export async function removeStoredKey(
  baseUrl: string,
  places: KeyPlaces,
): Promise<{ fromKeyring: boolean; filePath: string | null; keyringProblem: string | null }> {
  const path = findCredentialsFile(places);
  const fromFile = await removeFromFile(baseUrl, path);
  const removed = await places.keyring.remove(baseUrl);
  if (!removed.ok && !removed.isAbsent) {
    throw new LuauExecError(`the keyring did not answer, so a key may still be in it: ${removed.reason}`, {
      id: 'LX014',
      kind: 'io',
      ...(fromFile ? { facts: [`the key was removed from ${path}`] } : {}),
      hint: 'unlock the keyring, then luau-exec auth remove',
    });
  }
  return {
    fromKeyring: removed.ok && removed.value,
    filePath: fromFile ? path : null,
    keyringProblem: removed.ok ? null : removed.reason,
  };
}

const NO_HOME = 'the system names no home directory';

async function loadKeys(path: string | null) {
  return path === null ? { keys: new Map<string, string>(), mode: null } : loadCredentials(path);
}

async function removeFromFile(baseUrl: string, path: string | null): Promise<boolean> {
  if (path === null) return false;
  const { keys } = await loadCredentials(path);
  if (!keys.has(baseUrl)) return false;
  await saveCredentials(path, new Map([...keys].filter(([origin]) => origin !== baseUrl)));
  return true;
}

function describeSearch(
  baseUrl: string,
  { asked, path }: { asked: Awaited<ReturnType<Keyring['read']>>; path: string | null },
): string[] {
  const file = path ?? 'a file, since there is no home directory';
  if (asked.ok) return [`no key is stored for ${baseUrl}, neither in the keyring nor in ${file}`];
  const problem = asked.isAbsent
    ? 'no keyring works on this machine'
    : `the keyring could not be read: ${asked.reason}`;
  return [`no key is stored for ${baseUrl} in ${file}`, problem];
}
