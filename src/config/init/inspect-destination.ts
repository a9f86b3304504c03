import { lstat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { LuauExecError } from '../../errors.ts';
import { hasLiteralKey, parseConfigFile } from '../config-file.ts';
import { FIELDS } from '../fields.ts';
import { findConfigFiles, loadConfig } from '../load-config.ts';
import type { RawValue } from '../parse-setting.ts';
import { PROJECT_FILES, type SearchStart } from '../search-places.ts';

/** What stands in the place of a new config file, and what it will come before. */
export interface Destination {
  path: string;
  kind: 'nothing' | 'file' | 'link';
  /** Permission bits of what is there. */
  mode: number | null;
  /** Other config files that hold settings, which are not read once this one is there. */
  shadowed: readonly string[];
  /** The file that counts now, whichever it is; null where none does, or it cannot be used. */
  inUse: ConfigInUse | null;
  /** Why the file that counts now cannot be used, in words. */
  problem: string | null;
}

export interface ConfigInUse {
  path: string;
  universeId: RawValue | null;
  placeId: RawValue | null;
  apiKey: RawValue | null;
  /** Everything else that stands in it. */
  further: Readonly<Record<string, unknown>>;
  /** Whether a target of it holds a key itself. */
  hasKeyInTargets: boolean;
}

const [FILE_NAME] = PROJECT_FILES;
const ASKED: ReadonlySet<string> = new Set([FIELDS.universeId.name, FIELDS.placeId.name, FIELDS.apiKey.name]);

/** Looks at `.luauexecrc` in the working directory. Throws LX017 where something is there that no file can replace. */
export async function inspectDestination(start: SearchStart): Promise<Destination> {
  const path = join(resolve(start.cwd), FILE_NAME);
  const entry = await lstat(path).catch(() => null);
  const isLink = entry?.isSymbolicLink() ?? false;
  if (entry !== null && !isLink && !entry.isFile()) {
    throw new LuauExecError(`${path} is not a regular file`, {
      id: 'LX017',
      kind: 'usage',
      hint: 'move it away',
    });
  }
  const files = await findConfigFiles(start);
  const { inUse, problem } = isLink
    ? { inUse: null, problem: `${path} is a link, which is not followed` }
    : await loadConfigInUse(start);
  return {
    path,
    kind: isLink ? 'link' : entry === null ? 'nothing' : 'file',
    mode: entry === null || isLink ? null : entry.mode & 0o777,
    shadowed: files.filter((file) => file !== path),
    inUse,
    problem,
  };
}

/** Throws LX017 where a file is there already. */
export function requireFree({ path, kind }: Pick<Destination, 'path' | 'kind'>): void {
  if (kind === 'nothing') return;
  throw createTakenError(path, kind === 'link' ? ['it is a link, which is replaced and not followed'] : []);
}

export function createTakenError(path: string, facts: readonly string[]): LuauExecError {
  return new LuauExecError(`${path} exists already`, {
    id: 'LX017',
    kind: 'usage',
    facts: [...facts, '--force sets ids and key anew and keeps the other settings'],
    hint: 'luau-exec init --force',
  });
}

async function loadConfigInUse(start: SearchStart): Promise<Pick<Destination, 'inUse' | 'problem'>> {
  try {
    const { file } = await loadConfig(start);
    if (file === null) return { inUse: null, problem: null };
    const parsed = parseConfigFile(file);
    const { values } = parsed.top;
    const content = typeof file.content === 'object' && file.content !== null ? file.content : {};
    return {
      inUse: {
        path: file.path,
        universeId: values.get(FIELDS.universeId.name) ?? null,
        placeId: values.get(FIELDS.placeId.name) ?? null,
        apiKey: values.get(FIELDS.apiKey.name) ?? null,
        further: Object.fromEntries(Object.entries(content).filter(([name]) => !ASKED.has(name))),
        hasKeyInTargets: hasLiteralKey({ ...parsed, top: { ...parsed.top, values: new Map() } }),
      },
      problem: null,
    };
  } catch (error) {
    if (error instanceof LuauExecError) return { inUse: null, problem: error.message };
    throw error;
  }
}
