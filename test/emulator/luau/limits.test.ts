import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableLuauRunner } from '../../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../../src/emulator/luau/run-luau.ts';
import { runScript, scriptError } from '../../helpers/run-script.ts';

let runLuau: ClosableLuauRunner;
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 32 });
});
afterAll(() => runLuau.close());

describe('the time limit', () => {
  test.each([
    ['a busy loop', 'print("started") while true do end'],
    [
      'a loop that catches everything',
      'print("started") while true do pcall(function() while true do end end) end',
    ],
    ['a loop inside C', 'print("started") return string.rep("a", 1e5):find(("a-"):rep(30) .. "b")'],
  ])('stops %s', async (_name, script) => {
    const { result, logs } = await runScript(runLuau, script, { timeoutMs: 200 });
    expect(result).toEqual({
      kind: 'failed',
      code: 'DEADLINE_EXCEEDED',
      message: 'the script did not finish within 0.2 s',
    });
    expect(logs).toEqual([{ level: 'OUTPUT', message: 'started' }]);
  });
});

describe('memory', () => {
  test.each([
    ['tables', 'local t = {} for i = 1, 1e9 do t[i] = { i } end'],
    ['strings', 'local t = {} while true do t[#t + 1] = string.rep("x", 1e6) .. #t end'],
    ['a buffer', 'buffer.create(2^29)'],
  ])('running out of it by %s is an error of the script', async (_name, script) => {
    const { result, logs } = await runScript(runLuau, script);
    expect(result).toEqual(scriptError('not enough memory'));
    expect(logs).toHaveLength(1);
    expect(logs[0]).toMatchObject({ level: 'ERROR', message: expect.stringMatching(/^not enough memory/) });
  });

  test('a script can catch it and go on', async () => {
    const { result } = await runScript(
      runLuau,
      'local ok, why = pcall(string.rep, "x", 1e9) return ok, why, #string.rep("x", 1e6)',
    );
    expect(result).toEqual({ kind: 'complete', results: [false, 'not enough memory', 1e6] });
  });

  test('is what the runner was told', async () => {
    const script = 'return (pcall(buffer.create, 40 * 1024 * 1024))';
    const large = createLuauRunner({ memoryMiB: 128 });
    expect((await runScript(runLuau, script)).result).toEqual({ kind: 'complete', results: [false] });
    expect((await runScript(large, script)).result).toEqual({ kind: 'complete', results: [true] });
    await large.close();
  });
});
