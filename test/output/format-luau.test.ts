import { describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/open-cloud/task.ts';
import { formatLuau } from '../../src/output/format-luau.ts';
import { formatResultLines, formatResults } from '../../src/output/format-results.ts';
import { createStyle, plainStyle } from '../../src/output/style.ts';
import { decodeResults } from '../../src/values/decode-results.ts';

const format = (...results: JsonValue[]) => formatLuau(decodeResults(results), plainStyle);
const long = (letter: string) => letter.repeat(60);

describe('a value on one line', () => {
  test.each<[JsonValue, string]>([
    ['$luau:nil', 'nil'],
    [null, 'nil'],
    [true, 'true'],
    [1, '1'],
    ['$luau:nan', 'nan'],
    ['$luau:inf', 'inf'],
    ['$luau:-inf', '-inf'],
    ['$luau:-0', '-0'],
    ['$luau:1e+300', '1e+300'],
    ['a "b" \\ \n\r\t\x1b\u202e é🎮', '"a \\"b\\" \\\\ \\n\\r\\t\\x1b\\u{202e} é🎮"'],
    ['a\r\nb', '"a\\r\\nb"'],
    ['$luau:bytes:/wAiXGE=', '"\\xff\\x00\\"\\\\a"'],
    ['$luau:buffer:', 'buffer(0 bytes)'],
    ['$luau:buffer:AP8=', 'buffer(2 bytes) 00 ff'],
    ['$luau:buffer:YQ==', 'buffer(1 byte) 61'],
    [`$luau:buffer:${'AAAA'.repeat(11)}`, `buffer(33 bytes) ${'00 '.repeat(32)}…`],
    ['$luau:vector:1,0.10000000149011612,-0', 'vector(1, 0.1, -0)'],
    ['$luau:vector:nan,inf,16777216', 'vector(nan, inf, 16777216)'],
    [
      '$luau:vector:1.401298464324817e-45,3.4028234663852886e+38,0.3333333432674408',
      'vector(1e-45, 3.4028235e+38, 0.33333334)',
    ],
    ['$luau:function', 'function'],
    ['$luau:function:f', 'function f'],
    ['$luau:Instance:Part:Workspace.Part', 'Instance Workspace.Part (Part)'],
    ['$luau:CFrame:0, 0, 0\n\x1b[2J', 'CFrame 0, 0, 0\\n\\x1b[2J'],
    [[], '{}'],
    [[1, 2, [3]], '{1, 2, {3}}'],
    [{ '$luau:list': [1, 2], '$luau:5': 3, n: 4 }, '{1, 2, [5] = 3, n = 4}'],
    [{ '$luau:10': 1, '$luau:9': 2, '$luau:-1.5': 0 }, '{[-1.5] = 0, [9] = 2, [10] = 1}'],
    [{ end: 1, a_1: 2, '1a': 3, é: 4, '': 5 }, '{["end"] = 1, a_1 = 2, ["1a"] = 3, ["é"] = 4, [""] = 5}'],
    [{ '$luau:true': 1, '$luau:vector:1,2,3': 2 }, '{[true] = 1, [vector(1, 2, 3)] = 2}'],
    [{ '$luau:metatable': true, hp: 1 }, 'setmetatable({hp = 1}, …)'],
  ])('%j', (json, text) => {
    expect(format(json)).toEqual([text]);
  });
});

describe('what is longer stands on several lines', () => {
  test('and short tables in it on one', () => {
    expect(format({ a: long('x'), b: long('y'), c: { d: [1, 2] } })).toEqual([
      ['{', `  a = "${long('x')}",`, `  b = "${long('y')}",`, '  c = {d = {1, 2}},', '}'].join('\n'),
    ]);
  });

  test('also deep inside', () => {
    expect(
      format([[long('x'), long('y')], { '$luau:metatable': true, '$luau:7': [long('z'), long('z')] }]),
    ).toEqual([
      [
        '{',
        '  {',
        `    "${long('x')}",`,
        `    "${long('y')}",`,
        '  },',
        '  setmetatable({',
        '    [7] = {',
        `      "${long('z')}",`,
        `      "${long('z')}",`,
        '    },',
        '  }, …),',
        '}',
      ].join('\n'),
    ]);
  });
});

describe('what stands in more than one place', () => {
  const shared = (nodes: JsonValue[], value: JsonValue): JsonValue => ({
    '$luau:shared': nodes,
    '$luau:value': value,
  });

  test.each<[string, JsonValue[], string[]]>([
    ['a circle', [shared([{ me: '$luau:ref:1' }], '$luau:ref:1')], ['{me = <cycle: results[1]>}']],
    [
      'a circle below',
      [0, shared([['$luau:ref:1']], { a: ['$luau:ref:1'] })],
      ['0', '{a = {{<cycle: results[2].a[1]>}}}'],
    ],
    ['two results', [shared([[1]], '$luau:ref:1'), '$luau:ref:1'], ['{1}', '<the same as results[1]>']],
    [
      'two fields',
      [shared([[1]], { a: '$luau:ref:1', 'b c': '$luau:ref:1' })],
      ['{a = {1}, ["b c"] = <the same as results[1].a>}'],
    ],
    [
      'a buffer',
      [shared(['$luau:buffer:YQ=='], ['$luau:ref:1', '$luau:ref:1'])],
      ['{buffer(1 byte) 61, <the same as results[1][1]>}'],
    ],
    [
      'a key',
      [shared([['k']], { '$luau:ref:1': '$luau:ref:1' })],
      ['{[{"k"}] = <the same as results[1] (a key)>}'],
    ],
  ])('is written once: %s', (_name, results, texts) => {
    expect(format(...results)).toEqual(texts);
  });

  test('is written once over several lines too', () => {
    const [text] = format(shared([{ me: '$luau:ref:1', x: long('x'), y: long('y') }], '$luau:ref:1'));
    expect(text).toBe(
      ['{', '  me = <cycle: results[1]>,', `  x = "${long('x')}",`, `  y = "${long('y')}",`, '}'].join('\n'),
    );
  });

  test('at a place whose way is cut in the middle of nowhere', () => {
    const deep: JsonValue = { a: { b: { c: { d: { e: { f: { g: { h: { i: '$luau:ref:1' } } } } } } } } };
    expect(format(shared([[]], [deep, '$luau:ref:1']))[0]).toContain('<the same as ….b.c.d.e.f.g.h.i>');
  });
});

test('what nobody can read any more is left out', () => {
  let deep: JsonValue = [];
  for (let depth = 0; depth < 100_000; depth++) deep = [deep];
  const [text = ''] = format(deep);
  expect(text).toContain('<deeper than 100 tables; --json has it>');
  expect(text.length).toBeLessThan(25_000);
});

test('a table of many tables takes no long', () => {
  const rows = Array.from({ length: 50_000 }, (_, id) => ({ id, name: 'x', at: '$luau:vector:1,2,3' }));
  expect(format(rows)[0]?.split('\n')).toHaveLength(50_002);
});

test('colours by kind', async () => {
  const style = await createStyle({ stream: { write: () => true }, env: {}, colorFlag: true });
  expect(formatLuau(decodeResults([{ k: ['s', 1, true, '$luau:function:f'] }]), style)).toEqual([
    '{\x1b[36mk\x1b[39m = {\x1b[32m"s"\x1b[39m, \x1b[33m1\x1b[39m, \x1b[35mtrue\x1b[39m, \x1b[35mfunction f\x1b[39m}}',
  ]);
});

describe('formatResults', () => {
  const terminal = { style: plainStyle, isTerminal: true };
  const pipe = { style: plainStyle, isTerminal: false };

  test.each<[string, JsonValue[], string[]]>([
    ['without tags as JSON', [{ a: 1 }], ['{\n  "a": 1\n}']],
    ['with one tag all in the notation of Luau', [{ a: 1 }, '$luau:nan'], ['{a = 1}', 'nan']],
    ['with a tag that is none as JSON', ['$luau:ref:9'], ['"$luau:ref:9"']],
  ])('shows results %s on a terminal', (_name, results, texts) => {
    expect(formatResults(results, terminal)).toEqual(texts);
  });

  test('gives a pipe the JSON as it came', () => {
    const results = [{ a: '$luau:nan' }, '$luau:nil'];
    expect(formatResults(results, pipe)).toEqual(['{"a":"$luau:nan"}', '"$luau:nil"']);
    expect(formatResultLines(results, pipe)).toEqual(['{"a":"$luau:nan"}', '"$luau:nil"']);
  });

  test('gives the lines of a status', () => {
    expect(formatResultLines([{ a: 1 }], terminal)).toEqual(['{"a":1}']);
    expect(formatResultLines([{ a: 1 }, '$luau:nan'], terminal)).toEqual(['{a = 1}', 'nan']);
  });
});
