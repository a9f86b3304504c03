import { basename, extname, join, resolve } from 'node:path';
import { LuauExecError } from '../errors.ts';
import type { LoadedFile } from './config-file.ts';
import { readTextFile } from './read-text-file.ts';
import {
  findProjectDirectories,
  findUserDirectory,
  isFile,
  PROJECT_FILES,
  type SearchStart,
  USER_FILES,
} from './search-places.ts';

/** Where settings were looked for, so that an error can say it. */
export interface ConfigSearch {
  /** The file that was used; null when none was found. */
  file: string | null;
  /** The directories that were searched, in order; empty when a file was named. */
  directories: readonly string[];
}

export interface LoadConfigOptions extends SearchStart {
  /** A file that the user named; no other is looked for then. */
  configFile?: string | undefined;
}

export interface LoadedConfig {
  file: LoadedFile | null;
  /** Permission bits of the file; null when there is none. */
  mode: number | null;
  searched: ConfigSearch;
}

const LIMIT_BYTES = 1_048_576;
// js-yaml shares what an alias points to, but copies it as text where it is part of a mapping's key: 64 KB of YAML
// became 900 MB (js-yaml 4.3.2, 2026-11-21). Text times aliases is the most that can come out.
const LIMIT_EXPANDED = 16_777_216;
const PACKAGE_FILE = 'package.json';
const PACKAGE_KEY = 'luauexec';

/**
 * Finds and reads one config file, as JSON or YAML and as nothing else. A file without settings is passed over in a
 * search. Throws LX012 when a file cannot be read or understood.
 */
export async function loadConfig(options: LoadConfigOptions): Promise<LoadedConfig> {
  if (options.configFile !== undefined) return loadNamedFile(resolve(options.cwd, options.configFile));
  const { directories, candidates } = listCandidates(options);
  for (const path of candidates) {
    if (!isFile(path)) continue;
    const found = await readFoundFile(path);
    if (found) return { ...found, searched: { file: path, directories } };
  }
  return { file: null, mode: null, searched: { file: null, directories } };
}

/** Every file that a search would use if it came first, in its order; one that cannot be understood counts too. */
export async function findConfigFiles(start: SearchStart): Promise<string[]> {
  const files: string[] = [];
  for (const path of listCandidates(start).candidates) {
    if (!isFile(path)) continue;
    const found = await readFoundFile(path).catch(() => !isPackageFile(path));
    if (found) files.push(path);
  }
  return files;
}

function listCandidates(start: SearchStart): { directories: string[]; candidates: string[] } {
  const projectDirectories = findProjectDirectories(start);
  const userDirectory = findUserDirectory(start);
  return {
    directories: [...projectDirectories, ...(userDirectory === null ? [] : [userDirectory])],
    candidates: [
      ...projectDirectories.flatMap((directory) => PROJECT_FILES.map((name) => join(directory, name))),
      ...(userDirectory === null ? [] : USER_FILES.map((name) => join(userDirectory, name))),
    ],
  };
}

async function loadNamedFile(path: string): Promise<LoadedConfig> {
  if (/^\.(?:[cm]?[jt]sx?|toml|luau?)$/.test(extname(path))) {
    throw createFileError(path, 'is neither JSON nor YAML', 'write the settings as .json or .yaml');
  }
  const read = await readTextFile(path, LIMIT_BYTES);
  if (!read.ok) throw createReadError(path, read);
  const searched = { file: path, directories: [] };
  const file = await parseText(path, read.text);
  if (file) return { file, mode: read.mode, searched };
  if (isPackageFile(path))
    throw createFileError(path, `has no "${PACKAGE_KEY}"`, 'add it, or name another file');
  return { file: { path, content: null, keyPrefix: '' }, mode: read.mode, searched };
}

/** Null when the file holds no settings. A package.json is somebody else's file until it is known to name us. */
async function readFoundFile(path: string): Promise<{ file: LoadedFile; mode: number } | null> {
  const read = await readTextFile(path, LIMIT_BYTES);
  if (!read.ok && isPackageFile(path)) return null;
  if (!read.ok) throw createReadError(path, read);
  const file = await parseText(path, read.text);
  return file && { file, mode: read.mode };
}

/** Null when the text holds no settings, or is a package.json that has none of ours. */
async function parseText(path: string, text: string): Promise<LoadedFile | null> {
  const isPackage = isPackageFile(path);
  if (isPackage ? !text.includes(`"${PACKAGE_KEY}"`) : text.trim() === '') return null;
  const parsed = await parseContent(path, text);
  const content = isPackage ? readProperty(parsed, PACKAGE_KEY) : parsed;
  if (content === null || content === undefined) return null;
  return { path, content, keyPrefix: isPackage ? `${PACKAGE_KEY}.` : '' };
}

function isPackageFile(path: string): boolean {
  return basename(path) === PACKAGE_FILE;
}

async function parseContent(path: string, text: string): Promise<unknown> {
  const isJson = extname(path) === '.json';
  try {
    if (isJson || text.trimStart().startsWith('{')) return JSON.parse(text);
  } catch (error) {
    // What is not JSON may still be YAML that begins with a brace, unless the file's name rules it out.
    if (isJson) throw createSyntaxError(path, { format: 'JSON', line: findErrorLine(error, text) });
  }
  return parseYaml(path, text);
}

/**
 * Uses cosmiconfig's parser of YAML and nothing else of it. Its search is not used: `cosmiconfig()` first looks for
 * settings of its own in the process's directory and runs `.config/config.js` there (cosmiconfig 9.0.2), it lets a
 * file import others with `$import`, and it passes over files that may not be read. Loaded only here, since it takes
 * about 15 ms.
 */
async function parseYaml(path: string, text: string): Promise<unknown> {
  if (text.length * text.split('*').length > LIMIT_EXPANDED) {
    throw createFileError(
      path,
      'has too many aliases for its size',
      'write the values out instead of using *name',
    );
  }
  const { defaultLoaders } = await import('cosmiconfig');
  try {
    return defaultLoaders['.yaml'](path, text);
  } catch (error) {
    throw createSyntaxError(path, { format: 'YAML', line: findErrorLine(error, text) });
  }
}

/**
 * The parsers quote the lines around a mistake, and the API key may stand there: only the place is passed on, and the
 * parser's error is not kept as a cause.
 */
function createSyntaxError(path: string, mistake: { format: string; line: number | null }): LuauExecError {
  const place = mistake.line === null ? '' : ` (line ${mistake.line})`;
  return createFileError(path, `is not valid ${mistake.format}${place}`, 'correct the file');
}

function findErrorLine(error: unknown, text: string): number | null {
  const mark = readProperty(error, 'mark');
  const yamlLine = readProperty(mark, 'line');
  if (typeof yamlLine === 'number') return yamlLine + 1;
  const position = /at position (\d+)/.exec(error instanceof Error ? error.message : '')?.[1];
  return position === undefined ? null : text.slice(0, Number(position)).split('\n').length;
}

function readProperty(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return Object.getOwnPropertyDescriptor(value, name)?.value;
}

function createReadError(path: string, failure: { reason: string; isMissing: boolean }): LuauExecError {
  const hint = failure.isMissing ? 'correct the name' : 'make it a small text file that you may read';
  return createFileError(path, failure.reason, hint);
}

function createFileError(path: string, reason: string, hint: string): LuauExecError {
  return new LuauExecError(`the config file ${path} ${reason}`, { id: 'LX012', kind: 'usage', hint });
}
