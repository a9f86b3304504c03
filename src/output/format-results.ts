import type { JsonValue } from '../open-cloud/task.ts';
import { decodeResults, hasTags } from '../values/decode-results.ts';
import { formatLuau } from './format-luau.ts';
import { formatJson, formatValue } from './format-value.ts';
import type { Screen } from './renderer.ts';
import { plainStyle } from './style.ts';

/**
 * One text for each returned value: JSON on one line for programs; for people over several and coloured, and in Luau's
 * notation where anything in them stands for a value that JSON does not have.
 */
export function formatResults(results: readonly JsonValue[], { style, isTerminal }: Screen): string[] {
  if (!isTerminal) return results.map(formatJson);
  const values = hasTags(results) ? tryDecode(results) : null;
  return values ? formatLuau(values, style) : results.map((value) => formatValue(value, style));
}

/** The same without line breaks that mean anything and without colour. */
export function formatResultLines(results: readonly JsonValue[], { isTerminal }: Screen): string[] {
  const values = isTerminal && hasTags(results) ? tryDecode(results) : null;
  return values ? formatLuau(values, plainStyle) : results.map(formatJson);
}

/** Null where a script wrote something like a tag by itself. */
function tryDecode(results: readonly JsonValue[]) {
  try {
    return decodeResults(results);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}
