import type { JsonValue } from './encode-literal.ts';
import { findJsonMistake } from './json-mistake.ts';
import { listChain, type SourceModule } from './source-module.ts';
import { createSourceError, locate } from './source-text.ts';

/** The value of a JSON file. Throws LX006 with the place of the mistake. */
export function parseJsonModule(module: SourceModule): JsonValue {
  const { text } = module;
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { reason, offset } = findJsonMistake(text, cause);
    throw createSourceError(
      `syntax error in JSON: ${reason}`,
      locate(module, Math.min(offset, text.trimEnd().length)),
      {
        id: 'LX006',
        facts: listChain(module),
        hint: 'correct it; JSON has no comments and no trailing commas',
        cause,
      },
    );
  }
}
