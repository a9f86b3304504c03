import { dirname } from 'node:path';
import { findProjectDirectories } from '../config/search-places.ts';
import { LuauExecError } from '../errors.ts';
import { composeScript, type Script } from '../script/compose-script.ts';
import { loadArguments } from '../script/load-arguments.ts';
import { createInlineSource, loadSource, type Source } from '../script/load-source.ts';
import { isWithin, toSlashes } from '../script/source-tree.ts';
import type { Invocation } from './invocation.ts';
import type { ScriptOptions } from './shared-options.ts';

/** Makes of what the user named what is sent. Throws usage errors. */
export type PrepareScript = (source: Source) => Promise<Script>;

/** Reads what the command line names, those of `-e` first. Throws LX003 where that is nothing, LX004 and LX008. */
export async function loadSources(
  { context }: Invocation,
  named: readonly string[],
  options: ScriptOptions,
): Promise<Source[]> {
  const inline = (options.eval ?? []).map(createInlineSource);
  if (named.length + inline.length === 0) {
    throw new LuauExecError('no script was named', {
      id: 'LX003',
      kind: 'usage',
      hint: "luau-exec run script.luau, luau-exec run - for stdin, or luau-exec run -e 'return 1'",
    });
  }
  if (named.includes('-') && context.stdin.isTTY) {
    context.stderr.write('reading the script from the terminal; end it with Ctrl-D\n');
  }
  const files: Source[] = [];
  for (const name of named) files.push(await loadSource(name, context));
  return [...inline, ...files];
}

/**
 * Everything between a source and its chunk: modules, arguments, and the look at the syntax unless `--no-check`.
 * `onLook` is told every path that a script depends on. Throws what is wrong with the arguments.
 */
export async function createPreparation(
  { context }: Invocation,
  options: ScriptOptions,
  onLook: (path: string) => void = () => undefined,
): Promise<PrepareScript> {
  const { cwd, homeDirectory, clock, signal } = context;
  const scriptArguments = await loadArguments(options, context);
  const checker = options.check === false ? null : await createChecker();
  return async (source) => {
    if (source.path !== null) onLook(source.path);
    const root = options.allowOutside ? null : findRoot(source, { cwd, homeDirectory });
    const script = await composeScript(source, { cwd, root, scriptArguments, clock, signal, onLook });
    checker?.check(script);
    return script;
  };
}

/** Reads scripts and makes of each what is sent. `onLook` is told every path that they depend on. */
export async function prepareScripts(
  invocation: Invocation,
  named: readonly string[],
  options: ScriptOptions,
  onLook?: (path: string) => void,
): Promise<Script[]> {
  const sources = await loadSources(invocation, named, options);
  const prepare = await createPreparation(invocation, options, onLook);
  const scripts: Script[] = [];
  for (const source of sources) scripts.push(await prepare(source));
  return scripts;
}

/** The compiler is loaded only for those who want it. */
async function createChecker() {
  const { SyntaxChecker } = await import('../script/check-syntax.ts');
  return new SyntaxChecker();
}

/** The project of the working directory, or of the script where that lies elsewhere. */
function findRoot({ path }: Source, start: { cwd: string; homeDirectory: string | null }): string {
  const isElsewhere = path !== null && !isWithin(path, toSlashes(start.cwd));
  const cwd = isElsewhere ? dirname(path) : start.cwd;
  return findProjectDirectories({ ...start, cwd }).at(-1) ?? cwd;
}
