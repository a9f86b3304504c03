import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableLuauRunner } from '../../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../../src/emulator/luau/run-luau.ts';
import { runScript, scriptError, uncaught } from '../../helpers/run-script.ts';

let runLuau: ClosableLuauRunner;
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 32 });
});
afterAll(() => runLuau.close());

describe('an uncaught error', () => {
  test('fails the task, and is in the log with the functions it went through', async () => {
    const { result, logs } = await runScript(
      runLuau,
      [
        'local function read(player)', // 1
        '  return player.foo', // 2
        'end', // 3
        'local function readAll()', // 4
        '  local value = read(nil)', // 5
        '  return value', // 6
        'end', // 7
        'print("before")', // 8
        'readAll()', // 9
      ].join('\n'),
    );
    expect(result).toEqual(scriptError("TaskScript:2: attempt to index nil with 'foo'"));
    expect(logs).toEqual([
      { level: 'OUTPUT', message: 'before' },
      uncaught(
        "TaskScript:2: attempt to index nil with 'foo'",
        'Line 2 - function read',
        'Line 5 - function readAll',
        'Line 9',
      ),
    ]);
  });

  test.each([
    ['error("plain")', 'TaskScript:1: plain', ['Line 1']],
    ['error("no position", 0)', 'no position', ['Line 1']],
    ['\n\nerror(42)', 'TaskScript:3: 42', ['Line 3']],
    ['error({ code = 1 })', 'Error occurred, no output from Luau.', ['Line 1']],
    ['error()', 'Error occurred, no output from Luau.', ['Line 1']],
    ['error(setmetatable({}, { __tostring = function() return "told" end }))', 'told', ['Line 1']],
    ['error(setmetatable({}, { __tostring = error }))', 'Error occurred, no output from Luau.', ['Line 1']],
    ['assert(false, "asserted")', 'TaskScript:1: asserted', ['Line 1']],
    ['pcall(error, "caught")\nerror("not caught")', 'TaskScript:2: not caught', ['Line 2']],
    ['task.wait()\nerror("after a wait")', 'TaskScript:2: after a wait', ['Line 2']],
    ['local t = {}\nt.x.y = 1', "TaskScript:2: attempt to index nil with 'y'", ['Line 2']],
    ['print(#nil)', 'TaskScript:1: attempt to get length of a nil value', ['Line 1']],
    ['coroutine.wrap(function()\nerror("inner")\nend)()', 'TaskScript:3: TaskScript:2: inner', ['Line 3']],
  ])('%s', async (script, message, stack) => {
    const { result, logs } = await runScript(runLuau, script);
    expect(result).toEqual(scriptError(message));
    expect(logs).toEqual([uncaught(message, ...stack)]);
  });

  test.each(['task.spawn', 'task.defer', 'coroutine.wrap'])('in a thread of %s', async (start) => {
    const body = 'local function work()\n  error("lost")\nend\n';
    const run = start === 'coroutine.wrap' ? `print((pcall(${start}(work))))` : `${start}(work)`;
    const { result, logs } = await runScript(runLuau, `${body}${run}\ntask.wait()\nreturn "went on"`);
    expect(result).toEqual({ kind: 'complete', results: ['went on'] });
    expect(logs).toEqual([
      start === 'coroutine.wrap'
        ? { level: 'OUTPUT', message: 'false' }
        : uncaught('TaskScript:2: lost', 'Line 2 - function work'),
    ]);
  });

  test('shows at most the hundred innermost functions of a runaway recursion', async () => {
    const { result, logs } = await runScript(runLuau, 'local function f()\n  return 1 + f()\nend\nf()');
    expect(result).toEqual(scriptError('TaskScript:2: stack overflow'));
    expect(logs).toEqual([
      uncaught('TaskScript:2: stack overflow', ...Array.from({ length: 100 }, () => 'Line 2 - function f')),
    ]);
  });

  test('C recursion ends in a Luau error, not in a crash', async () => {
    const { result } = await runScript(
      runLuau,
      'local function f() return pcall(f) end return select("#", f()) > 0',
    );
    expect(result.kind).toBe('complete');
  });
});

describe('a script that does not compile', () => {
  test.each([
    ['local a = 1\nlocal b = = 2', "TaskScript:2: Expected identifier when parsing expression, got '='"],
    [
      'print("typeof")\nreturn return',
      "TaskScript:2: Expected identifier when parsing expression, got 'return'",
    ],
    ['goto done', 'TaskScript:1: Incomplete statement: expected assignment or a function call'],
    ['print(1)\0print(2)', "TaskScript:1: Expected identifier when parsing expression, got '\x7f'"],
    [
      `return ${'('.repeat(2000)}1${')'.repeat(2000)}`,
      'TaskScript:1: Exceeded allowed recursion depth; simplify your expression to make the code compile',
    ],
    [
      `\nprint(${Array.from({ length: 300 }, () => 'x').join()})`,
      'TaskScript:2: Out of registers when trying to allocate 301 registers: exceeded limit 255',
    ],
  ])('%j', async (script, message) => {
    const { result, logs } = await runScript(runLuau, script);
    expect(result).toEqual(scriptError(message));
    expect(logs).toEqual([{ level: 'ERROR', message }]);
  });
});

describe('the language is Luau', () => {
  test.each([
    [
      'types and generics',
      'type Box<T> = { value: T }\nlocal b: Box<number> = { value = 1 }\nreturn b.value :: number',
      [1],
    ],
    [
      'continue and compound assignment',
      'local n = 0 for i = 1, 4 do if i == 2 then continue end n += i end return n',
      [8],
    ],
    ['interpolated strings', 'local x = 2 return `{x}+{x}={x + x}`', ['2+2=4']],
    ['if expressions and floor division', 'return if 7 // 2 == 3 then "yes" else "no"', ['yes']],
    [
      'a directive in the first line',
      '--!strict\nreturn typeof(1), type(vector.create(1, 2, 3))',
      ['number', 'vector'],
    ],
    [
      'a directive behind comments, with typeof in the code',
      '-- x\n--[[ y\n]]--!optimize 2\nlocal function f() return debug.info(1, "n") end\nreturn f(), typeof(1)',
      ['', 'number'],
    ],
    [
      'yields across pcall',
      'return pcall(function() task.wait() error("late") end)',
      [false, 'TaskScript:1: late'],
    ],
    ['_G and shared can be written', '_G.a = 1 shared.b = 2 return _G.a, shared.b', [1, 2]],
    ['os.date in UTC', 'return os.date("%Y-%m-%d %H:%M", 86400 * 365)', ['1971-01-01 00:00']],
  ])('%s', async (_name, script, results) => {
    expect((await runScript(runLuau, script)).result).toEqual({ kind: 'complete', results });
  });
});
