import { createReadStream } from 'node:fs';
import { relative, resolve } from 'node:path';
import { LuauExecError } from '../errors.ts';
import { raceAbort } from '../race-abort.ts';
import { MAX_CHUNK_BYTES } from './chunk-size.ts';
import { encodeLuauKey, encodeLuauString, encodeLuauValue, type JsonValue } from './encode-literal.ts';
import { findJsonMistake } from './json-mistake.ts';
import { explainReadError, readStream } from './read-stream.ts';
import { toSlashes } from './source-tree.ts';

/** What a script is given, by name. A map, because any text can be a name, `__proto__` too. */
export type ScriptArguments = ReadonlyMap<string, JsonValue>;

export interface ArgumentOptions {
  /** `name=text`, as after `--arg`. */
  arg?: readonly string[] | undefined;
  /** `name=JSON`, as after `--arg-json`. */
  argJson?: readonly string[] | undefined;
  /** The file after `--args`: JSON, an object. */
  args?: string | undefined;
}

export interface LoadArgumentsContext {
  cwd: string;
  /** Ends the wait for a pipe that has a name, with its reason. */
  signal: AbortSignal;
}

const LONGEST_SHOWN = 60;

/**
 * The arguments from all three options, later ones over earlier ones: the file, texts, JSON values. Null when no option
 * is given. Throws `LuauExecError` LX018 of kind `usage`, and the signal's reason.
 */
export async function loadArguments(
  { arg = [], argJson = [], args }: ArgumentOptions,
  context: LoadArgumentsContext,
): Promise<ScriptArguments | null> {
  if (args === undefined && arg.length === 0 && argJson.length === 0) return null;
  const entries = new Map(args === undefined ? [] : await loadFile(args, context));
  for (const text of arg) {
    const [name, value] = splitArgument(text, { option: '--arg', form: 'name=value' });
    entries.set(name, value);
  }
  for (const text of argJson) {
    const [name, json] = splitArgument(text, { option: '--arg-json', form: 'name=JSON' });
    const title = `the value of --arg-json ${quote(name)}`;
    entries.set(name, parseJson(json, { title, hint: 'for plain text use --arg instead' }));
  }
  return entries;
}

/** The arguments as one line of Luau, a table by name. Throws LX018 for one that is nested deeper than 1,000 levels. */
export function encodeArguments(args: ScriptArguments): string {
  const fields = [...args]
    .filter(([, value]) => value !== null)
    .map(([name, value]) => encodeLuauKey(name) + encodeLuauValue(value, `the argument ${quote(name)}`));
  return `{${fields.join(',')}}`;
}

function splitArgument(
  text: string,
  { option, form }: { option: string; form: string },
): [name: string, value: string] {
  const end = text.indexOf('=');
  if (end > 0) return [text.slice(0, end), text.slice(end + 1)];
  const what = end === 0 ? `${option} needs a name before the =` : `${option} takes ${form}`;
  throw usageError(`${what}, not ${quote(text)}`, { hint: `write ${option} ${form}` });
}

async function loadFile(
  source: string,
  { cwd, signal }: LoadArgumentsContext,
): Promise<[string, JsonValue][]> {
  const path = resolve(cwd, source);
  const name = toSlashes(relative(cwd, path) || '.');
  const bytes = await readArgumentsFile(path, { name, signal });
  const hint = 'see that it is one JSON object, such as {"name": "value"}';
  const value = parseJson(decode(bytes, name), { title: name, hint });
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return Object.entries(value);
  const kind = value === null ? 'null' : Array.isArray(value) ? 'an array' : `a ${typeof value}`;
  throw usageError(`${name} is ${kind}, and --args takes an object`, { hint });
}

async function readArgumentsFile(
  path: string,
  { name, signal }: { name: string; signal: AbortSignal },
): Promise<Buffer> {
  try {
    return await raceAbort(
      // They become part of the chunk, and cannot be larger than it.
      readStream(createReadStream(path), {
        maxBytes: MAX_CHUNK_BYTES,
        createError: () => createTooLargeError(name),
      }),
      signal,
    );
  } catch (error) {
    if (error instanceof LuauExecError || error === signal.reason) throw error;
    throw usageError(`cannot read ${name}: ${explainReadError(error).why}`, {
      hint: 'check the name after --args; a path is relative to the working directory',
      cause: error,
    });
  }
}

function createTooLargeError(name: string): LuauExecError {
  return usageError(`${name} is larger than 4 MB`, {
    hint: 'pass less: the arguments are sent with the script, and together they may have 4 MB',
  });
}

/** A byte order mark at the start is left out. */
function decode(bytes: Buffer, name: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw usageError(`${name} is not UTF-8 text`, { hint: 'save it as UTF-8', cause });
  }
}

function parseJson(text: string, { title, hint }: { title: string; hint: string }): JsonValue {
  try {
    return JSON.parse(text);
  } catch (error) {
    const { reason, offset } = findJsonMistake(text, error);
    throw usageError(`${title} is not JSON: ${reason} at ${describePlace(text, offset)}`, { hint });
  }
}

function describePlace(text: string, offset: number): string {
  const lines = text.slice(0, offset).split(/\r\n|\r|\n/);
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`;
}

/** Part of a text in quotes and on one line. */
function quote(text: string): string {
  if (text.length <= LONGEST_SHOWN) return encodeLuauString(text);
  const shown = text.slice(0, LONGEST_SHOWN).replace(/[\ud800-\udbff]$/, '');
  return encodeLuauString(`${shown}…`);
}

function usageError(message: string, options: { hint: string; cause?: unknown }): LuauExecError {
  return new LuauExecError(message, { id: 'LX018', kind: 'usage', ...options });
}
