import { resolve } from 'node:path';
import { LuauExecError } from '../../errors.ts';
import { formatJson } from '../../output/format-value.ts';
import type { Script } from '../../script/compose-script.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { openOutputFile } from '../output-file.ts';
import { createPreparation, loadSources } from '../prepare-scripts.ts';
import type { BundleOptions } from '../shared-options.ts';

/** Prints the chunk that `run` would send, and writes where its lines come from. Nothing is sent, and nothing compiled. */
export async function printBundle(
  invocation: Invocation,
  named: string,
  options: BundleOptions,
): Promise<number> {
  const { printer, context } = invocation;
  const looked = new Set<string>();
  const prepare = await createPreparation(
    invocation,
    { ...options, check: false },
    {
      onLook: (path) => looked.add(resolve(path)),
    },
  );
  const [source] = await loadSources(invocation, [named], options);
  if (!source) throw new Error('a source was named and not loaded');
  const script = await prepare(source);
  if (options.map !== undefined) {
    if (looked.has(resolve(context.cwd, options.map))) throw wouldOverwrite(options.map);
    const problem = openOutputFile(options.map, invocation).append(
      `${formatJson(createMapDocument(script))}\n`,
    );
    if (problem) throw problem;
  }
  await printer.printData(printer.isJson ? `${formatJson(createBundleDocument(script))}\n` : script.text);
  return EXIT_CODES.ok;
}

/** The map would take the place of a file that the script is made of, or would be taken for a module the next time. */
function wouldOverwrite(map: string): LuauExecError {
  return new LuauExecError(`--map ${map} would overwrite a file of the script`, {
    id: 'LX003',
    kind: 'usage',
    hint: 'name another file for the map',
  });
}

/** `luau-exec.map/v1`: runs of lines of the chunk that are lines of one file, in the same order. */
function createMapDocument({ name, sha256, map }: Script): object {
  return { schema: 'luau-exec.map/v1', script: { name, sha256 }, lines: map };
}

function createBundleDocument(script: Script): object {
  const { name, sha256, text, map } = script;
  return {
    schema: 'luau-exec.bundle/v1',
    ok: true,
    exitCode: EXIT_CODES.ok,
    script: { name, sha256 },
    chunk: text,
    lines: map,
  };
}
