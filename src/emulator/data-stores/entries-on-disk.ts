import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LuauExecError, messageOf, systemCodeOf } from '../../errors.ts';
import { makeDirectory } from '../../make-directory.ts';
import { EngineFailure } from '../engine-calls.ts';
import { formatDataFile, parseDataFile } from './data-file.ts';
import { formatDataFileName, parseDataFileName } from './data-file-name.ts';
import type { EntryStore, StoredEntry, StorePlace } from './entry-store.ts';

const ENDING = '.json';

/** Entries as files `UNIVERSE/STORE/SCOPE/KEY.json` below a directory, which is looked at anew each time. */
export class EntriesOnDisk implements EntryStore {
  readonly #directory: string;

  /** Makes the directory. Throws LX011 where that fails, or nothing can be written in it. */
  constructor(directory: string) {
    this.#directory = directory;
    try {
      makeDirectory(directory);
      const probe = join(directory, '.luau-exec');
      writeFileSync(probe, '');
      rmSync(probe);
    } catch (cause) {
      throw new LuauExecError(`the data directory ${directory} cannot be used: ${messageOf(cause)}`, {
        id: 'LX011',
        kind: 'usage',
        hint: 'name a directory that can be written to; it is made where it is missing',
        cause,
      });
    }
  }

  read(place: StorePlace, key: string): StoredEntry | null {
    const file = join(this.#directoryOf(place), `${formatDataFileName(key)}${ENDING}`);
    const entry = readEntry(file);
    if (entry === null || entry.key === key) return entry;
    throw createFileFailure(file, 'is about another key than its name says');
  }

  write(place: StorePlace, entry: StoredEntry): void {
    const directory = this.#directoryOf(place);
    const file = join(directory, `${formatDataFileName(entry.key)}${ENDING}`);
    // Renamed when it is whole, so that whoever is killed meanwhile leaves the old value.
    const unfinished = `${file}.tmp`;
    try {
      makeDirectory(directory);
      writeFileSync(unfinished, formatDataFile(entry), { mode: 0o600 });
      renameSync(unfinished, file);
    } catch (error) {
      throw createFileFailure(file, `cannot be written: ${messageOf(error)}`);
    }
  }

  listKeys(place: StorePlace): string[] {
    const directory = this.#directoryOf(place);
    return listNames(directory).flatMap((name) => {
      if (!name.endsWith(ENDING)) return [];
      const stem = name.slice(0, -ENDING.length);
      const key = stem.startsWith('~') ? readEntry(join(directory, name))?.key : parseDataFileName(stem);
      // What somebody has put beside the data is none.
      return key != null && formatDataFileName(key) === stem ? [key] : [];
    });
  }

  #directoryOf({ universeId, store, scope }: StorePlace): string {
    return join(this.#directory, ...[universeId, store, scope].map(formatDataFileName));
  }
}

function readEntry(file: string): StoredEntry | null {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw createFileFailure(file, `cannot be read: ${messageOf(error)}`);
  }
  try {
    return parseDataFile(bytes);
  } catch (error) {
    throw createFileFailure(file, messageOf(error));
  }
}

function listNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return [];
    throw createFileFailure(directory, `cannot be read: ${messageOf(error)}`);
  }
}

function createFileFailure(file: string, reason: string): EngineFailure {
  return new EngineFailure(`luau-exec emulator: the data file ${file} ${reason}`);
}
