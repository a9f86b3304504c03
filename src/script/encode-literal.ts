import { isUtf8 } from 'node:buffer';
import { LuauExecError } from '../errors.ts';
import { lex } from './syntax/lexer.ts';

/** What JSON.parse makes. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** Part of a literal, and how many registers a function needs while it puts that part together. */
interface Piece {
  source: string;
  registers: number;
}

const LONGEST_NESTING = 1_000;
/**
 * Luau gives a function 255 registers (kMaxRegisterCount in its Compiler.cpp), and all tables that are open at one point
 * share them. What is left is for the code around a literal.
 */
const MOST_REGISTERS = 100;
/** Luau takes up the elements of an array in groups of this many, each in a register of its own. */
const ARRAY_GROUP = 16;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** What ends a string or a line, in some editor at least, what turns text around, and what UTF-8 cannot hold. */
const UNSAFE = /["\\\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_C}\ufeff]/gu;
/** In a byte string: the bytes of one character beyond ASCII, or what may be that, or a byte that is not. */
const UNSAFE_BYTES =
  /[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}|[\x80-\xff]|["\\\p{Cc}]/gu;
const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/**
 * One line of Luau, an expression, with the value of the JSON value. A null is `nil`: a hole in an array, and no key at
 * all in an object. Throws LX018 when tables are nested deeper than 1,000 levels; `title` is what the error calls the
 * value.
 */
export function encodeLuauValue(value: JsonValue, title = 'the value'): string {
  return new LiteralEncoder(title).encode(value);
}

/** A string literal on one line. Lone surrogates become the three bytes that UTF-8 would have for them. */
export function encodeLuauString(text: string): string {
  return `"${escapeText(text)}"`;
}

/** A string literal of these bytes, on one line. What is UTF-8 among them stays readable. */
export function encodeLuauBytes(bytes: Uint8Array): string {
  const byteString = Buffer.from(bytes).toString('latin1');
  return `"${byteString.replace(UNSAFE_BYTES, escapeBytes)}"`;
}

/** The key of a table constructor with its equals sign: `name=` or `["any text"]=`. */
export function encodeLuauKey(key: string): string {
  return isName(key) ? `${key}=` : `[${encodeLuauString(key)}]=`;
}

/** Puts one value together from the inside out. */
class LiteralEncoder {
  readonly #title: string;
  /** Tables that would need too many registers where they belong; each may hold those before it. */
  readonly #hoisted: string[] = [];

  constructor(title: string) {
    this.#title = title;
  }

  encode(value: JsonValue): string {
    const { source } = this.#encodePiece(value, 1);
    if (this.#hoisted.length === 0) return source;
    return `(function() local t={} ${this.#hoisted.join(' ')} return ${source} end)()`;
  }

  #encodePiece(value: JsonValue, level: number): Piece {
    if (typeof value === 'object' && value !== null) {
      if (level > LONGEST_NESTING) throw this.#tooDeep();
      return Array.isArray(value) ? this.#encodeArray(value, level) : this.#encodeObject(value, level);
    }
    if (typeof value === 'string') return { source: encodeLuauString(value), registers: 1 };
    if (typeof value === 'number') return { source: encodeNumber(value), registers: 1 };
    return { source: value === null ? 'nil' : String(value), registers: 1 };
  }

  #encodeArray(values: readonly JsonValue[], level: number): Piece {
    const registers = 1 + Math.min(ARRAY_GROUP, values.length);
    const fields = values.map((value) => ({ key: '', piece: this.#encodePiece(value, level + 1) }));
    return this.#joinFields(fields, registers);
  }

  #encodeObject(values: { [key: string]: JsonValue }, level: number): Piece {
    const fields = Object.entries(values)
      .filter(([, value]) => value !== null)
      .map(([key, value]) => ({ key: encodeLuauKey(key), piece: this.#encodePiece(value, level + 1) }));
    return this.#joinFields(fields, 2);
  }

  /** `registers` is what the table takes itself. */
  #joinFields(fields: readonly { key: string; piece: Piece }[], registers: number): Piece {
    let mostInside = 0;
    const sources = fields.map(({ key, piece }) => {
      const isTooLarge = registers + piece.registers > MOST_REGISTERS;
      const { source, registers: inside } = isTooLarge ? this.#hoist(piece) : piece;
      mostInside = Math.max(mostInside, inside);
      return key + source;
    });
    return { source: `{${sources.join(',')}}`, registers: registers + mostInside };
  }

  #hoist(piece: Piece): Piece {
    const name = `t[${this.#hoisted.length + 1}]`;
    this.#hoisted.push(`${name}=${piece.source}`);
    return { source: name, registers: 1 };
  }

  #tooDeep(): LuauExecError {
    return new LuauExecError(`${this.#title} is nested deeper than 1,000 levels`, {
      id: 'LX018',
      kind: 'usage',
      hint: 'make it flatter, or pass it as text and take it apart in the script',
    });
  }
}

function encodeNumber(value: number): string {
  if (Number.isNaN(value)) return '0/0';
  if (!Number.isFinite(value)) return value > 0 ? 'math.huge' : '-math.huge';
  return Object.is(value, -0) ? '-0' : String(value).replace('e+', 'e');
}

function isName(key: string): boolean {
  return IDENTIFIER.test(key) && lex(key).kinds[0] === '<name>';
}

function escapeText(text: string): string {
  return text.replace(UNSAFE, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  // `\x` stands for a byte, and a character beyond ASCII is more than one.
  return SHORT_ESCAPES.get(character) ?? (code < 0x80 ? escapeByte(code) : `\\u{${code.toString(16)}}`);
}

function escapeBytes(byteString: string): string {
  if (byteString.length === 1) {
    const byte = byteString.charCodeAt(0);
    return byte < 0x80 ? escapeCharacter(byteString) : escapeByte(byte);
  }
  const bytes = Buffer.from(byteString, 'latin1');
  return isUtf8(bytes) ? escapeText(bytes.toString('utf8')) : Array.from(bytes, escapeByte).join('');
}

/** Two digits always, so that a digit after it stays by itself. */
function escapeByte(byte: number): string {
  return `\\x${byte.toString(16).padStart(2, '0')}`;
}
