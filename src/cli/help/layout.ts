import { wrapPieces, wrapText } from '../../output/wrap-text.ts';

/** What is explained, and its explanation. */
export interface Entry {
  term: string;
  text: string;
}

export interface LayoutOptions {
  widthColumns: number;
  /** As wide as the longest of several lists that stand under each other; by default that of this one. */
  termColumns?: number;
}

const INDENT = '  ';
const HANGING_INDENT = '      ';
const GAP = '  ';
/** Narrower than this a column of text is hard to read, and goes under its term. */
const NARROWEST_TEXT = 28;

/** The lines of a list: terms in one column and their texts in another, or under them where there is no room. */
export function layOutEntries(entries: readonly Entry[], options: LayoutOptions): string[] {
  const termColumns = options.termColumns ?? longestTerm(entries);
  const textColumn = INDENT.length + termColumns + GAP.length;
  const textColumns = options.widthColumns - textColumn;
  return entries.flatMap(({ term, text }) => {
    if (textColumns < NARROWEST_TEXT) {
      // A list of names may be broken after a comma, a command line nowhere.
      const names = wrapPieces(term.split(/(?<=,) /), options.widthColumns - INDENT.length);
      const lines = text === '' ? [] : wrapText(text, options.widthColumns - HANGING_INDENT.length);
      return [...names.map((line) => INDENT + line), ...lines.map((line) => HANGING_INDENT + line)];
    }
    if (text === '') return [INDENT + term];
    const [first = '', ...rest] = wrapText(text, textColumns);
    return [
      `${INDENT}${term.padEnd(termColumns)}${GAP}${first}`,
      ...rest.map((line) => ' '.repeat(textColumn) + line),
    ];
  });
}

/** A paragraph that stands under a heading. */
export function layOutParagraph(text: string, { widthColumns }: LayoutOptions): string[] {
  return wrapText(text, widthColumns - INDENT.length).map((line) => INDENT + line);
}

/** How many columns the longest term takes. */
export function longestTerm(entries: readonly Entry[]): number {
  return Math.max(0, ...entries.map(({ term }) => term.length));
}
