import type { LuauBuffer, LuauTable, LuauValue } from '../../src/values/luau-value.ts';

/**
 * One text for all results that are the same in Luau, bit by bit and with the same identities: two lists of results are
 * alike exactly where their forms are. Tables get numbers in the order in which they are met, and entries are ordered by
 * what their keys hold.
 */
export function formOf(results: readonly LuauValue[]): string {
  return new Form().write(results);
}

class Form {
  readonly #numbers = new Map<LuauTable | LuauBuffer, number>();
  /** Tables and buffers in the order of their numbers; what they hold is written behind the results. */
  readonly #met: (LuauTable | LuauBuffer)[] = [];

  write(results: readonly LuauValue[]): string {
    const lines = [results.map((value) => this.#refer(value)).join(', ')];
    for (const value of this.#met) lines.push(this.#writeNode(value));
    return lines.join('\n');
  }

  #refer(value: LuauValue): string {
    if (!isNode(value)) return writeScalar(value);
    const known = this.#numbers.get(value);
    if (known !== undefined) return `#${known}`;
    this.#numbers.set(value, this.#met.length);
    this.#met.push(value);
    return `#${this.#met.length - 1}`;
  }

  #writeNode(value: LuauTable | LuauBuffer): string {
    if (value.kind === 'buffer') return `buffer ${Buffer.from(value.bytes).toString('hex')}`;
    const entries = [...value.entries].map(([key, held]) => ({ key, held, rank: shapeOf(key) }));
    entries.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
    const texts = entries.map(({ key, held }) => `${this.#refer(key)}=${this.#refer(held)}`);
    return `${value.hasMetatable ? 'meta ' : ''}{${texts.join(', ')}}`;
  }
}

const DEEPEST_SHAPE = 6;

/** What a key looks like from outside, to some depth: identity has no order. */
function shapeOf(value: LuauValue, depth = 0): string {
  if (!isNode(value)) return writeScalar(value);
  if (value.kind === 'buffer') return `buffer ${Buffer.from(value.bytes).toString('hex')}`;
  if (depth >= DEEPEST_SHAPE) return `table of ${value.entries.size}`;
  const entries = [...value.entries].map(
    ([key, held]) => `${shapeOf(key, depth + 2)}=${shapeOf(held, depth + 1)}`,
  );
  return `${value.hasMetatable ? 'meta ' : ''}{${entries.sort().join(', ')}}`;
}

function isNode(value: LuauValue): value is LuauTable | LuauBuffer {
  return typeof value === 'object' && value !== null && (value.kind === 'table' || value.kind === 'buffer');
}

function writeScalar(value: Exclude<LuauValue, LuauTable | LuauBuffer>): string {
  if (value === null) return 'nil';
  if (typeof value === 'number') return `n${hexOf(value)}`;
  if (typeof value !== 'object') return JSON.stringify(value);
  if (value.kind === 'bytes') return `bytes ${Buffer.from(value.bytes).toString('hex')}`;
  if (value.kind === 'vector') return `vector ${[value.x, value.y, value.z].map(hexOf).join()}`;
  return JSON.stringify(value);
}

/** All of them are one NaN. */
function hexOf(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value);
  return Number.isNaN(value) ? 'nan' : bytes.toString('hex');
}
