import { LuauExecError, messageOf, type SourceLocation } from '../errors.ts';
import { createTooLargeError, MAX_CHUNK_BYTES } from './chunk-size.ts';
import { checkReturn, findCircle } from './graph-mistakes.ts';
import { modulePathOf } from './module-path.ts';
import { RequireProblem } from './require-problem.ts';
import { type Aliases, resolveRequire } from './resolve-require.ts';
import { listChain, type SourceModule } from './source-module.ts';
import { cleanSource, createSourceError, decodeSource, locate } from './source-text.ts';
import { isWithin, type SourceTree } from './source-tree.ts';
import { outline } from './syntax/outline.ts';
import type { RequireCall } from './syntax/require-calls.ts';

/** A `require` that stays as it is. */
export interface LeftAlone {
  location: SourceLocation;
  text: string;
}

export interface ModuleGraph {
  /** The entry first, then in the order in which they were met. */
  modules: SourceModule[];
  leftAlone: LeftAlone[];
}

export interface GraphOptions {
  tree: SourceTree;
  readAliases(directory: string): Promise<Aliases | null>;
  /** Nothing outside this directory is read; null for no such limit. */
  root: string | null;
  nameOf(path: string): string;
}

export interface GraphEntry {
  name: string;
  text: string;
  /** Absolute path with forward slashes, also where it is no file: requires start from it. */
  path: string;
}

/** Reads everything that the entry requires. Throws LX016 for a require that cannot be followed, LX004 for the size of one. */
export async function loadModuleGraph(entry: GraphEntry, options: GraphOptions): Promise<ModuleGraph> {
  const loader = new GraphLoader(options);
  await loader.load(entry);
  const { modules, leftAlone } = loader;
  for (const module of modules) checkReturn(module);
  const circle = findCircle(modules);
  if (circle) throw circle;
  return { modules, leftAlone };
}

class GraphLoader {
  readonly modules: SourceModule[] = [];
  readonly leftAlone: LeftAlone[] = [];
  readonly #options: GraphOptions;
  readonly #byFile = new Map<string, SourceModule>();
  /** Module path of each module, from which its own requires go. */
  readonly #paths = new Map<SourceModule, string>();

  constructor(options: GraphOptions) {
    this.#options = options;
  }

  async load({ name, text, path }: GraphEntry): Promise<void> {
    const isFile = this.#options.tree.kindOf(path) === 'file';
    const file = isFile ? this.#options.tree.realPath(path) : path;
    const bytes = Buffer.from(text, 'utf8');
    this.#add(file, {
      name,
      format: 'luau',
      text,
      bytes,
      outline: outline(text),
      links: [],
      requiredBy: null,
    });
    // The list grows while it is read.
    for (const module of this.modules) {
      for (const call of module.outline?.requires ?? []) await this.#follow(module, call);
    }
  }

  #add(file: string, module: SourceModule): SourceModule {
    this.#byFile.set(file, module);
    this.#paths.set(module, modulePathOf(file));
    this.modules.push(module);
    return module;
  }

  async #follow(from: SourceModule, call: RequireCall): Promise<void> {
    const file = call.path === null ? null : await this.#resolve(from, call, call.path);
    if (file === null || call.path === null) {
      this.leftAlone.push({ location: locate(from, call.offset), text: call.text });
      return;
    }
    const to = this.#byFile.get(file) ?? this.#add(file, this.#read(file, { from, call }));
    const link = { from, call, path: call.path, to };
    to.requiredBy ??= to === this.modules[0] ? null : link;
    from.links.push(link);
  }

  /** The file that a path leads to; null where that is left to whoever runs the script. */
  async #resolve(from: SourceModule, call: RequireCall, path: string): Promise<string | null> {
    const { tree, root, nameOf } = this.#options;
    try {
      const resolution = await resolveRequire(path, this.#paths.get(from) ?? '', this.#options);
      if (resolution.kind === 'engine') return null;
      const file = tree.realPath(resolution.file);
      if (root !== null && !isWithin(file, root)) {
        const project = nameOf(root) === '.' ? 'the working directory' : nameOf(root);
        throw new RequireProblem(`${nameOf(file)} lies outside the project, ${project}`, {
          hint: 'name --allow-outside if the script may read and send files from there',
        });
      }
      return file;
    } catch (problem) {
      if (!(problem instanceof RequireProblem)) throw problem;
      if (call.isOptional) return null;
      throw createRequireError(problem, from, call);
    }
  }

  #read(file: string, { from, call }: { from: SourceModule; call: RequireCall }): SourceModule {
    const { tree, nameOf } = this.#options;
    const name = nameOf(file);
    const fail = (message: string, hint: string, cause?: unknown) =>
      createRequireError(new RequireProblem(message, { hint }), from, call, cause);
    let bytes: Uint8Array;
    try {
      const sizeBytes = tree.sizeOf(file);
      if (sizeBytes > MAX_CHUNK_BYTES) throw createTooLargeError(name, sizeBytes, listRequirers(from, call));
      bytes = tree.read(file);
    } catch (cause) {
      if (cause instanceof LuauExecError) throw cause;
      const why = messageOf(cause);
      throw fail(`cannot read ${name}: ${why}`, 'make it readable', cause);
    }
    const format = file.endsWith('.json') ? 'json' : file.endsWith('.txt') ? 'text' : 'luau';
    const decoded = decodeSource(bytes);
    if (decoded === null && format !== 'text') {
      throw fail(`${name} is not UTF-8 text`, 'save it as UTF-8; a script is sent as text');
    }
    const text = format === 'text' ? (decoded ?? '') : cleanSource(decoded ?? '');
    return {
      name,
      format,
      text,
      bytes,
      outline: format === 'luau' ? outline(text) : null,
      links: [],
      requiredBy: null,
    };
  }
}

function createRequireError(
  problem: RequireProblem,
  from: SourceModule,
  call: RequireCall,
  cause?: unknown,
): LuauExecError {
  return createSourceError(problem.message, locate(from, call.offset), {
    id: 'LX016',
    facts: [call.text, ...problem.facts, ...listChain(from)],
    hint: problem.hint,
    cause: cause ?? problem,
  });
}

function listRequirers(from: SourceModule, call: RequireCall): string[] {
  const { line } = locate(from, call.offset);
  return [`required by ${from.name}:${line}`, ...listChain(from)];
}
