import { dirname } from 'node:path';
import { findProjectDirectories } from '../config/search-places.ts';
import { LuauExecError } from '../errors.ts';
import { composeScript, type Script } from '../script/compose-script.ts';
import { findScripts } from '../script/find-scripts.ts';
import type { HarnessOptions } from '../script/harness.ts';
import { loadArguments } from '../script/load-arguments.ts';
import { createInlineSource, loadSource, type Source } from '../script/load-source.ts';
import { isWithin, toSlashes } from '../script/source-tree.ts';
import { nameEndKeys } from './end-keys.ts';
import type { Invocation } from './invocation.ts';
import { protectEnvironment } from './protect-environment.ts';
import type { RunOptions, ScriptOptions } from './shared-options.ts';

/** Composing and compiling hear no signal; between two scripts there is time for one, at the latest after this. */
const LONGEST_DEAFNESS_MS = 100;

/** Makes of what the user named what is sent. Throws usage errors. */
export type PrepareScript = (source: Source) => Promise<Script>;

/** A script that the command line names, before it is read. */
export interface NamedSource {
  name: string;
  /** Throws LX004 and LX008. */
  load(): Promise<Source>;
}

/** What the command line names, those of `-e` first. Throws LX003 where that is nothing. */
export async function listSources(
  { context }: Invocation,
  named: readonly string[],
  options: ScriptOptions,
): Promise<NamedSource[]> {
  const inline = (options.eval ?? []).map((code) => ({
    name: '-e',
    load: async () => createInlineSource(code),
  }));
  if (named.length + inline.length === 0) {
    throw new LuauExecError('no script was named', {
      id: 'LX003',
      kind: 'usage',
      hint: "name a file, - for stdin, or code with -e 'return 1'",
    });
  }
  if (named.includes('-') && context.stdin.isTTY) {
    const endKeys = nameEndKeys(context.platform);
    context.stderr.write(`reading the script from the terminal; end it with ${endKeys}\n`);
  }
  const files = await findScripts(named, context);
  const sources = files.map(({ name, problem }) => ({
    name,
    load: async () => {
      if (problem) throw problem;
      return loadSource(name, context);
    },
  }));
  return [...inline, ...sources];
}

/** Reads all of them. Throws LX003, LX004 and LX008. */
export async function loadSources(
  invocation: Invocation,
  named: readonly string[],
  options: ScriptOptions,
): Promise<Source[]> {
  const sources: Source[] = [];
  for (const source of await listSources(invocation, named, options)) sources.push(await source.load());
  return sources;
}

export interface PreparationOptions {
  /** Told every path that a script depends on. */
  onLook?: (path: string) => void;
  /** What is put around the script so that its run can be stopped and watched; nothing when absent or null. */
  harness?: HarnessOptions | null;
}

/**
 * Everything between a source and its chunk: modules, arguments, and the look at the syntax unless `--no-check`. Throws
 * what is wrong with the arguments. Lines of the script may be shown from here on, and none of them with a key.
 */
export async function createPreparation(
  invocation: Invocation,
  options: ScriptOptions & Pick<RunOptions, 'binaryOutput'>,
  { onLook = () => undefined, harness = null }: PreparationOptions = {},
): Promise<PrepareScript> {
  const { context } = invocation;
  const { cwd, homeDirectory, clock, signal } = context;
  protectEnvironment(invocation);
  const scriptArguments = await loadArguments(options, context);
  const wrappings = [
    ...(harness ? [await createHarness(harness)] : []),
    ...(options.encodeResults ? [await createEncoder(options.binaryOutput !== undefined)] : []),
  ];
  const checker = options.check === false ? null : await createChecker();
  let heardMs = clock.now();
  return async (source) => {
    if (clock.now() - heardMs > LONGEST_DEAFNESS_MS) {
      await clock.sleep(1, signal);
      heardMs = clock.now();
    }
    if (source.path !== null) onLook(source.path);
    const root = options.allowOutside ? null : findRoot(source, { cwd, homeDirectory });
    const script = await composeScript(source, {
      cwd,
      root,
      scriptArguments,
      wrappings,
      clock,
      signal,
      onLook,
    });
    checker?.check(script);
    return script;
  };
}

/** Makes of each source what is sent. */
export async function prepareScripts(
  invocation: Invocation,
  sources: readonly Source[],
  options: ScriptOptions & Pick<RunOptions, 'binaryOutput'>,
  preparation: PreparationOptions,
): Promise<Script[]> {
  const prepare = await createPreparation(invocation, options, preparation);
  const scripts: Script[] = [];
  for (const source of sources) scripts.push(await prepare(source));
  return scripts;
}

/** The compiler is loaded only for those who want it. */
async function createChecker() {
  const { SyntaxChecker } = await import('../script/check-syntax.ts');
  return new SyntaxChecker();
}

/** The same of what goes around a script. */
async function createEncoder(hasBinaryOutput: boolean) {
  const { createResultEncoder } = await import('../script/encode-results.ts');
  return createResultEncoder({ hasBinaryOutput });
}

async function createHarness(options: HarnessOptions) {
  const harness = await import('../script/harness.ts');
  return harness.createHarness(options);
}

/** The project of the working directory, or of the script where that lies elsewhere. */
function findRoot({ path }: Source, start: { cwd: string; homeDirectory: string | null }): string {
  const isElsewhere = path !== null && !isWithin(path, toSlashes(start.cwd));
  const cwd = isElsewhere ? dirname(path) : start.cwd;
  return findProjectDirectories({ ...start, cwd }).at(-1) ?? cwd;
}
