import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableLuauRunner } from '../../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../../src/emulator/luau/run-luau.ts';
import { runScript } from '../../helpers/run-script.ts';

let runLuau: ClosableLuauRunner;
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 64 });
});
afterAll(() => runLuau.close());

describe('print and warn', () => {
  test.each([
    ['print()', ['OUTPUT', '']],
    ['print("a", 1, nil, true, 1.5)', ['OUTPUT', 'a 1 nil true 1.5']],
    ['print("two\\nlines")', ['OUTPUT', 'two\nlines']],
    ['print("héllo 世界 😀")', ['OUTPUT', 'héllo 世界 😀']],
    [String.raw`print("a\0b", "\255")`, ['OUTPUT', 'a\0b \ufffd']],
    ['print(setmetatable({}, { __tostring = function() return "me" end }))', ['OUTPUT', 'me']],
    ['print(game, game:GetService("RunService"))', ['OUTPUT', 'Game RunService']],
    ['warn("careful", 2)', ['WARNING', 'careful 2']],
  ])('%s', async (script, [level, message]) => {
    expect((await runScript(runLuau, script)).logs).toEqual([{ level, message }]);
  });

  test('keep their order, across threads too', async () => {
    const { logs } = await runScript(
      runLuau,
      'print(1) task.spawn(function() warn(2) task.wait() print(5) end) task.defer(print, 4) print(3) task.wait(0.1)',
    );
    expect(logs.map((entry) => entry.message)).toEqual(['1', '2', '3', '4', '5']);
  });

  test('an error in __tostring is the error of the script', async () => {
    const { result } = await runScript(
      runLuau,
      'print(setmetatable({}, { __tostring = function() error("no", 0) end }))',
    );
    expect(result).toEqual({ kind: 'failed', code: 'SCRIPT_ERROR', message: 'no' });
  });
});

test('100,000 messages arrive in order, and quickly', async () => {
  const started = performance.now();
  const { logs } = await runScript(runLuau, 'for i = 1, 100000 do print(i) end');
  // About 0.7 s alone on the machine.
  expect(performance.now() - started).toBeLessThan(3000);
  expect(logs.length).toBe(100_000);
  expect(logs.every((entry, index) => entry.message === String(index + 1))).toBe(true);
});

test('a message larger than the memory between the threads arrives whole', async () => {
  const { logs } = await runScript(runLuau, 'print(string.rep("0123456789", 100000)) print("after")');
  expect(logs).toEqual([
    { level: 'OUTPUT', message: '0123456789'.repeat(100_000) },
    { level: 'OUTPUT', message: 'after' },
  ]);
});

test('a script that is stopped while it prints loses nothing it had printed', async () => {
  const { result, logs } = await runScript(runLuau, 'local i = 0 while true do i += 1 print(i) end', {
    timeoutMs: 150,
  });
  expect(result).toMatchObject({ kind: 'failed', code: 'DEADLINE_EXCEEDED' });
  expect(logs.length).toBeGreaterThan(100);
  expect(logs.every((entry, index) => entry.message === String(index + 1))).toBe(true);
});

test('messages arrive while the script runs', async () => {
  const stop = new AbortController();
  const seen: string[] = [];
  const { result } = await runScript(runLuau, 'print("here") while true do end', {
    onLog: (entry) => {
      seen.push(entry.message);
      stop.abort();
    },
    signal: stop.signal,
  });
  expect(result).toEqual({ kind: 'cancelled' });
  expect(seen).toEqual(['here']);
});
