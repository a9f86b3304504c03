import { suggestName } from '../did-you-mean.ts';
import { foldAliasName, isAliasName } from './alias-name.ts';
import { findPlace } from './module-path.ts';
import { createPlaceProblem, type PlaceNames, type Trail } from './place-problem.ts';
import { RequireProblem } from './require-problem.ts';
import { joinPath, parentOf, toSlashes } from './source-tree.ts';

/** Alias names in lower case, and what they stand for; `file` is where they are written. */
export interface Aliases {
  file: string;
  values: ReadonlyMap<string, string>;
}

export interface RequireContext extends PlaceNames {
  /** The aliases that are written in this very directory; null where there is no such file. Throws RequireProblem. */
  readAliases(directory: string): Promise<Aliases | null>;
  /** Aliases are looked for up to this directory; null for no end. */
  root: string | null;
}

/** `file` is the module's file; `engine` is a path that Roblox has to resolve. */
export type Resolution = { kind: 'file'; file: string } | { kind: 'engine' };

/** A module path to go on from; null for a path that is the engine's. */
type Start = string | null;

/**
 * Follows the path of a `require` in the module `from` (a module path), by Luau's rules: RFCs "Amended require syntax
 * and resolution semantics", "Abstract module paths", "Require by string with aliases". Throws RequireProblem.
 */
export async function resolveRequire(
  path: string,
  from: string,
  context: RequireContext,
): Promise<Resolution> {
  const text = toSlashes(path);
  const start = await findStart(text, from, context);
  if (start === null) return { kind: 'engine' };
  const trail = { context, facts: [] };
  const modulePath = walk(start, restOf(text), trail);
  const place = findPlace(context.tree, modulePath);
  if (place.kind === 'module') return { kind: 'file', file: place.file };
  throw createPlaceProblem(place, modulePath, trail);
}

async function findStart(text: string, from: string, context: RequireContext): Promise<Start> {
  if (/^\.\.?\//.test(text)) return parentOf(from);
  if (!text.startsWith('@')) {
    throw new RequireProblem('a path begins with ./, ../ or @', {
      hint: /^(?:\/|[A-Za-z]:)/.test(text) ? 'write the way from this file' : `did you mean "./${text}"?`,
    });
  }
  const alias = aliasOf(text);
  if (alias === 'game') return null;
  const trail = { context, facts: [] };
  if (alias !== 'self') return findAlias(alias, from, trail);
  const place = findPlace(context.tree, from);
  if (place.kind === 'ambiguous') throw createPlaceProblem(place, from, trail);
  return from;
}

/** Looks for an alias from the directory that holds `below` upwards. */
async function findAlias(
  alias: string,
  below: string,
  { context, facts }: Trail & { context: RequireContext },
): Promise<Start> {
  if (!isAliasName(alias)) {
    throw new RequireProblem(`@${alias} cannot be an alias`, {
      facts,
      hint: 'write @, the name of an alias and the way from there: @name/module',
    });
  }
  const others: string[] = [];
  for (let directory = parentOf(below); ; directory = parentOf(directory)) {
    const aliases = await context.readAliases(directory);
    others.push(...(aliases?.values.keys() ?? []));
    if (aliases?.values.has(alias)) return followAlias(alias, directory, { aliases, context, chain: [] });
    if (directory === context.root || directory === parentOf(directory)) break;
  }
  const likely = suggestName(alias, others);
  const root = context.root === null ? null : context.nameOf(context.root);
  const limit = root === null ? '' : `, as far as ${root === '.' ? 'the working directory' : root}`;
  throw new RequireProblem(`there is no alias @${alias}`, {
    facts,
    hint:
      likely === null
        ? `define it under "aliases" in a .luaurc beside the file or above it${limit}`
        : `did you mean @${likely}?`,
  });
}

interface AliasChain {
  aliases: Aliases;
  context: RequireContext;
  /** The aliases of this file that led here. */
  chain: readonly string[];
}

async function followAlias(alias: string, directory: string, links: AliasChain): Promise<Start> {
  const { aliases, context } = links;
  const value = toSlashes(aliases.values.get(alias) ?? '');
  const chain = [...links.chain, alias];
  const facts = [`@${alias} stands for "${value}" in ${context.nameOf(aliases.file)}`];
  const trail = { context, facts };
  if (links.chain.includes(alias)) {
    throw new RequireProblem(`the aliases go in a circle: ${chain.map((name) => `@${name}`).join(' → ')}`, {
      facts,
      hint: 'let one of them name a directory or a file',
    });
  }
  if (/^\.\.?(?:\/|$)/.test(value)) return walk(directory, value, trail);
  if (/^(?:\/|[A-Za-z]:\/)/.test(value)) return walk('', value, trail);
  const next = aliasOf(value);
  if (!value.startsWith('@') || next === 'self') {
    throw new RequireProblem(`alias @${alias} stands for "${value}", which is no path`, {
      facts,
      hint: 'begin it with ./, ../ or /, or with @ and the name of another alias',
    });
  }
  if (next === 'game') return null;
  const start = aliases.values.has(next)
    ? await followAlias(next, directory, { ...links, chain })
    : await findAlias(next, directory, trail);
  return start === null ? null : walk(start, restOf(value), trail);
}

/**
 * Goes from place to place. Each that is gone into has to be there, and to be one only; the way up leads to a directory,
 * whatever else has its name.
 */
function walk(start: string, path: string, trail: Trail): string {
  let at = start;
  for (const step of path.split('/')) {
    if (step === '' || step === '.') continue;
    at = step === '..' ? parentOf(at) : joinPath(at, step);
    const place = step === '..' ? null : findPlace(trail.context.tree, at);
    if (place?.kind === 'ambiguous' || place?.kind === 'missing') throw createPlaceProblem(place, at, trail);
  }
  return at === '' ? '/' : at;
}

function aliasOf(path: string): string {
  return foldAliasName(/^@([^/]*)/.exec(path)?.[1] ?? '');
}

function restOf(path: string): string {
  return path.replace(/^@[^/]*/, '');
}
