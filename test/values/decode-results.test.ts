import { describe, expect, test } from 'vitest';
import { decodeResults, hasTags } from '../../src/values/decode-results.ts';
import type { LuauTable, LuauValue } from '../../src/values/luau-value.ts';

const table = (entries: [LuauValue, LuauValue][], hasMetatable = false): LuauTable => ({
  kind: 'table',
  entries: new Map(entries),
  hasMetatable,
});

describe('one value', () => {
  test.each<[unknown, LuauValue]>([
    [null, null],
    [true, true],
    [1.5, 1.5],
    ['text', 'text'],
    ['$luau', '$luau'],
    [[], table([])],
    [{}, table([])],
    [
      [1, [2]],
      table([
        [1, 1],
        [2, table([[1, 2]])],
      ]),
    ],
    [{ a: { b: 'c' } }, table([['a', table([['b', 'c']])]])],
    [
      [1, null, 3, '$luau:nil'],
      table([
        [1, 1],
        [3, 3],
      ]),
    ],
    ['$luau:nil', null],
    ['$luau:false', false],
    ['$luau:nan', Number.NaN],
    ['$luau:inf', Number.POSITIVE_INFINITY],
    ['$luau:-inf', Number.NEGATIVE_INFINITY],
    ['$luau:-0', -0],
    ['$luau:5e-324', 5e-324],
    ['$luau:1e+300', 1e300],
    ['$luau:string:$luau:nan', '$luau:nan'],
    ['$luau:bytes:/wA=', { kind: 'bytes', bytes: new Uint8Array([255, 0]) }],
    ['$luau:buffer:', { kind: 'buffer', bytes: new Uint8Array() }],
    ['$luau:vector:1,-0,nan', { kind: 'vector', x: 1, y: -0, z: Number.NaN }],
    ['$luau:function', { kind: 'opaque', type: 'function', className: null, text: null }],
    ['$luau:function:f', { kind: 'opaque', type: 'function', className: null, text: 'f' }],
    ['$luau:CFrame:0, 0, 1', { kind: 'opaque', type: 'CFrame', className: null, text: '0, 0, 1' }],
    [
      '$luau:Instance:Part:Workspace.a:b',
      { kind: 'opaque', type: 'Instance', className: 'Part', text: 'Workspace.a:b' },
    ],
    ['$luau:Instance:DataModel', { kind: 'opaque', type: 'Instance', className: 'DataModel', text: null }],
    ['$luau:integer:12', { kind: 'opaque', type: 'integer', className: null, text: '12' }],
    [
      { '$luau:list': [1, 2], '$luau:5': 3, '$luau:true': 4, n: 5 },
      table([
        [1, 1],
        [2, 2],
        [5, 3],
        [true, 4],
        ['n', 5],
      ]),
    ],
    [{ '$luau:metatable': true, '$luau:string:$luau:list': 1 }, table([['$luau:list', 1]], true)],
    [
      JSON.parse('{"__proto__":{"x":1},"constructor":2}'),
      table([
        ['__proto__', table([['x', 1]])],
        ['constructor', 2],
      ]),
    ],
  ])('%j', (json, value) => {
    expect(decodeResults([json])).toEqual([value]);
  });
});

describe('what is shared', () => {
  test('is one object, in whichever result it stands', () => {
    const [first, second] = decodeResults([
      '$luau:ref:1',
      {
        '$luau:shared': [{ me: '$luau:ref:1', b: '$luau:ref:2' }, '$luau:buffer:YQ=='],
        '$luau:value': ['$luau:ref:1'],
      },
    ]);
    if (!isTable(first) || !isTable(second)) throw new Error('no tables');
    expect(second.entries.get(1)).toBe(first);
    expect(first.entries.get('me')).toBe(first);
    expect(first.entries.get('b')).toEqual({ kind: 'buffer', bytes: new Uint8Array([97]) });
  });

  test('can be a key', () => {
    const [value] = decodeResults([
      { '$luau:shared': [['k']], '$luau:value': { '$luau:ref:1': '$luau:ref:1' } },
    ]);
    if (!isTable(value)) throw new Error('no table');
    const [[key, held] = []] = [...value.entries];
    expect(key).toBe(held);
    expect(key).toEqual(table([[1, 'k']]));
  });
});

describe('what contradicts itself is a TypeError', () => {
  test.each<[unknown]>([
    ['$luau:'],
    ['$luau:0x10'],
    ['$luau:1,5'],
    ['$luau: 1'],
    ['$luau:-nan'],
    ['$luau:string'],
    ['$luau:list'],
    ['$luau:shared'],
    ['$luau:bytes:/w'],
    ['$luau:bytes:/x=='],
    ['$luau:bytes:!'],
    ['$luau:vector:1,2'],
    ['$luau:vector:1,2,3,4'],
    ['$luau:vector:1,2,x'],
    ['$luau:ref:1'],
    ['$luau:ref:01'],
    ['$luau:ref:1e9'],
    [{ '$luau:nil': 1 }],
    [{ '$luau:nan': 1 }],
    [{ '$luau:list': {} }],
    [{ '$luau:list': [1], '$luau:1': 2 }],
    [{ '$luau:value': 1 }],
    [{ '$luau:shared': {}, '$luau:value': 1 }],
    [{ '$luau:shared': [] }],
    [{ '$luau:shared': ['$luau:ref:1'], '$luau:value': 1 }],
    [[{ '$luau:shared': [], '$luau:value': 1 }]],
    [undefined],
    [() => 1],
  ])('%j', (json) => {
    expect(() => decodeResults([json])).toThrow(TypeError);
  });

  test('two lists of shared values', () => {
    const holder = { '$luau:shared': [], '$luau:value': 1 };
    expect(() => decodeResults([holder, { ...holder }])).toThrow(TypeError);
  });
});

describe('hostile results', () => {
  test('may be nested as deep as memory allows', () => {
    let deep: unknown = 1;
    for (let depth = 0; depth < 200_000; depth++) deep = [deep];
    let [at] = decodeResults([deep]);
    let depth = 0;
    for (; isTable(at); depth++) at = at.entries.get(1);
    expect(depth).toBe(200_000);
    expect(hasTags([deep])).toBe(false);
  });

  test('change nothing of JavaScript', () => {
    decodeResults([JSON.parse('{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}')]);
    expect('polluted' in {}).toBe(false);
  });

  test('do not multiply', () => {
    const nodes = Array.from({ length: 100 }, (_, index) =>
      Array(10).fill(`$luau:ref:${Math.min(index + 2, 100)}`),
    );
    const [value] = decodeResults([{ '$luau:shared': nodes, '$luau:value': '$luau:ref:1' }]);
    expect(isTable(value) && value.entries.size).toBe(10);
  });
});

test.each<[unknown, boolean]>([
  [1, false],
  ['$luau', false],
  ['x$luau:nan', false],
  [{ a: ['b', { c: null }] }, false],
  ['$luau:nan', true],
  [[[{ a: '$luau:nil' }]], true],
  [[{ '$luau:5': 1 }], true],
])('tags are seen in %j: %s', (json, isThere) => {
  expect(hasTags([0, json, 0])).toBe(isThere);
});

function isTable(value: LuauValue | undefined): value is LuauTable {
  return typeof value === 'object' && value !== null && value.kind === 'table';
}
