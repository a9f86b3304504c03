/** The word under the cursor, as it was typed and as the program would get it. */
export interface OpenWord {
  raw: string;
  text: string;
  /** The quote that was opened in it and not closed yet, else empty. */
  quote: '' | "'" | '"';
}

export interface SplitLine {
  /** Words before the cursor, the program's name first. */
  before: string[];
  current: OpenWord;
}

const NO_WORD: OpenWord = { raw: '', text: '', quote: '' };

/**
 * Splits a line of bash that ends at the cursor: quotes and backslashes are taken away, redirections are left out, and
 * nothing is expanded. bash itself would split at `=`, `:` and `@` as well.
 */
export function splitBashLine(line: string): SplitLine {
  const before: string[] = [];
  let isTarget = false;
  let rest = line.trimStart();
  while (rest !== '') {
    const redirection = /^(?:\d*|&)[<>][<>&|]?[ \t]*/.exec(rest)?.[0];
    if (redirection !== undefined) {
      isTarget = true;
      rest = rest.slice(redirection.length);
      continue;
    }
    const word = readOpenWord(rest);
    rest = rest.slice(word.raw.length);
    if (rest === '') return { before, current: word };
    if (!isTarget) before.push(word.text);
    isTarget = false;
    rest = rest.replace(/^[\s|&;()]+/, '');
  }
  return { before, current: NO_WORD };
}

/** The text of a piece of a word, for instance of what bash has split off before the cursor. */
export function readOpenWord(text: string): OpenWord {
  const word: { raw: string; text: string; quote: OpenWord['quote'] } = { ...NO_WORD };
  let index = 0;
  for (; index < text.length; index++) {
    const letter = text.charAt(index);
    if (word.quote === '' && /[\s|&;()<>]/.test(letter)) break;
    if (letter === word.quote) word.quote = '';
    else if (word.quote === '' && (letter === "'" || letter === '"')) word.quote = letter;
    else if (letter === '\\' && isEscape(word.quote, text.charAt(index + 1))) {
      index++;
      word.text += text.charAt(index);
    } else word.text += letter;
  }
  return { ...word, raw: text.slice(0, index) };
}

function isEscape(quote: OpenWord['quote'], next: string): boolean {
  return quote === '' || (quote === '"' && '$`"\\\n'.includes(next));
}
