import { accessSync, constants, statSync } from 'node:fs';
import { posix, win32 } from 'node:path';

export interface ProgramSearch {
  env: Readonly<Record<string, string | undefined>>;
  /** Null when the system knows none. */
  homeDirectory: string | null;
  platform: string;
  /** Whether a program lies there; by default the file system says so. */
  isProgram?(file: string): boolean;
}

export interface ProgramPlaces {
  /** The directories of PATH. */
  path: readonly string[];
  /** The directories of tool managers in the user's home. */
  tools: readonly string[];
}

/** Where rokit, aftman and foreman put the programs that they look after, the newest of the three first. */
const TOOL_MANAGERS = ['.rokit', '.aftman', '.foreman'];
/** What Windows starts without a shell: a `.cmd` or `.bat` needs one, which would take arguments for commands. */
const WINDOWS_ENDINGS = ['.com', '.exe'];
/** A path that begins with one slash is on whatever drive the user stands on. */
const WINDOWS_ABSOLUTE = /^(?:[a-z]:[\\/]|[\\/]{2})/i;

/** The absolute path of a program that can be started as it is, or null. PATH comes first, then the tool managers. */
export function findProgram(name: string, search: ProgramSearch): string | null {
  const { platform, isProgram = isExecutableFile } = search;
  const { path, tools } = listProgramPlaces(search);
  const { join } = pathsOf(platform);
  const endings = platform === 'win32' ? listEndings(search.env) : [''];
  const files = [...path, ...tools].flatMap((directory) =>
    endings.map((ending) => join(directory, name + ending)),
  );
  return files.find((file) => isProgram(file)) ?? null;
}

/**
 * The directories in which programs are looked for, in order. What is relative, or empty, is left out: the working
 * directory may be a stranger's, and must not choose what is started.
 */
export function listProgramPlaces({ env, homeDirectory, platform }: ProgramSearch): ProgramPlaces {
  const { delimiter, join } = pathsOf(platform);
  const entries = (readVariable(env, 'PATH', platform) ?? '').split(delimiter);
  const path = platform === 'win32' ? entries.map((entry) => entry.replace(/^"(.*)"$/, '$1')) : entries;
  const tools =
    homeDirectory === null ? [] : TOOL_MANAGERS.map((manager) => join(homeDirectory, manager, 'bin'));
  const keepAbsolute = (directories: readonly string[]) =>
    [...new Set(directories)].filter((directory) => isAbsolute(directory, platform));
  return { path: keepAbsolute(path), tools: keepAbsolute(tools) };
}

function listEndings(env: ProgramSearch['env']): readonly string[] {
  const named = (readVariable(env, 'PATHEXT', 'win32') ?? '').toLowerCase().split(win32.delimiter);
  const endings = named.filter((ending) => WINDOWS_ENDINGS.includes(ending));
  return endings.length === 0 ? WINDOWS_ENDINGS : endings;
}

/** On Windows the variable is mostly called `Path`. */
function readVariable(env: ProgramSearch['env'], name: string, platform: string): string | undefined {
  if (platform !== 'win32' || env[name] !== undefined) return env[name];
  return Object.entries(env).find(([other]) => other.toUpperCase() === name)?.[1];
}

function isAbsolute(directory: string, platform: string): boolean {
  return platform === 'win32' ? WINDOWS_ABSOLUTE.test(directory) : posix.isAbsolute(directory);
}

function pathsOf(platform: string): typeof posix {
  return platform === 'win32' ? win32 : posix;
}

function isExecutableFile(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
