import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableLuauRunner } from '../../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../../src/emulator/luau/run-luau.ts';
import { runScript, scriptError } from '../../helpers/run-script.ts';

let runLuau: ClosableLuauRunner;
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 32 });
});
afterAll(() => runLuau.close());

async function resultsOf(script: string): Promise<unknown> {
  const { result } = await runScript(runLuau, script);
  return result.kind === 'complete' ? result.results : result;
}

describe('a script finds no way to the machine', () => {
  test.each([
    [
      'no files, processes or packages',
      'return io, package, dofile, load, loadfile, process, global',
      Array(7).fill(null),
    ],
    [
      'os tells the time and no more',
      'local k = {} for name in os do table.insert(k, name) end table.sort(k) return table.concat(k, " ")',
      ['clock date difftime time'],
    ],
    [
      'debug cannot reach into functions',
      'local k = {} for name in debug do table.insert(k, name) end table.sort(k) return table.concat(k, " ")',
      ['info traceback'],
    ],
    [
      'no JavaScript behind a function',
      'return pcall(function() return (print :: any).constructor end)',
      [false, "TaskScript:1: attempt to index function with 'constructor'"],
    ],
    [
      'the host function is in no environment',
      'return getfenv(print).host, getfenv(task.wait).host, getfenv(0).host, host',
      [null, null, null, null],
    ],
    [
      'metatables of objects are locked',
      'return getmetatable(game), (pcall(setmetatable, game, {}))',
      ['The metatable is locked', false],
    ],
    [
      'metatables of strings are locked',
      'return (pcall(function() getmetatable("").__index = nil end))',
      [false],
    ],
    [
      'libraries are read-only',
      'return (pcall(function() string.rep = nil end)), (pcall(function() task.wait = nil end))',
      [false, false],
    ],
  ])('%s', async (_name, script, results) => {
    expect(await resultsOf(script)).toEqual(results);
  });

  test('loadstring is there and refuses', async () => {
    expect(await resultsOf('loadstring("return 1")')).toEqual(
      scriptError('TaskScript:1: loadstring() is not available'),
    );
  });

  test('collectgarbage only counts', async () => {
    expect(await resultsOf('return collectgarbage("count") > 0, (pcall(collectgarbage))')).toEqual([
      true,
      false,
    ]);
  });
});

test('a script that breaks its own globals breaks nothing else', async () => {
  const { result, logs } = await runScript(
    runLuau,
    `for _, name in { "tostring", "error", "pcall", "type", "next", "rawlen", "rawget", "select", "getmetatable",
      "math", "string", "table", "os", "debug", "buffer", "utf8", "tonumber" } do
      getfenv()[name] = nil
    end
    print("x", 1)
    task.wait()
    return { 1 }, { a = 0/0 }, game:GetService("HttpService"):JSONEncode({ b = 1 })`,
  );
  expect(result).toEqual({ kind: 'complete', results: [[1], { a: null }, '{"b":1}'] });
  expect(logs).toEqual([{ level: 'OUTPUT', message: 'x 1' }]);
});

test('nothing passes from one script to the next', async () => {
  await runScript(runLuau, '_G.left = 1 shared.left = 1 left = 1 print = nil');
  expect(await resultsOf('return _G.left, shared.left, left, print ~= nil')).toEqual([
    null,
    null,
    null,
    true,
  ]);
});
