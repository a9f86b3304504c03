import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { describeSetVariables, type Shell } from './set-variable.ts';

/** Something the user should know that changes no result; the same shape as a run's warnings. */
export interface SettingsWarning {
  id: string;
  message: string;
  hint: string | null;
}

/** Who besides its owner can see a file that holds the API key. */
export interface KeyExposure {
  isTracked: boolean;
  isReadableByOthers: boolean;
  /** In whose words the hint is. */
  shell: Shell;
}

// The index of a very large repository is 100 MB. A warning is not worth reading more than this.
const LIMIT_INDEX_BYTES = 67_108_864;

/** At most one warning for one file, the graver fact first. */
export function describeKeyExposure(path: string, exposure: KeyExposure): SettingsWarning | null {
  const { isTracked, isReadableByOthers, shell } = exposure;
  const betterWays = describeBetterWays(shell);
  if (isTracked) {
    const others = isReadableByOthers ? ', and others on this machine can read it' : '';
    return {
      id: 'LX013',
      message: `the API key stands in ${path}, which git tracks${others}`,
      hint: `make a new key and keep it out of the repository: ${betterWays}`,
    };
  }
  if (!isReadableByOthers) return null;
  return {
    id: 'LX013',
    message: `the API key stands in ${path}, which others on this machine can read`,
    hint: `chmod 600 ${path}; or better: ${betterWays}`,
  };
}

/** How to give the key so that it stands in no file of a project. */
export function describeBetterWays(shell: Shell): string {
  return `${describeSetVariables(['ROBLOX_API_KEY'], shell)} or --api-key-file FILE`;
}

/** Whether group or others may read it. Windows has no such bits: Node makes up 0o666 there. */
export function isReadableByOthers(mode: number, platform: string): boolean {
  return platform !== 'win32' && (mode & 0o044) !== 0;
}

/**
 * Whether git's index lists the file. The index is read directly: running git would obey the settings of a repository
 * that may be a stranger's, and these can name programs. Anything that is not understood counts as not tracked.
 */
export async function isTrackedByGit(file: string): Promise<boolean> {
  for (let directory = dirname(resolve(file)); ; directory = dirname(directory)) {
    const index = await findIndex(join(directory, '.git'));
    if (index !== null) return hasIndexEntry(index, relative(directory, resolve(file)).split(sep).join('/'));
    if (directory === dirname(directory)) return false;
  }
}

/** The bytes of the index that `.git` leads to; empty when it cannot be read; null when there is no `.git`. */
async function findIndex(dotGit: string): Promise<Buffer | null> {
  const entry = await stat(dotGit).catch(() => null);
  if (!entry) return null;
  try {
    const path = join(entry.isDirectory() ? dotGit : await readGitLink(dotGit), 'index');
    return (await stat(path)).size > LIMIT_INDEX_BYTES ? Buffer.alloc(0) : await readFile(path);
  } catch {
    return Buffer.alloc(0);
  }
}

/** In a worktree or submodule `.git` is a file that holds `gitdir: PATH`. */
async function readGitLink(dotGit: string): Promise<string> {
  const link = /^gitdir: (.+?)\s*$/.exec(await readFile(dotGit, 'utf8'))?.[1];
  // A network path would make Windows log in to whatever host it names.
  if (link === undefined || /^[\\/]{2}/.test(link)) throw new Error('not a link to a local repository');
  return resolve(dirname(dotGit), link);
}

/**
 * In versions 2 and 3 of the index an entry's name ends with NUL and follows 16 bits whose low 12 are its length; two
 * more bytes may lie between. Version 4 shortens names and is rare: nothing is found in it.
 */
function hasIndexEntry(index: Buffer, name: string): boolean {
  const needle = Buffer.from(`${name}\0`);
  const length = Math.min(needle.length - 1, 0xfff);
  for (let at = index.indexOf(needle); at !== -1; at = index.indexOf(needle, at + 1)) {
    const words = [2, 4].filter((back) => at >= back).map((back) => index.readUInt16BE(at - back) & 0xfff);
    if (words.includes(length)) return true;
  }
  return false;
}
