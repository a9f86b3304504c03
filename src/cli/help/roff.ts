import { wrapText } from '../../output/wrap-text.ts';
import type { Entry } from './layout.ts';

const SPECIAL: ReadonlyMap<string, string> = new Map([
  ['\\', '\\e'],
  ['-', '\\-'],
  ["'", '\\(aq'],
  ['"', '\\(dq'],
  ['`', '\\(ga'],
  ['^', '\\(ha'],
  ['~', '\\(ti'],
  // A terminal of plain ASCII has no character for it.
  ['…', '...'],
]);
/** The manual of mandoc asks for lines of at most 80 bytes, and escapes take some. */
const WIDTH_COLUMNS = 66;

/** Text that roff shows as it is, mark for mark, also where it is copied from the page. ASCII alone. */
export function escapeRoff(text: string): string {
  return text.replaceAll(/[\\\-'"`^~]|[^\x20-\x7e]/gu, (mark) => {
    const code = mark.codePointAt(0) ?? 0;
    return SPECIAL.get(mark) ?? `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`;
  });
}

/** Lines of running text, each sentence on lines of its own; none is taken for a request. */
export function formatRoffText(text: string): string[] {
  return text
    .split(/(?<=[.!?]) (?=[A-Z])/)
    .flatMap((sentence) => wrapText(sentence, WIDTH_COLUMNS))
    .map((line) => escapeRoff(line).replace(/^\./, '\\&.'));
}

/** A request with one argument, which may have spaces in it. */
export function formatRoffHeading(request: 'SH' | 'SS', title: string): string {
  return `.${request} "${escapeRoff(title)}"`;
}

/** A term in bold, and under it its text. */
export function formatRoffEntry({ term, text }: Entry): string[] {
  return ['.TP', formatRoffTerm(term), ...(text === '' ? [] : formatRoffText(text))];
}

/** As a command line is set in manuals: what is typed in bold, what is to be replaced in italics. */
export function formatRoffUsage(usage: string): string {
  return usage
    .split(/(<[^>]*>|\[[^\]]*\])/)
    .filter((part) => part.trim() !== '')
    .map((part) => {
      const marked = /^[<[](.*)[>\]]$/.exec(part.trim());
      if (!marked) return `\\fB${escapeRoff(part.trim())}\\fR`;
      const name = `\\fI${escapeRoff(marked[1] ?? '')}\\fR`;
      return part.startsWith('[') ? `[${name}]` : name;
    })
    .join(' ');
}

function formatRoffTerm(term: string): string {
  return `\\fB${escapeRoff(term)}\\fR`;
}
