import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableLuauRunner } from '../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../src/emulator/luau/run-luau.ts';
import type { JsonValue } from '../../src/open-cloud/task.ts';
import { addResultEncoder } from '../../src/script/encode-results.ts';
import { decodeResults } from '../../src/values/decode-results.ts';
import { runScript } from '../helpers/run-script.ts';

let runLuau: ClosableLuauRunner;
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 256 });
});
afterAll(() => runLuau.close());

async function resultsOf(script: string): Promise<JsonValue[]> {
  const { result } = await runScript(runLuau, addResultEncoder(script));
  if (result.kind !== 'complete') throw new Error(JSON.stringify(result));
  return result.results;
}

describe('what JSON carries stays as it is', () => {
  test.each<[string, JsonValue[]]>([
    ['return', []],
    [
      'return 1, -1, 0, 0.5, 0.1, 123456.789, 1e15, 2^53, -2^53',
      [1, -1, 0, 0.5, 0.1, 123456.789, 1e15, 2 ** 53, -(2 ** 53)],
    ],
    [
      'return true, false, "", "é漢🎮", "a\\n\\r\\t\\27\\"\\\\", "$luau", "$5"',
      [true, false, '', 'é漢🎮', 'a\n\r\t\x1b"\\', '$luau', '$5'],
    ],
    ['return {1, 2, {3}}, {}', [[1, 2, [3]], []]],
    ['return {a = 1, b = {c = {}}, [""] = "x", ["1"] = 2}', [{ a: 1, b: { c: [] }, '': 'x', '1': 2 }]],
    ['return {__proto__ = {x = 1}, constructor = 2}', [JSON.parse('{"__proto__":{"x":1},"constructor":2}')]],
  ])('%s', async (script, results) => {
    expect(await resultsOf(script)).toEqual(results);
  });
});

describe('what JSON does not carry gets a tag', () => {
  test.each<[string, JsonValue[]]>([
    ['return nil, nil', ['$luau:nil', '$luau:nil']],
    ['return 0/0, -(0/0), 1/0, -1/0, -0', ['$luau:nan', '$luau:nan', '$luau:inf', '$luau:-inf', '$luau:-0']],
    [
      'return 2^53 + 2, -2^60, 1e300',
      ['$luau:9007199254740994', '$luau:-1152921504606847000', '$luau:1e+300'],
    ],
    ['return 1/3, 5e-324, 9e-6', ['$luau:0.3333333333333333', '$luau:5e-324', '$luau:0.000009']],
    [
      'return "\\255", "a\\0", "\\u{d7ff}", "\\237\\160\\128"',
      ['$luau:bytes:/w==', '$luau:bytes:YQA=', '\ud7ff', '$luau:bytes:7aCA'],
    ],
    ['return "$luau:", "$luau:nan"', ['$luau:string:$luau:', '$luau:string:$luau:nan']],
    [
      'return buffer.create(0), buffer.fromstring("a"), buffer.fromstring("ab"), buffer.fromstring("abc\\255")',
      ['$luau:buffer:', '$luau:buffer:YQ==', '$luau:buffer:YWI=', '$luau:buffer:YWJj/w=='],
    ],
    [
      'return vector.create(1, -0, 0/0), vector.create(0.5, 1/0, 0.1)',
      ['$luau:vector:1,-0,nan', '$luau:vector:0.5,inf,0.10000000149011612'],
    ],
    [
      'return print, function() end, coroutine.create(print), newproxy()',
      ['$luau:function:print', '$luau:function', '$luau:thread', '$luau:userdata'],
    ],
    [
      'local function f() end return {f = f}, game, newproxy(true)',
      [{ f: '$luau:function:f' }, '$luau:Instance', '$luau:userdata'],
    ],
  ])('%s', async (script, results) => {
    expect(await resultsOf(script)).toEqual(results);
  });
});

describe('tables', () => {
  test.each<[string, JsonValue[]]>([
    [
      'return {1, 2, n = 2}, table.pack(nil, 3)',
      [
        { '$luau:list': [1, 2], n: 2 },
        { '$luau:2': 3, n: 2 },
      ],
    ],
    [
      'return {[1] = "a", [3] = "c", [0] = "z", [1.5] = "h"}',
      [{ '$luau:list': ['a'], '$luau:3': 'c', '$luau:0': 'z', '$luau:1.5': 'h' }],
    ],
    [
      'return {[12345] = "x", [2^60] = 1, [-1] = 2, [math.huge] = 3}',
      [{ '$luau:12345': 'x', '$luau:1152921504606847000': 1, '$luau:-1': 2, '$luau:inf': 3 }],
    ],
    ['return {1, 2, 3, [2.5] = "between"}', [{ '$luau:list': [1, 2, 3], '$luau:2.5': 'between' }]],
    ['return {[true] = 1, [false] = 2, ["true"] = 3}', [{ '$luau:true': 1, '$luau:false': 2, true: 3 }]],
    [
      'return {["$luau:list"] = 1, ["$luau:5"] = 2, ["\\255"] = 3}',
      [{ '$luau:string:$luau:list': 1, '$luau:string:$luau:5': 2, '$luau:bytes:/w==': 3 }],
    ],
    [
      'return {[vector.create(1, 2, 3)] = 1, [print] = 2, [game] = 3}',
      [{ '$luau:vector:1,2,3': 1, '$luau:function:print': 2, '$luau:Instance': 3 }],
    ],
    ['return {[{}] = 1}', [{ '$luau:shared': [[]], '$luau:value': { '$luau:ref:1': 1 } }]],
    [
      'local m = setmetatable({1}, {__index = error, __iter = error, __len = error}) return m, setmetatable({}, {__metatable = false})',
      [{ '$luau:list': [1], '$luau:metatable': true }, { '$luau:metatable': true }],
    ],
    ['return table.freeze({a = 1})', [{ a: 1 }]],
  ])('%s', async (script, results) => {
    expect(await resultsOf(script)).toEqual(results);
  });

  test('with two keys of one name keep both', async () => {
    const [result] = await resultsOf('return {[function() end] = 1, [function() end] = 1}');
    expect(result).toEqual({
      '$luau:shared': ['$luau:function'],
      '$luau:value': { '$luau:function': 1, '$luau:ref:1': 1 },
    });
  });
});

describe('what is shared', () => {
  test.each<[string, JsonValue[]]>([
    ['local t = {1} return t, t', [{ '$luau:shared': [[1]], '$luau:value': '$luau:ref:1' }, '$luau:ref:1']],
    [
      'local t = {} t.me = t return 1, t',
      [1, { '$luau:shared': [{ me: '$luau:ref:1' }], '$luau:value': '$luau:ref:1' }],
    ],
    [
      'local b = buffer.fromstring("a") return {b, b}',
      [{ '$luau:shared': ['$luau:buffer:YQ=='], '$luau:value': ['$luau:ref:1', '$luau:ref:1'] }],
    ],
    [
      'local e = {} return {a = e, b = e}',
      [{ '$luau:shared': [[]], '$luau:value': { a: '$luau:ref:1', b: '$luau:ref:1' } }],
    ],
  ])('stands once: %s', async (script, results) => {
    expect(await resultsOf(script)).toEqual(results);
  });

  test('grows by sharing no more than in Luau', async () => {
    const script = 'local t = {} for i = 1, 60 do t = {t, t} end return t';
    const results = await resultsOf(script);
    expect(JSON.stringify(results).length).toBeLessThan(3_000);
    let [at] = decodeResults(results);
    for (let depth = 0; depth < 60; depth++) {
      if (typeof at !== 'object' || at?.kind !== 'table') throw new Error(`no table at ${depth}`);
      expect(at.entries.get(1)).toBe(at.entries.get(2));
      at = at.entries.get(1) ?? null;
    }
  });
});

describe('size', () => {
  test('JSON is nested no deeper than 26 levels, however deep the tables are', async () => {
    const script = 'local t = {} for i = 1, 20000 do t = if i % 2 == 0 then {t, x = i} else {t} end return t';
    const results = await resultsOf(script);
    expect(depthOf(results)).toBeLessThanOrEqual(26);
    expect(depthOf(results)).toBeGreaterThan(12);
    let depth = 0;
    let [at] = decodeResults(results);
    for (; typeof at === 'object' && at?.kind === 'table'; depth++) at = at.entries.get(1);
    expect(depth).toBe(20_001);
  });

  test('a long list is as long as in JSON', async () => {
    const results = await resultsOf('local t = {} for i = 1, 200000 do t[i] = i end return t');
    expect(results).toEqual([Array.from({ length: 200_000 }, (_, index) => index + 1)]);
  });

  test('a large buffer', async () => {
    const [result] = await resultsOf(
      'local b = buffer.create(2000000) buffer.fill(b, 0, 7) buffer.writeu8(b, 1999999, 9) return b',
    );
    const [value] = decodeResults([result]);
    if (typeof value !== 'object' || value?.kind !== 'buffer') throw new Error('no buffer');
    expect([value.bytes.length, value.bytes[0], value.bytes[1_999_998], value.bytes[1_999_999]]).toEqual([
      2_000_000, 7, 7, 9,
    ]);
  });

  test('more than 4 MB is refused by the service, in its own words', async () => {
    const { result } = await runScript(runLuau, addResultEncoder('return buffer.create(3500000)'));
    expect(result).toMatchObject({ kind: 'failed', code: 'OUTPUT_SIZE_LIMIT_EXCEEDED' });
  });
});

describe('with binary output', () => {
  const run = async (script: string) => {
    const chunk = addResultEncoder(script, { hasBinaryOutput: true });
    return (await runScript(runLuau, chunk, { enableBinaryOutput: true })).result;
  };

  test('the results are what ReturnValues holds', async () => {
    const script = 'return {BinaryOutput = buffer.fromstring("ab"), ReturnValues = {0/0, {1, n = 1}, "x"}}';
    expect(await run(script)).toEqual({
      kind: 'complete',
      results: ['$luau:nan', { '$luau:list': [1], n: 1 }, 'x'],
      binaryOutput: new Uint8Array([97, 98]),
    });
  });

  test.each([
    'return 1',
    'return {}, {}',
    'return {ReturnValues = 1}',
    'return {ReturnValues = {}, Other = 1}',
    'return {BinaryOutput = buffer.create(1)}',
  ])('what has another shape is left to the service: %s', async (script) => {
    const plain = await runScript(runLuau, script, { enableBinaryOutput: true });
    expect(await run(script)).toEqual(plain.result);
  });
});

function depthOf(json: JsonValue): number {
  let depth = 0;
  for (let level: JsonValue[] = [json]; level.length > 0; depth++) {
    level = level.flatMap((value) =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return depth - 1;
}
