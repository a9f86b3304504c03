import type { LuauOpaque, LuauValue } from '../values/luau-value.ts';
import { sanitize } from './sanitize.ts';
import type { Style } from './style.ts';

const MOST_BYTES_SHOWN = 32;
const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
const KEYWORDS: ReadonlySet<string> = new Set(
  'and break do else elseif end false for function if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);
const SHORT_ESCAPES: ReadonlyMap<string, string> = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
]);

/** A text and the function that colours it. */
export interface Word {
  text: string;
  paint: (text: string) => string;
}

/** A value that is no table, on one line. Only of a buffer not everything may be shown. */
export function formatScalar(value: Exclude<LuauValue, { kind: 'table' }>, style: Style): Word {
  if (value === null) return { text: 'nil', paint: style.dim };
  if (typeof value === 'string') return { text: quoteText(value), paint: style.green };
  if (typeof value === 'number') return { text: formatNumber(value), paint: style.yellow };
  if (typeof value === 'boolean') return { text: String(value), paint: style.magenta };
  switch (value.kind) {
    case 'bytes':
      return { text: quoteBytes(value.bytes), paint: style.green };
    case 'buffer':
      return { text: formatBuffer(value.bytes), paint: style.yellow };
    case 'vector': {
      const numbers = [value.x, value.y, value.z].map(formatSingle);
      return { text: `vector(${numbers.join(', ')})`, paint: style.yellow };
    }
    default:
      return { text: formatOpaque(value), paint: style.magenta };
  }
}

/** Whether a key can stand without brackets. */
export function isLuauName(key: LuauValue): key is string {
  return typeof key === 'string' && NAME.test(key) && !KEYWORDS.has(key);
}

function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** The fewest digits that lead to this number of single precision. */
function formatSingle(value: number): string {
  for (let digits = 1; digits <= 9 && Number.isFinite(value) && value !== 0; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return String(shorter);
  }
  return formatNumber(value);
}

function quoteText(text: string): string {
  const quoted = text.replace(/["\\\n\r\t]/g, (character) => SHORT_ESCAPES.get(character) ?? character);
  return `"${sanitize(quoted)}"`;
}

function quoteBytes(bytes: Uint8Array): string {
  const characters = Array.from(bytes, (byte) =>
    byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${formatByte(byte)}`,
  );
  return `"${characters.map((text) => SHORT_ESCAPES.get(text) ?? text).join('')}"`;
}

function formatBuffer(bytes: Uint8Array): string {
  const shown = Array.from(bytes.subarray(0, MOST_BYTES_SHOWN), formatByte);
  if (bytes.length > MOST_BYTES_SHOWN) shown.push('…');
  return [`buffer(${bytes.length} ${bytes.length === 1 ? 'byte' : 'bytes'})`, ...shown].join(' ');
}

function formatByte(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}

function formatOpaque({ type, className, text }: LuauOpaque): string {
  const known = [type, text, className === null ? null : `(${className})`];
  const words = known.filter((word) => word !== null).join(' ');
  return sanitize(words.replace(/[\n\r\t]/g, (character) => SHORT_ESCAPES.get(character) ?? character));
}
