import { type Answer, type Candidate, endWithBits } from './answer.ts';
import { type OpenWord, readOpenWord } from './split-bash-line.ts';

export interface BashCursor {
  current: OpenWord;
  /** The end of the word, from where bash replaces it: it splits at `=`, `:` and `@`, as `COMP_WORDBREAKS` says. */
  replaced: string;
  /** Width of the terminal. */
  columns: number;
  /** Whether the candidates are to be read, not walked through: `COMP_TYPE` of a plain TAB, of `?`, `!` and `@`. */
  isList: boolean;
}

/**
 * The answer as entries of `COMPREPLY`: only those that match, without what bash keeps of the word, quoted as the word
 * is. Where there are several, a description is part of each: bash inserts no more than they have in common.
 */
export function formatBashAnswer(answer: Answer, cursor: BashCursor): string {
  const { current, replaced } = cursor;
  const { files } = answer;
  const kept = current.raw.endsWith(replaced)
    ? readOpenWord(current.raw.slice(0, current.raw.length - replaced.length)).text
    : '';
  const matching = answer.candidates.filter(({ value }) => value.startsWith(current.text));
  const entries = matching.map(({ value, description }) => ({
    value: quoteForBash(value.slice(kept.length), current.quote),
    description,
  }));
  const hasDescriptions = cursor.isList && entries.length > 1;
  const lines = hasDescriptions
    ? describeEntries(entries, cursor.columns)
    : entries.map(({ value }) => value);
  return endWithBits(typeof files === 'object' ? files.extensions : lines, answer);
}

function describeEntries(entries: readonly Candidate[], columns: number): string[] {
  const width = Math.max(...entries.map(({ value }) => value.length));
  // Two blanks, and the last column, which some terminals wrap at.
  const room = columns - width - 3;
  return entries.map(({ value, description }) =>
    description === '' || room < 10 ? value : `${value.padEnd(width)}  ${cut(description, room)}`,
  );
}

function quoteForBash(value: string, quote: OpenWord['quote']): string {
  if (quote === "'") return value.replaceAll("'", `'\\''`);
  if (quote === '"') return value.replace(/[$`"\\]/g, '\\$&');
  return value.replace(/[^\p{L}\p{N}_@%+=:,./-]/gu, '\\$&');
}

function cut(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  // Not through the middle of a pair of surrogates.
  return `${text.slice(0, maxCharacters - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
