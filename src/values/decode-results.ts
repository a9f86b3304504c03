import type { LuauTable, LuauValue } from './luau-value.ts';
import { MARK, MalformedTag, readTag } from './read-tag.ts';

const SHARED = `${MARK}shared`;
const VALUE = `${MARK}value`;
const LIST = `${MARK}list`;
const METATABLE = `${MARK}metatable`;

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * The Luau values behind the results of a script that was run with `--encode-results`, one for each; the tags are those
 * of docs/values.md. Tables that are one table in Luau are one object here, so there may be circles. JSON without tags is
 * the value that it looks like, with null as `nil`. Throws TypeError where a tag contradicts itself, and for what is no
 * JSON; whatever the input, the time and the memory that it takes grow with its size alone.
 */
export function decodeResults(results: readonly unknown[]): LuauValue[] {
  const holders = results.filter((result) => isObject(result) && Object.hasOwn(result, SHARED));
  if (holders.length > 1) throw new TypeError('more than one result holds the shared values');
  const [holder] = holders;
  try {
    const decoder = new Decoder(isObject(holder) ? readHolder(holder) : []);
    const values = results.map((result) =>
      decoder.decode(isObject(result) && result === holder ? result[VALUE] : result),
    );
    decoder.fillTables();
    return values;
  } catch (error) {
    if (error instanceof MalformedTag) throw new TypeError(error.message, { cause: error });
    throw error;
  }
}

/** Whether anything in the results stands for something else. Without that, they are plain JSON. */
export function hasTags(results: readonly unknown[]): boolean {
  const waiting: unknown[] = [...results];
  for (let value = waiting.pop(); value !== undefined; value = waiting.pop()) {
    if (typeof value === 'string' && value.startsWith(MARK)) return true;
    if (Array.isArray(value)) pushAll(waiting, value);
    else if (isObject(value)) {
      if (Object.keys(value).some((key) => key.startsWith(MARK))) return true;
      pushAll(waiting, Object.values(value));
    }
  }
  return false;
}

interface OpenTable extends LuauTable {
  entries: Map<LuauValue, LuauValue>;
  hasMetatable: boolean;
}

/** Makes each table when it is first met and fills it later, so that neither depth nor a circle matters. */
class Decoder {
  readonly #shared: LuauValue[] = [];
  readonly #unfilled: { table: OpenTable; json: readonly unknown[] | JsonObject }[] = [];

  constructor(nodes: readonly unknown[]) {
    for (const node of nodes) this.#shared.push(this.decode(node));
  }

  decode(json: unknown): LuauValue {
    if (json === null || typeof json === 'boolean' || typeof json === 'number') return json;
    if (typeof json === 'string') return readTag(json, this.#lookUp);
    if (!isContainer(json)) throw new MalformedTag('this is no JSON');
    const table: OpenTable = { kind: 'table', entries: new Map(), hasMetatable: false };
    this.#unfilled.push({ table, json });
    return table;
  }

  fillTables(): void {
    for (let next = this.#unfilled.pop(); next; next = this.#unfilled.pop()) {
      const { table, json } = next;
      if (isArray(json)) this.#fillList(table, json);
      else this.#fillFields(table, json);
    }
  }

  readonly #lookUp = (number: number): LuauValue => {
    const value = this.#shared[number - 1];
    if (value === undefined) throw new MalformedTag(`there is no shared value ${number}`);
    return value;
  };

  #fillList(table: OpenTable, list: readonly unknown[]): void {
    for (const [index, json] of list.entries()) this.#put(table, index + 1, json);
  }

  #fillFields(table: OpenTable, fields: JsonObject): void {
    const list = Object.hasOwn(fields, LIST) ? fields[LIST] : [];
    if (!isArray(list)) throw new MalformedTag(`${LIST} is no list`);
    this.#fillList(table, list);
    table.hasMetatable = Object.hasOwn(fields, METATABLE);
    for (const [name, json] of Object.entries(fields)) {
      if (name !== LIST && name !== METATABLE) this.#put(table, readTag(name, this.#lookUp), json);
    }
  }

  #put({ entries }: OpenTable, key: LuauValue, json: unknown): void {
    const value = this.decode(json);
    if (key === null || Number.isNaN(key)) throw new MalformedTag('neither nil nor nan can be a key');
    if (entries.has(key)) throw new MalformedTag('a table has one key twice');
    if (value !== null) entries.set(key, value);
  }
}

function readHolder(holder: JsonObject): readonly unknown[] {
  const nodes = holder[SHARED];
  if (!isArray(nodes) || !Object.hasOwn(holder, VALUE)) throw new MalformedTag(`${SHARED} is no list`);
  return nodes;
}

function isArray(value: unknown): value is readonly unknown[] {
  return Array.isArray(value);
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isContainer(value: unknown): value is readonly unknown[] | JsonObject {
  return typeof value === 'object' && value !== null;
}

/** Spreading a long list would overflow the stack. */
function pushAll(to: unknown[], values: readonly unknown[]): void {
  for (const value of values) to.push(value);
}
