import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { LuauExecError } from '../errors.ts';
import { raceAbort } from '../race-abort.ts';

/** A script as it will be sent, byte for byte as the user has it. */
export interface Script {
  /** Path relative to the working directory with forward slashes, `-` for stdin, or `-e`. */
  name: string;
  text: string;
  /** Of the UTF-8 bytes, in hexadecimal; computed when asked for, because node:crypto takes time to load. */
  readonly sha256: string;
}

export interface LoadScriptOptions {
  cwd: string;
  stdin: AsyncIterable<Uint8Array | string>;
  /** Ends the wait for a pipe that has a name, with its reason. */
  signal: AbortSignal;
}

/** The largest script that Open Cloud accepts, by its documentation. */
const MAX_SCRIPT_BYTES = 4 * 1024 * 1024;

/** Reads a file, or stdin for `-`. Throws `LuauExecError` of kind `usage`: LX004 for the size, LX008 for the rest. */
export async function loadScript(source: string, options: LoadScriptOptions): Promise<Script> {
  if (source === '-') return createScript('-', await readAll(options.stdin));
  const path = resolve(options.cwd, source);
  const name = (relative(options.cwd, path) || source).replaceAll('\\', '/');
  return createScript(name, await readScriptFile(path, { name, signal: options.signal }));
}

/** A script from the command line itself. Throws LX004 and LX008 as `loadScript` does. */
export function createInlineScript(code: string): Script {
  return createScript('-e', Buffer.from(code, 'utf8'));
}

async function readScriptFile(
  path: string,
  { name, signal }: { name: string; signal: AbortSignal },
): Promise<Buffer> {
  try {
    const stats = statSync(path);
    if (stats.size > MAX_SCRIPT_BYTES) throw tooLarge(name, stats.size);
    // Reading at once saves the milliseconds that Node takes for its first asynchronous read. A pipe can keep its reader
    // waiting, and then Ctrl-C has to be heard.
    return stats.isFile() ? readFileSync(path) : await raceAbort(readFile(path), signal);
  } catch (error) {
    if (error instanceof LuauExecError || error === signal.reason) throw error;
    throw unreadable(name, error);
  }
}

/** Stops reading as soon as there is too much, so that an endless pipe ends. */
async function readAll(stdin: LoadScriptOptions['stdin']): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stdin) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    sizeBytes += bytes.length;
    if (sizeBytes > MAX_SCRIPT_BYTES) throw tooLarge('-', sizeBytes);
  }
  return Buffer.concat(chunks);
}

function createScript(name: string, bytes: Buffer): Script {
  if (bytes.length > MAX_SCRIPT_BYTES) throw tooLarge(name, bytes.length);
  const title = name === '-' ? 'the script on stdin' : name === '-e' ? 'the script given with -e' : name;
  if (bytes.length === 0) {
    throw new LuauExecError(`${title} is empty`, {
      id: 'LX008',
      kind: 'usage',
      hint: 'write some Luau into it',
    });
  }
  return {
    name,
    text: decode(bytes, title),
    get sha256() {
      return createHash('sha256').update(bytes).digest('hex');
    },
  };
}

function decode(bytes: Buffer, title: string): string {
  try {
    // ignoreBOM keeps a byte order mark in the text: what is sent is what the file holds.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new LuauExecError(`${title} is not UTF-8 text`, {
      id: 'LX008',
      kind: 'usage',
      hint: 'save it as UTF-8; a script is sent as text',
      cause,
    });
  }
}

function tooLarge(name: string, sizeBytes: number): LuauExecError {
  const megabytes = (Math.ceil((sizeBytes / 1024 / 1024) * 10) / 10).toFixed(1);
  const size = name === '-' ? 'more than 4 MB' : `${megabytes} MB`;
  return new LuauExecError(
    `${name === '-' ? 'the script on stdin' : name} is ${size}, Open Cloud accepts 4 MB`,
    {
      id: 'LX004',
      kind: 'usage',
      hint: 'move data out of the script: a DataStore, or several smaller scripts',
    },
  );
}

function unreadable(name: string, cause: unknown): LuauExecError {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const why =
    { ENOENT: 'there is no such file', EISDIR: 'it is a directory', EACCES: 'permission denied' }[code] ??
    (cause instanceof Error ? cause.message : String(cause));
  return new LuauExecError(`cannot read ${name}: ${why}`, {
    id: 'LX008',
    kind: 'usage',
    hint:
      code === 'EISDIR'
        ? 'name the scripts in it'
        : 'check the name; a path is relative to the working directory',
    cause,
  });
}
