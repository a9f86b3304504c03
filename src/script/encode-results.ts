import runtime from './encode-results.luau';
import { cleanSource } from './source-text.ts';
import { outline } from './syntax/outline.ts';
import { createWrapping, type Wrapping, wrapSource } from './wrapping.ts';

/**
 * Makes a script return its values as docs/values.md describes them. `hasBinaryOutput` is that of the task: then the
 * results are what the script returns as `ReturnValues`.
 */
export function createResultEncoder({ hasBinaryOutput }: { hasBinaryOutput: boolean }): Wrapping {
  return createWrapping(runtime.replaceAll('__hasBinaryOutput', String(hasBinaryOutput)));
}

/**
 * The script with the same around it, for who sends scripts by himself: no line moves, and `decodeResults` turns back what
 * it returns. `hasBinaryOutput` is false when absent.
 */
export function addResultEncoder(script: string, options: { hasBinaryOutput?: boolean } = {}): string {
  const text = cleanSource(script);
  const wrapping = createResultEncoder({ hasBinaryOutput: options.hasBinaryOutput ?? false });
  return wrapSource({ text, outline: outline(text) }, { prologue: '', wrapping });
}
