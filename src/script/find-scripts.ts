import { join, resolve } from 'node:path';
import { LuauExecError } from '../errors.ts';
import { findRealPath, lookAt, toSlashes } from './source-tree.ts';

export interface FindScriptsOptions {
  /** Absolute. */
  cwd: string;
  platform: string;
  /** Ends the search, with its reason. */
  signal: AbortSignal;
}

export interface FoundScript {
  name: string;
  /** LX008, for a directory or a pattern that finds nothing. */
  problem: LuauExecError | null;
}

/** Never what somebody means by "all scripts here". Names with a leading dot are passed over as well. */
const NOT_SEARCHED = ['**/node_modules/**'];
const IN_DIRECTORY = '**/*.luau';

/**
 * The files that the user's words name: a directory stands for all `.luau` files in it, at any depth, and what is no
 * file may be a glob pattern. What they find is sorted and left out where it was named before, under whatever name; a
 * file that is named twice stays twice. `-`, and what does not exist, are left as they are.
 */
export async function findScripts(
  named: readonly string[],
  options: FindScriptsOptions,
): Promise<FoundScript[]> {
  const found: FoundScript[] = [];
  const known = new Set<string>();
  for (const name of named) {
    if (name === '') {
      found.push({ name, problem: emptyName() });
      continue;
    }
    const path = resolve(options.cwd, name);
    const kind = name === '-' ? null : lookAt(path);
    if (kind === 'file' || name === '-' || (kind === null && !/[*?[\]{}()]/.test(name))) {
      found.push({ name, problem: null });
      known.add(findRealPath(path));
      continue;
    }
    const [pattern, cwd] = kind === 'directory' ? [IN_DIRECTORY, path] : [name, options.cwd];
    const files = await search(pattern, { ...options, cwd });
    if (files.length === 0) found.push({ name, problem: foundNothing(name, kind === 'directory') });
    for (const file of files) {
      const realPath = findRealPath(resolve(cwd, file));
      if (known.has(realPath)) continue;
      known.add(realPath);
      found.push({ name: kind === 'directory' ? toSlashes(join(name, file)) : file, problem: null });
    }
  }
  return found;
}

/** Loaded only where there is something to search. */
async function search(pattern: string, { cwd, platform, signal }: FindScriptsOptions): Promise<string[]> {
  const { glob, isDynamicPattern } = await import('tinyglobby');
  const slashed = platform === 'win32' ? toSlashes(pattern) : pattern;
  if (!isDynamicPattern(slashed)) return [];
  const files = await glob(slashed, { cwd, ignore: NOT_SEARCHED, expandDirectories: false, signal });
  signal.throwIfAborted();
  return files.sort();
}

function foundNothing(name: string, isDirectory: boolean): LuauExecError {
  return new LuauExecError(isDirectory ? `there is no .luau file in ${name}` : `no file matches ${name}`, {
    id: 'LX008',
    kind: 'usage',
    facts: ['folders called node_modules, and names with a leading dot, are not searched'],
    hint: 'check the name; a path is relative to the working directory',
  });
}

/** `run "$SCRIPT"` without the variable: as a path it would be the working directory, and all that lies in it. */
function emptyName(): LuauExecError {
  return new LuauExecError('the name of a script is empty', {
    id: 'LX008',
    kind: 'usage',
    hint: 'name a file, or . for every script below the working directory',
  });
}
