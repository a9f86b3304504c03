const ESCAPES: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};
const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u\{([0-9a-fA-F]+)\}|(\d{1,3})|z[ \t\r\n\v\f]*|(\r\n|[\s\S]))/g;
const LONG_BRACKET = /^\[(=*)\[(?:\r?\n)?/;
const HIGHEST_CODE_POINT = 0x10ffff;

/**
 * The value of a string literal, quotes and brackets included in `literal`. Null where it is no valid literal, or where
 * its bytes are not UTF-8 text.
 */
export function parseStringLiteral(literal: string): string | null {
  const bracket = LONG_BRACKET.exec(literal);
  if (bracket)
    return literal.slice(bracket[0].length, -(bracket[1] ?? '').length - 2).replaceAll('\r\n', '\n');
  let isValid = true;
  // Escapes give bytes, so everything is put together as bytes.
  const bytes = Buffer.from(literal.slice(1, -1), 'utf8').toString('latin1');
  const value = bytes.replace(ESCAPE, (_whole, hex, codePoint, decimal, character) => {
    if (hex !== undefined || decimal !== undefined) {
      const byte = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
      isValid &&= byte <= 0xff;
      return String.fromCharCode(byte);
    }
    if (codePoint !== undefined) {
      const code = Number.parseInt(codePoint, 16);
      isValid &&= code <= HIGHEST_CODE_POINT;
      return isValid ? Buffer.from(String.fromCodePoint(code), 'utf8').toString('latin1') : '';
    }
    if (character === undefined) return '';
    if (character === '\r\n') return '\n';
    isValid &&= !/[xu]/.test(character);
    return ESCAPES[character] ?? character;
  });
  if (!isValid) return null;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(Buffer.from(value, 'latin1'));
  } catch {
    return null;
  }
}
