import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableLuauRunner } from '../../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../../src/emulator/luau/run-luau.ts';
import { runScript } from '../../helpers/run-script.ts';

let runLuau: ClosableLuauRunner;
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 64 });
});
afterAll(() => runLuau.close());

async function resultsOf(script: string): Promise<unknown> {
  const { result } = await runScript(runLuau, script);
  return result.kind === 'complete' ? result.results : result;
}

describe('returned values', () => {
  test.each([
    ['nothing', '', []],
    ['an empty return', 'return', []],
    [
      'numbers',
      'return 1, 1.5, -0.25, 1e300, 2^53, 1e21, 5e-324',
      [1, 1.5, -0.25, 1e300, 2 ** 53, 1e21, 5e-324],
    ],
    ['numbers that JSON has not', 'return 0/0, 1/0, -1/0', [null, null, null]],
    ['booleans', 'return true, false', [true, false]],
    ['nil in the middle and at the end', 'return 1, nil, 3, nil', [1, null, 3, null]],
    ['only nil', 'return nil', [null]],
    ['strings that need escapes', String.raw`return "\"\\\n\t\r\b\f\1\127/"`, ['"\\\n\t\r\b\f\u0001\u007f/']],
    ['a string with NUL', String.raw`return "a\0b"`, ['a\0b']],
    ['text beyond ASCII', 'return "héllo, 世界 😀"', ['héllo, 世界 😀']],
    ['bytes that are no text', String.raw`return "\255a\254"`, ['\ufffda\ufffd']],
    ['an empty table', 'return {}', [[]]],
    ['arrays', 'return {1, {2, {3}}}', [[1, [2, [3]]]]],
    ['an array with a hole', 'return {1, nil, 3}', [[1, null, 3]]],
    ['an object, by key', 'return {b = 1, a = {c = {}}}', [{ a: { c: [] }, b: 1 }]],
    ['numbers as keys', 'return {[2] = "b", [1.5] = "a"}', [{ 2: 'b', 1.5: 'a' }]],
    ['keys that are neither', 'return {[true] = 1, x = 2}', [{ x: 2 }]],
    ['an array with names: names are left out', 'return {1, 2, x = 3}', [[1, 2]]],
    [
      'what is no data',
      'return print, coroutine.create(print), buffer.create(1), newproxy()',
      [null, null, null, null],
    ],
    ['vectors and objects', 'return vector.create(1, 2, 3), game, Vector3', [null, null, null]],
    ['no data inside tables', 'return {print, 1}, {f = print}', [[null, 1], { f: null }]],
    ['a table that holds itself', 'local t = {1} t[2] = t return t', [[1, null]]],
    ['a table met twice', 'local t = {1} return {t, t}', [[[1], [1]]]],
    [
      'metatables are not asked',
      'return setmetatable({1}, {__len = error, __index = error, __iter = error})',
      [[1]],
    ],
    ['a key that JavaScript treats specially', 'return {["__proto__"] = 1}', [JSON.parse('{"__proto__":1}')]],
  ])('%s', async (_name, script, expected) => {
    expect(await resultsOf(script)).toEqual(expected);
  });

  test('the keys of an object come in order', async () => {
    const results = await resultsOf('return {delta = 4, alpha = 1, charlie = 3, bravo = 2}');
    expect(JSON.stringify(results)).toBe('[{"alpha":1,"bravo":2,"charlie":3,"delta":4}]');
  });

  test('a table nested deeper than 500 levels ends in null', async () => {
    const results = await resultsOf(
      'local t = {} local root = t for i = 1, 600 do t[1] = {} t = t[1] end return root',
    );
    expect(JSON.stringify(results)).toBe(`[${'['.repeat(500)}null${']'.repeat(500)}]`);
  });

  test('the chunk gets one table', async () => {
    expect(await resultsOf('return select("#", ...), typeof((...)), next((...))')).toEqual([
      1,
      'table',
      null,
    ]);
  });
});

describe('the size of the results', () => {
  // Brackets, quotes and text together.
  const size = (length: number) => `return string.rep("x", ${length - 4})`;

  test('4194304 bytes of JSON are taken', async () => {
    const results = await resultsOf(size(4194304));
    expect(results).toEqual(['x'.repeat(4194300)]);
  });

  test('one more is refused, in the words of the service', async () => {
    expect(await resultsOf(size(4194305))).toEqual({
      kind: 'failed',
      code: 'OUTPUT_SIZE_LIMIT_EXCEEDED',
      message:
        'Return results too large. Please reduce return result length to 4194304. Current size: 4194305',
    });
  });
});

describe('binary input and output', () => {
  const run = (script: string, binaryInput?: Uint8Array) =>
    runScript(runLuau, script, { enableBinaryOutput: true, ...(binaryInput && { binaryInput }) });

  test('bytes go in and come out, and the values beside them are the results', async () => {
    const input = Uint8Array.from({ length: 256 }, (_, index) => index);
    const { result } = await run(
      `local bytes: buffer = ({...})[1].BinaryInput
      buffer.writeu8(bytes, 0, 77)
      return { BinaryOutput = bytes, ReturnValues = { buffer.len(bytes), "ok" } }`,
      input,
    );
    expect(result).toEqual({
      kind: 'complete',
      results: [256, 'ok'],
      binaryOutput: Uint8Array.from([77, ...input.subarray(1)]),
    });
    expect(input[0]).toBe(0);
  });

  test('an empty buffer is a buffer', async () => {
    const { result } = await run('return { BinaryOutput = ({...})[1].BinaryInput }', new Uint8Array(0));
    expect(result).toEqual({ kind: 'complete', results: [], binaryOutput: new Uint8Array(0) });
  });

  test('both keys may be missing', async () => {
    expect((await run('return {}')).result).toEqual({ kind: 'complete', results: [] });
  });

  test.each([
    ['return', 'not 0 values'],
    ['return {}, {}', 'not 2 values'],
    ['return 5', 'not a number'],
    ['return { BinaryOutput = "text" }', 'and BinaryOutput is a string'],
    ['return { ReturnValues = 1 }', 'and ReturnValues is a number'],
    ['return { ReturnValue = {} }', 'and no other key: ReturnValue'],
  ])('%s is refused', async (script, reason) => {
    const { result, logs } = await run(script);
    const message =
      'TaskScript: with enableBinaryOutput the script must return one table ' +
      `{ BinaryOutput = buffer?, ReturnValues = table? }, ${reason}`;
    expect(result).toEqual({ kind: 'failed', code: 'SCRIPT_ERROR', message });
    expect(logs).toEqual([{ level: 'ERROR', message }]);
  });

  test('without binary output such a table is an ordinary value', async () => {
    expect(await resultsOf('return { BinaryOutput = buffer.create(1), ReturnValues = {1} }')).toEqual([
      { BinaryOutput: null, ReturnValues: [1] },
    ]);
  });
});
