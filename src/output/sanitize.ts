/**
 * Everything that a terminal could obey or that a reader could not see: C0 and C1 controls, marks that reorder or
 * hide text, and lone surrogates. Kept are line feed and tab, the two joiners that emoji and some scripts need
 * (U+200C, U+200D), and the Arabic and Syriac signs that Unicode files under "format" although they are visible.
 * Unassigned characters count where Unicode has promised that they will be invisible.
 */
const UNPRINTABLE =
  /(?!\n|\t|\u200c|\u200d|[\u0600-\u0605\u06dd\u070f\u0890\u0891\u08e2])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?=\p{Cn})\p{DI}/gu;

/**
 * Remote text as a terminal may show it: printable characters, line feeds and tabs. Each other character becomes the
 * escape that Luau itself would read, so nothing disappears: `\x1b`, `\r`, `\u{202e}`. A Windows line end becomes a
 * plain one. The result can go through again unchanged.
 */
export function sanitize(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(UNPRINTABLE, formatEscape);
}

/** Like `sanitize`, and on one line: each line break, with the blanks around it, becomes one space. */
export function sanitizeLine(text: string): string {
  return sanitize(text)
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
}

/**
 * JSON text with the same characters written as `\uXXXX`. A reader of the JSON gets exactly the same strings, and a
 * terminal that it is printed on stays safe.
 */
export function escapeJsonText(json: string): string {
  return json.replace(UNPRINTABLE, (character) => {
    let escaped = '';
    for (let index = 0; index < character.length; index++) {
      escaped += `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`;
    }
    return escaped;
  });
}

function formatEscape(character: string): string {
  if (character === '\r') return '\\r';
  const hex = (character.codePointAt(0) ?? 0).toString(16);
  return hex.length > 2 ? `\\u{${hex}}` : `\\x${hex.padStart(2, '0')}`;
}
