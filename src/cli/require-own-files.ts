import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { LuauExecError } from '../errors.ts';
import { findRealPath, lookAt } from '../script/source-tree.ts';

export interface NamedFile {
  /** What names it, as the user typed it: `--id-file`. */
  flag: string;
  /** As the user named it. */
  name: string;
}

/**
 * Throws LX003 where two outputs of one call would be one file, by whatever names: each would be written between the
 * lines of the other. A device or a pipe takes both.
 */
export function requireOwnFiles(files: readonly NamedFile[], cwd: string): void {
  const known = new Map<string, NamedFile>();
  for (const file of files) {
    const place = findPlace(resolve(cwd, file.name));
    if (place === null) continue;
    const other = known.get(place);
    if (other) throw sharedFile(other, file);
    known.set(place, file);
  }
}

/** The one name of a file that may be reached by several, or would be; null for what is no file. */
function findPlace(path: string): string | null {
  if (lookAt(path) === 'file') return realpathSync.native(path);
  try {
    realpathSync.native(path);
    return null;
  } catch {
    return join(findRealPath(dirname(path)), basename(path));
  }
}

/** Throws LX003 where an output would replace what the call reads, which would not be there for another try. */
export function requireOtherFiles(output: NamedFile, inputs: readonly NamedFile[], cwd: string): void {
  const place = findPlace(resolve(cwd, output.name));
  const input = inputs.find(({ name }) => name !== '-' && findPlace(resolve(cwd, name)) === place);
  if (place === null || input === undefined) return;
  throw new LuauExecError(`${output.flag} would replace ${input.name}, which the call reads`, {
    id: 'LX003',
    kind: 'usage',
    hint: 'name another file',
  });
}

function sharedFile(one: NamedFile, other: NamedFile): LuauExecError {
  return new LuauExecError(`${one.flag} and ${other.flag} would both be written to ${other.name}`, {
    id: 'LX003',
    kind: 'usage',
    hint: 'give one of them a file of its own',
  });
}
