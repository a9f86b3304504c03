import type { LuauOpaque, LuauValue } from './luau-value.ts';

/** What begins every text of JSON that stands for something else. */
export const MARK = '$luau:';

/** A number as Luau's `tostring` writes it. */
const NUMBER = /^-?(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|inf)$|^nan$/;
/** Tags that say nothing by themselves. */
const NO_VALUES: ReadonlySet<string> = new Set(
  'string bytes buffer vector ref list metatable shared value'.split(' '),
);

/** A tag that contradicts itself; whoever reads it knows where it stands. */
export class MalformedTag extends Error {
  override readonly name = 'MalformedTag';
}

/**
 * The value behind a text of JSON, without what is shared: for `ref` that is what `lookUp` gives. Throws MalformedTag,
 * as `lookUp` may.
 */
export function readTag(text: string, lookUp: (number: number) => LuauValue): LuauValue {
  if (!text.startsWith(MARK)) return text;
  const tag = text.slice(MARK.length);
  const colon = tag.indexOf(':');
  const kind = colon === -1 ? tag : tag.slice(0, colon);
  const rest = colon === -1 ? null : tag.slice(colon + 1);
  if (rest === null) return readWord(kind);
  switch (kind) {
    case 'string':
      return rest;
    case 'bytes':
    case 'buffer':
      return { kind, bytes: readBase64(rest) };
    case 'vector':
      return readVector(rest);
    case 'ref':
      if (!/^[1-9]\d{0,8}$/.test(rest))
        throw new MalformedTag(`${quote(rest)} is no number of a shared value`);
      return lookUp(Number(rest));
    default:
      return readOpaque(kind, rest);
  }
}

function readWord(word: string): LuauValue {
  if (word === 'nil') return null;
  if (word === 'true' || word === 'false') return word === 'true';
  if (NUMBER.test(word)) return readNumber(word);
  if (/^[A-Za-z]\w*$/.test(word) && !NO_VALUES.has(word)) return createOpaque(word, null);
  throw new MalformedTag(`${quote(word)} is no tag`);
}

function readNumber(text: string): number {
  if (!NUMBER.test(text)) throw new MalformedTag(`${quote(text)} is no number`);
  return text.endsWith('inf') ? Number(text.replace('inf', 'Infinity')) : Number(text);
}

function readBase64(text: string): Uint8Array {
  const bytes = Buffer.from(text, 'base64');
  // Only the canonical form, so that two texts are never the same bytes.
  if (bytes.toString('base64') !== text) throw new MalformedTag(`${quote(text)} is not base64`);
  return new Uint8Array(bytes);
}

function readVector(text: string): LuauValue {
  const [x, y, z, ...more] = text.split(',', 4).map(readNumber);
  if (x === undefined || y === undefined || z === undefined || more.length > 0)
    throw new MalformedTag(`${quote(text)} is no vector`);
  return { kind: 'vector', x, y, z };
}

/** `Instance:CLASS:NAME`, else `TYPE:TEXT`. Luau and Roblox may have types that are not known here. */
function readOpaque(type: string, text: string): LuauOpaque {
  if (type !== 'Instance') return createOpaque(type, text);
  const colon = text.indexOf(':');
  const className = colon === -1 ? text : text.slice(0, colon);
  return { kind: 'opaque', type, className, text: colon === -1 ? null : text.slice(colon + 1) };
}

function createOpaque(type: string, text: string | null): LuauOpaque {
  return { kind: 'opaque', type, className: null, text };
}

function quote(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
