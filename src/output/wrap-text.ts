/**
 * The lines of one line of text, each at most `width` characters where its words allow it: a longer word, such as a
 * URL or a path, stays whole, so that it can be copied. Always at least one line.
 */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line: string | null = null;
  for (const word of text.split(' ')) {
    if (line === null) line = word;
    else if (line.length + 1 + word.length <= width) line += ` ${word}`;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line ?? ''];
}
