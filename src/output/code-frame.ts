import { cutText } from './cut-text.ts';
import { sanitize } from './sanitize.ts';

export interface CodeFrameOptions {
  /** The whole source. */
  text: string;
  /** Counted from 1. */
  line: number;
  /** Counted from 1, in characters; null for no caret under the line. */
  column?: number | null;
}

const LINES_BEFORE = 2;
const LINES_AFTER = 1;
const MAX_CHARACTERS = 120;
const TAB_WIDTH = 4;

/**
 * The lines around `line`, numbered, with `>` before the one that is meant. Null when the source has no such line.
 * Holds no colour and nothing that a terminal would obey; no line break at the end.
 */
export function formatCodeFrame({ text, line, column = null }: CodeFrameOptions): string | null {
  const lines = text.split('\n');
  // What ends with a line break has no line behind it.
  if (lines.at(-1) === '' && line < lines.length) lines.pop();
  if (!Number.isInteger(line) || line < 1 || line > lines.length) return null;
  const first = Math.max(1, line - LINES_BEFORE);
  const last = Math.min(lines.length, line + LINES_AFTER);
  const width = String(last).length;
  const rows: string[] = [];
  for (let number = first; number <= last; number++) {
    const source = (lines[number - 1] ?? '').replace(/\r$/, '');
    const gutter = `${number === line ? '>' : ' '} ${String(number).padStart(width)} |`;
    rows.push(`${gutter} ${cutText(expand(source), MAX_CHARACTERS)}`.trimEnd());
    if (number === line && column !== null) rows.push(...formatCaret(source, column, width));
  }
  return rows.join('\n');
}

/** The caret's line; none where the column lies in the part that was cut off. */
function formatCaret(source: string, column: number, width: number): string[] {
  const offset = expand(source.slice(0, column - 1)).length;
  return offset < MAX_CHARACTERS ? [`  ${' '.repeat(width)} | ${' '.repeat(offset)}^`] : [];
}

/** Tabs become spaces up to the next stop, so that the gutter does not shift what stands in columns. */
function expand(source: string): string {
  let expanded = '';
  for (const part of sanitize(source).split(/(\t)/)) {
    expanded += part === '\t' ? ' '.repeat(TAB_WIDTH - (expanded.length % TAB_WIDTH)) : part;
  }
  return expanded;
}
