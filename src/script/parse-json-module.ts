import type { LuauExecError } from '../errors.ts';
import type { JsonValue } from './encode-literal.ts';
import { listChain, type SourceModule } from './source-module.ts';
import { createSourceError, locate } from './source-text.ts';

const MOST_CHARACTERS = 200;
const UNEXPECTED_TOKEN = 'Unexpected token';

/** The value of a JSON file. Throws LX006 with the place of the mistake. */
export function parseJsonModule(module: SourceModule): JsonValue {
  const { text } = module;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw createJsonError(module, describeMistake(error));
  }
}

function createJsonError(module: SourceModule, message: string): LuauExecError {
  const { text } = module;
  return createSourceError('syntax error: this is not JSON', locate(module, findPlace(message, text)), {
    id: 'LX006',
    facts: [message.replace(/\s+/g, ' ').slice(0, MOST_CHARACTERS), ...listChain(module)],
    hint: 'correct it; JSON has no comments and no trailing commas',
  });
}

function describeMistake(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function hasUnexpectedToken(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return describeMistake(error).startsWith(UNEXPECTED_TOKEN);
  }
}

/** V8 says where, but for a token that cannot stand there: then it is at the end of the shortest text that has it. */
function findPlace(message: string, text: string): number {
  const position = /at position (\d+)/.exec(message)?.[1];
  if (position !== undefined) return Number(position);
  if (!message.startsWith(UNEXPECTED_TOKEN)) return text.trimEnd().length;
  let [without, including] = [0, text.length];
  while (including - without > 1) {
    const middle = (without + including) >>> 1;
    if (hasUnexpectedToken(text.slice(0, middle))) including = middle;
    else without = middle;
  }
  return without;
}
