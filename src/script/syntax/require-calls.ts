import { parseStringLiteral } from './string-value.ts';
import type { TokenCursor } from './token-cursor.ts';

/** One use of the global `require`. */
export interface RequireCall {
  /** Of the word `require`. */
  offset: number;
  /** The path, where it is a string that stands there as such; else null. */
  path: string | null;
  /** The use as it is written, for people. */
  text: string;
  /** True inside a function or a block: it may run when the module is there already, or never. */
  isDeferred: boolean;
  /**
   * True for `pcall(require, "…")`, and in a file that sets the global `require` itself: that there is no such module is
   * then the script's own business.
   */
  isOptional: boolean;
}

const STRINGS = /^<(?:string|interpolated)>$/;
const MOST_CHARACTERS = 80;

/** Looks at the use of `require` that the cursor stands on, and leaves the cursor there. */
export function findRequire(cursor: TokenCursor, isDeferred: boolean): RequireCall {
  const base = { offset: cursor.start(), isDeferred, isOptional: false };
  const literal = findArgument(cursor);
  if (literal !== null) {
    return { ...base, path: parseStringLiteral(cursor.text(literal.at)), text: textOf(cursor, literal.end) };
  }
  if (isProtected(cursor)) {
    const text = `pcall(${textOf(cursor, 3)}`;
    return { ...base, path: parseStringLiteral(cursor.text(2)), text, isOptional: true };
  }
  return { ...base, path: null, text: textOf(cursor, cursor.peek(1) === '(' ? findClosing(cursor) : 0) };
}

/** How far ahead the literal lies in `require"x"`, `require("x")` or `require(("x"))`, and the last token of the call. */
function findArgument(cursor: TokenCursor): { at: number; end: number } | null {
  let open = 0;
  while (cursor.peek(open + 1) === '(') open++;
  const at = open + 1;
  if (!STRINGS.test(cursor.peek(at))) return null;
  for (let close = 1; close <= open; close++) if (cursor.peek(at + close) !== ')') return null;
  return { at, end: at + open };
}

/** `pcall(require, "x")` with the cursor on `require`. */
function isProtected(cursor: TokenCursor): boolean {
  return (
    cursor.isWord('pcall', -2) &&
    cursor.peek(-1) === '(' &&
    cursor.peek(1) === ',' &&
    STRINGS.test(cursor.peek(2)) &&
    cursor.peek(3) === ')'
  );
}

/** Distance of the parenthesis that closes the one after `require`, or of a token behind all that is shown. */
function findClosing(cursor: TokenCursor): number {
  let depth = 0;
  for (let distance = 1; distance <= MOST_CHARACTERS; distance++) {
    if (cursor.peek(distance) === '<eof>') return 0;
    if (cursor.peek(distance) === '(') depth++;
    else if (cursor.peek(distance) === ')' && --depth === 0) return distance;
  }
  return MOST_CHARACTERS;
}

/** Not cut in the middle: half of an API key would pass the redactor, which knows the whole key. */
function textOf(cursor: TokenCursor, lastDistance: number): string {
  const text = cursor.tokens.source.slice(cursor.start(), cursor.end(lastDistance)).replace(/\s+/g, ' ');
  return text.length > MOST_CHARACTERS ? 'require(…)' : text;
}
