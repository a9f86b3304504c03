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
  const prepare = await createPreparation(invocation, { ...options, check: false });
  const [source] = await loadSources(invocation, [named], options);
  if (!source) throw new Error('a source was named and not loaded');
  const mapFile = options.map === undefined ? null : openOutputFile(options.map, invocation);
  const script = await prepare(source);
  const problem = mapFile?.append(`${formatJson(createMapDocument(script))}\n`);
  if (problem) throw problem;
  const { printer } = invocation;
  await printer.printData(printer.isJson ? `${formatJson(createBundleDocument(script))}\n` : script.text);
  return EXIT_CODES.ok;
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
