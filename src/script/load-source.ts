import { createReadStream, readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { suggestName } from '../did-you-mean.ts';
import { LuauExecError } from '../errors.ts';
import { raceAbort } from '../race-abort.ts';
import { createTooLargeError, MAX_CHUNK_BYTES } from './chunk-size.ts';
import { explainReadError, readStream } from './read-stream.ts';
import { decodeSource } from './source-text.ts';
import { toSlashes } from './source-tree.ts';

/** What the user named, byte for byte as it is. */
export interface Source {
  /** Path relative to the working directory with forward slashes, `-` for stdin, or `-e`. */
  name: string;
  /** Absolute, with forward slashes; null where it is no file. */
  path: string | null;
  text: string;
}

export interface LoadSourceOptions {
  cwd: string;
  stdin: AsyncIterable<Uint8Array | string>;
  /** Ends the wait for a pipe that has a name, with its reason. */
  signal: AbortSignal;
}

/** Reads a file, or stdin for `-`. Throws `LuauExecError` of kind `usage`: LX004 for the size, LX008 for the rest. */
export async function loadSource(named: string, options: LoadSourceOptions): Promise<Source> {
  if (named === '-') return createSource('-', await readAll(options.stdin, '-'));
  const path = resolve(options.cwd, named);
  const name = toSlashes(relative(options.cwd, path) || named);
  const bytes = await readSourceFile(path, { name, signal: options.signal });
  return { ...createSource(name, bytes), path: toSlashes(path) };
}

/** A script from the command line itself. Throws LX004 and LX008 as `loadSource` does. */
export function createInlineSource(code: string): Source {
  return createSource('-e', Buffer.from(code, 'utf8'));
}

async function readSourceFile(
  path: string,
  { name, signal }: { name: string; signal: AbortSignal },
): Promise<Buffer> {
  try {
    const stats = statSync(path);
    if (stats.size > MAX_CHUNK_BYTES) throw createTooLargeError(name, stats.size);
    // Reading at once saves the milliseconds that Node takes for its first asynchronous read. A pipe can keep its reader
    // waiting, and then Ctrl-C has to be heard; it, or a device, may never end.
    return stats.isFile()
      ? readFileSync(path)
      : await raceAbort(readAll(createReadStream(path), name), signal);
  } catch (error) {
    if (error instanceof LuauExecError || error === signal.reason) throw error;
    throw unreadable(error, { path, name });
  }
}

function readAll(stream: AsyncIterable<Uint8Array | string>, name: string): Promise<Buffer> {
  return readStream(stream, {
    maxBytes: MAX_CHUNK_BYTES,
    createError: () => createTooLargeError(titleOf(name), null),
  });
}

function createSource(name: string, bytes: Buffer): Source {
  if (bytes.length > MAX_CHUNK_BYTES) throw createTooLargeError(name, bytes.length);
  const title = titleOf(name);
  if (bytes.length === 0) {
    throw new LuauExecError(`${title} is empty`, {
      id: 'LX008',
      kind: 'usage',
      hint: 'write some Luau into it',
    });
  }
  const text = decodeSource(bytes);
  if (text !== null) return { name, path: null, text };
  throw new LuauExecError(`${title} is not UTF-8 text`, {
    id: 'LX008',
    kind: 'usage',
    hint: 'save it as UTF-8; a script is sent as text',
  });
}

function titleOf(name: string): string {
  return name === '-' ? 'the script on stdin' : name === '-e' ? 'the script given with -e' : name;
}

function unreadable(cause: unknown, { path, name }: { path: string; name: string }): LuauExecError {
  const { code, why } = explainReadError(cause);
  const likely = code === 'ENOENT' ? findLikelyScript(path, name) : null;
  return new LuauExecError(`cannot read ${name}: ${why}`, {
    id: 'LX008',
    kind: 'usage',
    hint:
      code === 'EISDIR'
        ? 'name the scripts in it'
        : likely === null
          ? 'check the name; a path is relative to the working directory'
          : `did you mean ${likely}?`,
    cause,
  });
}

/** A script beside the one that is not there, with a name that is alike but for its ending; null where none is. */
function findLikelyScript(path: string, name: string): string | null {
  const stem = (file: string) => file.replace(/\.luau?$/, '');
  try {
    const scripts = readdirSync(dirname(path)).filter((file) => /\.luau?$/.test(file));
    const likely = suggestName(stem(basename(path)), scripts.map(stem));
    const file = scripts.find((script) => stem(script) === likely);
    return file === undefined ? null : toSlashes(join(dirname(name), file));
  } catch {
    return null;
  }
}
