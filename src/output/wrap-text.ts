import { measureWidth } from './display-width.ts';

/**
 * The text in lines of at most `columns`, broken at blanks and indented as it was. A longer word, such as a URL or a
 * path, stays whole, so that it can be copied.
 */
export function wrapText(text: string, columns: number): string[] {
  return text.split('\n').flatMap((line) => {
    if (measureWidth(line) <= columns) return [line];
    const indent = /^ */.exec(line)?.[0] ?? '';
    return wrapPieces(line.trim().split(/ +/), columns - indent.length).map((piece) => indent + piece);
  });
}

/** The same of text that is in pieces already; within none of them is a line broken. Always at least one line. */
export function wrapPieces(pieces: readonly string[], columns: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const piece of pieces) {
    const longer = line === '' ? piece : `${line} ${piece}`;
    if (line !== '' && measureWidth(longer) > columns) {
      lines.push(line);
      line = piece;
    } else line = longer;
  }
  return [...lines, line];
}
