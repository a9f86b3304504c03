import type { JsonValue } from '../open-cloud/task.ts';
import { escapeJsonText } from './sanitize.ts';
import type { Style } from './style.ts';

/** One value as JSON on one line. What a terminal could obey is escaped; a reader gets exactly the same value. */
export function formatJson(value: unknown): string {
  return escapeJsonText(JSON.stringify(value));
}

/** One value as JSON over several lines, coloured by kind. Nothing is left out, and it is still valid JSON. */
export function formatValue(value: JsonValue, style: Style): string {
  const parts: string[] = [];
  pushValue(value, { style, parts, indent: '\n' });
  return parts.join('');
}

interface Writer {
  style: Style;
  parts: string[];
  /** The line break and the blanks that begin a line at this depth. */
  indent: string;
}

function pushValue(value: JsonValue, writer: Writer): void {
  if (value !== null && typeof value === 'object') pushContainer(value, writer);
  else writer.parts.push(formatScalar(value, writer.style));
}

function pushContainer(value: JsonValue[] | { [key: string]: JsonValue }, writer: Writer): void {
  const { style, parts, indent } = writer;
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  const inner = { style, parts, indent: `${indent}  ` };
  let separator = open ?? '';
  const pushEntry = (entry: JsonValue, key: string | null) => {
    parts.push(separator, inner.indent);
    if (key !== null) parts.push(style.cyan(formatJson(key)), ': ');
    pushValue(entry, inner);
    separator = ',';
  };
  if (Array.isArray(value)) for (const entry of value) pushEntry(entry, null);
  else for (const [key, entry] of Object.entries(value)) pushEntry(entry, key);
  parts.push(separator === ',' ? indent : (open ?? ''), close ?? '');
}

function formatScalar(value: null | boolean | number | string, style: Style): string {
  const json = formatJson(value);
  if (typeof value === 'string') return style.green(json);
  if (typeof value === 'number') return style.yellow(json);
  return value === null ? style.dim(json) : style.magenta(json);
}
