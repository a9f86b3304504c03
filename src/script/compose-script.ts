import { createHash } from 'node:crypto';
import { relative } from 'node:path';
import type { Clock } from '../clock.ts';
import { bundle } from './bundle.ts';
import { createTooLargeError, MAX_CHUNK_BYTES } from './chunk-size.ts';
import { formatMapComment, type LineMap } from './line-map.ts';
import { createLinePositions, type LinePosition } from './line-positions.ts';
import { encodeArguments, type ScriptArguments } from './load-arguments.ts';
import type { Source } from './load-source.ts';
import { type LeftAlone, loadModuleGraph, type ModuleGraph } from './module-graph.ts';
import { createAliasReader } from './read-aliases.ts';
import type { SourceModule } from './source-module.ts';
import { cleanSource } from './source-text.ts';
import { createDiskTree, type SourceTree, toSlashes } from './source-tree.ts';
import { joinWrappings, type Wrapping, wrapSource } from './wrapping.ts';

/** A script as it is sent: the user's own text where it needs nothing else, or else one chunk of all its modules. */
export interface Script {
  /** As the user named it: a path relative to the working directory, `-`, or `-e`. */
  name: string;
  /** The chunk. */
  text: string;
  /** Of the chunk's UTF-8 bytes, in hexadecimal; computed when asked for, because node:crypto takes time to load. */
  readonly sha256: string;
  /** The entry first, and each file once; empty where the text was not looked at, because it names no module. */
  modules: readonly SourceModule[];
  /** The uses of `require` that stay as they are. */
  leftAlone: readonly LeftAlone[];
  map: LineMap;
  /** Where a line of the chunk (from 1) comes from; null for a line of ours. */
  positionOf(chunkLine: number): LinePosition | null;
}

export interface ComposeOptions {
  cwd: string;
  /** Modules outside this directory are refused; null for no such limit. */
  root: string | null;
  /** What the script finds as `ARGS`; null when none were given. */
  scriptArguments: ScriptArguments | null;
  /** What runs the script as a function of its own, the outermost first; none when absent. */
  wrappings?: readonly Wrapping[];
  clock: Clock;
  signal: AbortSignal;
  /** Is told every path that was looked at. */
  onLook?: (path: string) => void;
}

/** Throws LX004 for the size, LX006 for a JSON file, LX016 for a `require` that leads nowhere. */
export async function composeScript(source: Source, options: ComposeOptions): Promise<Script> {
  const { scriptArguments, wrappings = [] } = options;
  const text = cleanSource(source.text);
  // Most scripts need nothing of this, and are sent as they are.
  if (scriptArguments === null && wrappings.length === 0 && !/require|ARGS/.test(text))
    return createPlainScript(source, text);
  const graph = await loadGraph(source, text, options);
  const needsArguments =
    scriptArguments !== null || graph.modules.some((module) => module.outline?.readsArgs === true);
  const prologue = needsArguments ? `ARGS=${encodeArguments(scriptArguments ?? new Map())};` : '';
  // A script can require itself, inside a function.
  if (graph.modules.every(({ links }) => links.length === 0))
    return createPlainScript(source, text, { prologue, wrappings, graph });
  const { chunk, map } = bundle(graph, { prologue, wrapping: joinWrappings(wrappings) });
  const texts = new Map(graph.modules.map((module) => [module.name, module.text]));
  return createScript({
    ...graph,
    name: source.name,
    text: chunk,
    map,
    positionOf: createLinePositions(map, (file) => texts.get(file) ?? ''),
  });
}

interface Surroundings {
  prologue: string;
  wrappings: readonly Wrapping[];
  graph: ModuleGraph | null;
}

/** One file, whose lines stay where they are. */
function createPlainScript(
  { name }: Source,
  text: string,
  surroundings: Surroundings = { prologue: '', wrappings: [], graph: null },
): Script {
  const { graph } = surroundings;
  const map = [{ file: name, chunkLine: 1, lineCount: text.split('\n').length }];
  const chunk = surround(text, map, surroundings);
  const sizeBytes = Buffer.byteLength(chunk);
  if (sizeBytes > MAX_CHUNK_BYTES) {
    const added = surroundings.wrappings.length > 0 ? 'what is put around it' : 'its arguments';
    throw createTooLargeError(`${name} with ${added}`, sizeBytes);
  }
  return createScript({
    name,
    text: chunk,
    modules: graph?.modules ?? [],
    leftAlone: graph?.leftAlone ?? [],
    map,
    positionOf: createLinePositions(map, () => text),
  });
}

function surround(text: string, map: LineMap, { prologue, wrappings, graph }: Surroundings): string {
  const outline = graph?.modules[0]?.outline;
  if (outline && wrappings.length > 0) {
    return (
      wrapSource({ text, outline }, { prologue, wrapping: joinWrappings(wrappings) }) + formatMapComment(map)
    );
  }
  const codeStart = outline?.codeStart ?? 0;
  return prologue === '' ? text : text.slice(0, codeStart) + prologue + text.slice(codeStart);
}

function createScript(fields: Omit<Script, 'sha256'>): Script {
  return {
    ...fields,
    get sha256() {
      return createHash('sha256').update(fields.text, 'utf8').digest('hex');
    },
  };
}

/** The same script as another chunk of as many lines. */
export function withChunk(script: Script, text: string): Script {
  const { name, modules, leftAlone, map, positionOf } = script;
  return createScript({ name, text, modules, leftAlone, map, positionOf });
}

async function loadGraph(source: Source, text: string, options: ComposeOptions): Promise<ModuleGraph> {
  const tree = createDiskTree(options.onLook);
  const base = realPathOf(tree, toSlashes(options.cwd));
  const nameOf = (path: string) => toSlashes(relative(base, path)) || '.';
  const readAliases = createAliasReader({ tree, nameOf, evaluate: createEvaluator(options) });
  const entry = { name: source.name, text, path: source.path ?? `${base}/${source.name}` };
  const root = options.root === null ? null : realPathOf(tree, toSlashes(options.root));
  return loadModuleGraph(entry, { tree, readAliases, root, nameOf });
}

/** Luau is loaded by the first config file that is written in it. The limits are those of Luau's own RFC. */
function createEvaluator({ clock, signal }: ComposeOptions) {
  return async (text: string, chunkName: string) => {
    const { evaluateLuau } = await import('../luau/evaluate.ts');
    const { delayLuauOptimisation } = await import('../luau/luau-tiering.ts');
    delayLuauOptimisation();
    return evaluateLuau(text, { chunkName, timeoutMs: 2_000, memoryMiB: 64, clock, signal });
  };
}

function realPathOf(tree: SourceTree, path: string): string {
  return tree.kindOf(path) === null ? path : tree.realPath(path);
}
