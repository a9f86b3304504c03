import fc from 'fast-check';
import type { LuauValue } from '../../src/values/luau-value.ts';

// Luau values as a description, as the statements that make them in Luau, and as the values that decoding should give.
// Tables and buffers are nodes, to which values refer by number, so circles and shared values come by themselves.

export type Scalar =
  | { type: 'nil' }
  | { type: 'boolean'; value: boolean }
  | { type: 'number'; value: number }
  | { type: 'string'; bytes: Uint8Array }
  | { type: 'vector'; numbers: readonly [number, number, number] };
export type Reference = { type: 'node'; node: number };
export type Value = Scalar | Reference;

export type Node =
  | { type: 'buffer'; bytes: Uint8Array }
  | {
      type: 'table';
      /** What a constructor puts at 1, 2, 3 …; nil is a hole. */
      list: readonly Value[];
      fields: readonly { key: Value; value: Value }[];
      hasMetatable: boolean;
    };

export interface Graph {
  nodes: readonly Node[];
  results: readonly Value[];
}

const ODD_NUMBERS = [
  ...[
    0,
    -0,
    1,
    -1,
    0.1,
    0.5,
    1 / 3,
    1e-5,
    9.999e-6,
    2 ** 53,
    2 ** 53 + 2,
    -(2 ** 53),
    2 ** 63,
    1e15,
    1e21,
    1e22,
  ],
  ...[
    1.5, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 4.35, 123456789.12345678, 1e300, 12, 3, 2.5,
  ],
  ...[Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.NaN],
];
const ODD_STRINGS = [
  ...[
    '',
    '$luau:',
    '$luau:nan',
    '$luau:list',
    '$luau:shared',
    '$luau',
    '$',
    '__proto__',
    'constructor',
    '\0',
    '1',
  ],
  ...['\u2028\u202e\ufeff', '🎮', 'nil', '"\\\n\r\t\x1b', 'n'],
];

const numbers = fc.oneof(
  fc.constantFrom(...ODD_NUMBERS),
  fc.double(),
  fc.integer({ min: -20, max: 20 }),
  fc.maxSafeInteger(),
  fc.float().map((value) => value),
);
const byteStrings = fc.oneof(
  fc.constantFrom(...ODD_STRINGS).map((text) => new Uint8Array(Buffer.from(text))),
  fc.string({ unit: 'binary' }).map((text) => new Uint8Array(Buffer.from(text))),
  fc.uint8Array({ maxLength: 12 }),
);
const scalars: fc.Arbitrary<Scalar> = fc.oneof(
  fc.boolean().map((value) => ({ type: 'boolean' as const, value })),
  numbers.map((value) => ({ type: 'number' as const, value })),
  byteStrings.map((bytes) => ({ type: 'string' as const, bytes })),
  fc
    .tuple(fc.float(), fc.float(), fc.float())
    .map((triple) => ({ type: 'vector' as const, numbers: triple })),
);

const MOST_NODES = 12;
const references: fc.Arbitrary<Reference> = fc
  .nat({ max: MOST_NODES - 1 })
  .map((node) => ({ type: 'node' as const, node }));
const values: fc.Arbitrary<Value> = fc.oneof(
  { arbitrary: scalars, weight: 3 },
  { arbitrary: references, weight: 2 },
);
const valuesAndNil = fc.oneof(
  { arbitrary: values, weight: 6 },
  { arbitrary: fc.constant<Value>({ type: 'nil' }), weight: 1 },
);
const nodes: fc.Arbitrary<Node> = fc.oneof(
  {
    arbitrary: fc.uint8Array({ maxLength: 40 }).map((bytes) => ({ type: 'buffer' as const, bytes })),
    weight: 1,
  },
  {
    arbitrary: fc.record({
      type: fc.constant('table' as const),
      list: fc.array(valuesAndNil, { maxLength: 4 }),
      fields: fc.array(fc.record({ key: values, value: values }), { maxLength: 4 }),
      hasMetatable: fc.boolean(),
    }),
    weight: 4,
  },
);

export const graphs: fc.Arbitrary<Graph> = fc
  .record({
    nodes: fc.array(nodes, { minLength: MOST_NODES, maxLength: MOST_NODES }),
    results: fc.array(valuesAndNil, { maxLength: 6 }),
  })
  .map(markKeys);

/** Tables and buffers that are keys get something of their own, by which those who compare can put them in order. */
function markKeys(graph: Graph): Graph {
  const keys = graph.nodes.flatMap((node) =>
    node.type === 'table' ? node.fields.map(({ key }) => key) : [],
  );
  const used = new Set(keys.map((key) => (key.type === 'node' ? key.node : -1)));
  const marked = graph.nodes.map((node, index): Node => {
    if (!used.has(index)) return node;
    if (node.type === 'buffer') return { ...node, bytes: Uint8Array.of(...node.bytes, index) };
    const name = { type: 'string' as const, bytes: new Uint8Array(Buffer.from('id')) };
    return { ...node, fields: [...node.fields, { key: name, value: { type: 'number', value: index } }] };
  });
  return { ...graph, nodes: marked };
}

/** Each node hangs in the one before it, deeper than what is nested in JSON. */
export const chains: fc.Arbitrary<Graph> = fc.record({
  results: fc.constant<Value[]>([{ type: 'node', node: 0 }]),
  nodes: fc.array(values, { minLength: 30, maxLength: 200 }).map((held) =>
    held.map((value, index): Node => {
      const next: Value = index === held.length - 1 ? { type: 'nil' } : { type: 'node', node: index + 1 };
      const isList = index % 3 === 0;
      const fields = isList ? [] : [{ key: { type: 'boolean' as const, value: true }, value: next }];
      return { type: 'table', list: isList ? [value, next] : [value], fields, hasMetatable: false };
    }),
  ),
});

/** A script that returns the results. What a number or a string is made of are its bytes, so no reader of literals matters. */
export function writeScript({ nodes, results }: Graph): string {
  const lines = ['local d, n = function(bytes) return (string.unpack("<d", bytes)) end, {}'];
  for (const [index, node] of nodes.entries()) {
    if (node.type === 'buffer') lines.push(`n[${index}] = buffer.fromstring(${writeBytes(node.bytes)})`);
    else lines.push(`n[${index}] = ${node.hasMetatable ? 'setmetatable({}, {})' : '{}'}`);
  }
  for (const [index, node] of nodes.entries()) {
    if (node.type === 'buffer') continue;
    for (const [at, value] of node.list.entries())
      lines.push(`n[${index}][${at + 1}] = ${writeValue(value)}`);
    for (const { key, value } of node.fields) {
      if (canBeKey(key)) lines.push(`n[${index}][${writeValue(key)}] = ${writeValue(value)}`);
    }
  }
  return `${lines.join('\n')}\nreturn ${results.map(writeValue).join(', ')}`;
}

function canBeKey(key: Value): boolean {
  if (key.type === 'vector') return !key.numbers.some(Number.isNaN);
  return key.type !== 'nil' && !(key.type === 'number' && Number.isNaN(key.value));
}

function writeValue(value: Value): string {
  switch (value.type) {
    case 'nil':
      return 'nil';
    case 'boolean':
      return String(value.value);
    case 'number':
      return writeNumber(value.value);
    case 'string':
      return writeBytes(value.bytes);
    case 'vector':
      return `vector.create(${value.numbers.map(writeNumber).join(', ')})`;
    case 'node':
      return `n[${value.node}]`;
  }
}

function writeNumber(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return `d(${writeBytes(bytes)})`;
}

function writeBytes(bytes: Uint8Array): string {
  return `"${Array.from(bytes, (byte) => `\\x${byte.toString(16).padStart(2, '0')}`).join('')}"`;
}

/** What decoding should give. */
export function describeResults({ nodes, results }: Graph): LuauValue[] {
  const made = nodes.map((node) =>
    node.type === 'buffer'
      ? { kind: 'buffer' as const, bytes: node.bytes }
      : { kind: 'table' as const, entries: new Map<LuauValue, LuauValue>(), hasMetatable: node.hasMetatable },
  );
  const resolveValue = (value: Value): LuauValue => {
    if (value.type === 'node') return made[value.node] ?? null;
    return describeScalar(value);
  };
  for (const [index, node] of nodes.entries()) {
    const table = made[index];
    if (node.type === 'buffer' || table?.kind !== 'table') continue;
    const byText = new Map<string, LuauValue>();
    const put = (key: Value, value: Value) => {
      // Keys that are equal in Luau and would be two objects here.
      const text = JSON.stringify(key.type === 'node' ? key : [key.type, writeKey(key)]);
      const known = byText.get(text) ?? resolveValue(key);
      byText.set(text, known);
      const held = resolveValue(value);
      if (held === null) table.entries.delete(known);
      else table.entries.set(known, held);
    };
    for (const [at, value] of node.list.entries()) put({ type: 'number', value: at + 1 }, value);
    for (const { key, value } of node.fields) if (canBeKey(key)) put(key, value);
  }
  return results.map(resolveValue);
}

/** Zero and minus zero are one key. */
function writeKey(key: Scalar): string {
  if (key.type === 'number') return writeNumber(key.value + 0);
  if (key.type === 'vector') return key.numbers.map((value) => writeNumber(value + 0)).join();
  return writeValue(key);
}

function describeScalar(value: Scalar): LuauValue {
  switch (value.type) {
    case 'nil':
      return null;
    case 'boolean':
    case 'number':
      return value.value;
    case 'string': {
      const text = Buffer.from(value.bytes).toString('utf8');
      const isText = Buffer.from(text).equals(Buffer.from(value.bytes));
      return isText && !text.includes('\0') ? text : { kind: 'bytes', bytes: value.bytes };
    }
    case 'vector': {
      const [x, y, z] = value.numbers;
      return { kind: 'vector', x, y, z };
    }
  }
}
