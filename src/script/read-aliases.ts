import { messageOf } from '../errors.ts';
import type { LuauEvaluation } from '../luau/evaluate.ts';
import { foldAliasName, isAliasName } from './alias-name.ts';
import { cutAtWord } from './cut-at-word.ts';
import { parseLuaurc } from './parse-luaurc.ts';
import { RequireProblem } from './require-problem.ts';
import type { Aliases } from './resolve-require.ts';
import { joinPath, type SourceTree } from './source-tree.ts';

export interface AliasReaderOptions {
  tree: SourceTree;
  /** A path as people know it. */
  nameOf(path: string): string;
  /** Runs a `.config.luau`. Asked for only when there is one, so that nothing of the VM is loaded before. */
  evaluate(source: string, chunkName: string): Promise<LuauEvaluation>;
}

const LUAURC = '.luaurc';
const CONFIG_LUAU = '.config.luau';
const MAX_CONFIG_BYTES = 1024 * 1024;
/** An error in Luau can be of any length. */
const LONGEST_MESSAGE = 1_000;

/**
 * A function that reads the aliases of one directory, once: null where it holds neither `.luaurc` nor `.config.luau`
 * (Luau's RFCs "Configure analysis via .luaurc" and "Support Luau-syntax configuration files"). It throws
 * RequireProblem, each time the same.
 */
export function createAliasReader(
  options: AliasReaderOptions,
): (directory: string) => Promise<Aliases | null> {
  const known = new Map<string, Promise<Aliases | null>>();
  return (directory) => {
    const aliases = known.get(directory) ?? readAliases(directory, options);
    known.set(directory, aliases);
    return aliases;
  };
}

async function readAliases(directory: string, options: AliasReaderOptions): Promise<Aliases | null> {
  const { tree, nameOf } = options;
  const [file, rival] = [LUAURC, CONFIG_LUAU]
    .map((name) => joinPath(directory, name))
    .filter((path) => tree.kindOf(path) === 'file');
  if (file === undefined) return null;
  if (rival !== undefined) {
    throw new RequireProblem(`${nameOf(file)} and ${nameOf(rival)} lie in one directory`, {
      hint: 'keep one of them',
    });
  }
  const text = readText(file, options);
  const values = file.endsWith(CONFIG_LUAU)
    ? await readConfigLuau(text, nameOf(file), options)
    : readLuaurc(text, nameOf(file));
  return { file, values };
}

function readText(file: string, { tree, nameOf }: AliasReaderOptions): string {
  const name = nameOf(file);
  let bytes: Uint8Array | null;
  try {
    bytes = tree.sizeOf(file) > MAX_CONFIG_BYTES ? null : tree.read(file);
  } catch (error) {
    throw new RequireProblem(`cannot read ${name}: ${messageOf(error)}`, {
      hint: 'make it readable, or move it away',
    });
  }
  if (bytes === null) {
    throw new RequireProblem(`${name} is larger than 1 MiB`, {
      hint: 'keep only what configures Luau in it',
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new RequireProblem(`${name} is not UTF-8 text`, { hint: 'save it as UTF-8' });
  }
}

function readLuaurc(text: string, name: string): ReadonlyMap<string, string> {
  try {
    return parseLuaurc(text);
  } catch (error) {
    if (!(error instanceof RequireProblem)) throw error;
    throw new RequireProblem(`${name}: ${error.message}`, { facts: error.facts, hint: error.hint });
  }
}

async function readConfigLuau(
  text: string,
  name: string,
  { evaluate }: AliasReaderOptions,
): Promise<ReadonlyMap<string, string>> {
  const result = await evaluate(text, name);
  if (!result.ok) {
    const { message } = result;
    // Luau begins with the name and the line where it knows them.
    throw createConfigProblem(message.startsWith(`${name}:`) ? message : `${name}: ${message}`);
  }
  const config = asTable(result.json, `${name} must return a table`);
  const luau = config.get('luau');
  const aliases =
    luau === undefined ? undefined : asTable(luau, `"luau" in ${name} must be a table`).get('aliases');
  const found = new Map<string, string>();
  if (aliases === undefined) return found;
  for (const [alias, value] of asTable(aliases, `"luau.aliases" in ${name} must be a table`)) {
    if (!isAliasName(alias)) throw createConfigProblem(`${name}: "${alias}" cannot be the name of an alias`);
    if (typeof value !== 'string') throw createConfigProblem(`${name}: alias "${alias}" must be a string`);
    found.set(foldAliasName(alias), value);
  }
  return found;
}

/** A list is a table, too; its keys are none that anybody looks for. */
function asTable(value: unknown, complaint: string): Map<string, unknown> {
  if (typeof value !== 'object' || value === null) throw createConfigProblem(complaint);
  const entries = Object.entries(value);
  return new Map(
    Array.isArray(value) ? entries.map(([index, item]) => [`[${Number(index) + 1}]`, item]) : entries,
  );
}

function createConfigProblem(message: string): RequireProblem {
  return new RequireProblem(cutAtWord(message, LONGEST_MESSAGE), {
    hint: 'let it return { luau = { aliases = { name = "./path" } } }',
  });
}
