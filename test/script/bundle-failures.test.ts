import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { mapPositions } from '../../src/output/script-position.ts';
import { createScriptProject, type ScriptProject } from '../helpers/script-project.ts';

let project: ScriptProject;
beforeEach(async () => {
  project = await createScriptProject();
});
afterEach(() => project.remove());

describe('a module that fails', () => {
  test('is shown in its file, with the way there', async () => {
    const { error, errors } = await project.runFiles({
      'main.luau': '--!strict\nlocal a = require("./lib/a")\nreturn a',
      'lib/a.luau': '\n\nlocal b = require("./b")\nreturn b',
      'lib/b.luau': 'local function read(player)\n  return player.name\nend\nreturn read(nil)',
    });
    const message = "lib/b.luau:2: attempt to index nil with 'name'";
    expect(error).toMatchObject({
      message,
      file: 'lib/b.luau',
      line: 2,
      traceback: [
        { file: 'lib/b.luau', line: 2, function: 'read' },
        { file: 'lib/b.luau', line: 4, function: null },
        { file: 'lib/a.luau', line: 3, function: null },
        { file: 'main.luau', line: 2, function: null },
      ],
      codeFrame: expect.stringContaining('> 2 |   return player.name'),
    });
    expect(errors).toEqual([
      [
        message,
        'Stack Begin',
        "Script 'lib/b.luau', Line 2 - function read",
        "Script 'lib/b.luau', Line 4",
        "Script 'lib/a.luau', Line 3",
        "Script 'main.luau', Line 2",
        'Stack End',
      ].join('\n'),
    ]);
  });

  test('says to who catches it where it was required', async () => {
    const { results, script } = await project.runFiles({
      'main.luau': [
        'local function why(load) return select(2, pcall(load)) end',
        'return why(function() return require("./bad") end),',
        '  why(function() return require("./bad") end),',
        '  why(function() return require("./two") end),',
        '  why(function() return require("./main") end)',
      ].join('\n'),
      'bad.luau': '\nerror("boom")\nreturn 1',
      'two.luau': 'return (function() return 1, 2 end)()',
    });
    expect(results?.map((result) => mapPositions(String(result), script))).toEqual([
      'bad.luau:2: boom',
      'main.luau:3: bad.luau failed when it was first required',
      'main.luau:4: two.luau returned 2 values; a module returns exactly one',
      'main.luau:5: main.luau is required while it is being loaded',
    ]);
  });

  const bad = 'print("runs")\nerror("boom")\nreturn 1';
  const asksAgain = 'return select(2, pcall(require, "./bad"))';
  test.each([
    ['under pcall', 'pcall(require, "./bad")', bad],
    ['in a thread', 'task.spawn(function() require("./bad") end)', bad],
    ['in a thread, later', 'task.spawn(function() require("./bad") end)', `task.wait()\n${bad}`],
    ['in a coroutine', 'coroutine.resume(coroutine.create(function() require("./bad") end))', bad],
    [
      'because its thread was cancelled',
      'task.cancel(task.spawn(function() require("./bad") end))',
      'print("runs") task.wait(9) return 1',
    ],
    [
      'because it returned too much',
      'pcall(require, "./bad")',
      'print("runs") return (function() return 1, 2 end)()',
    ],
  ])('%s is not run again, and that is said', async (_name, first, module) => {
    const { results, prints } = await project.runFiles({
      'main.luau': `${first}\n${asksAgain}`,
      'bad.luau': module,
    });
    expect({ results, prints }).toEqual({
      results: ['bad.luau failed when it was first required'],
      prints: ['runs'],
    });
  });

  test.each([
    ['two values', 'return (function() return 1, 2 end)()', 2],
    ['no value', 'return (function() end)()', 0],
    ['nothing, on its way', 'if game == nil then return 1 end', 0],
  ])('because it returns %s is shown where it is required', async (_name, module, count) => {
    const { error } = await project.runFiles({
      'main.luau': '\n\nreturn require("./a")',
      'a.luau': `local b = require("./b")\nreturn b`,
      'b.luau': module,
    });
    expect(error).toMatchObject({
      message: `a.luau:1: b.luau returned ${count} values; a module returns exactly one`,
      traceback: [
        { file: 'a.luau', line: 1 },
        { file: 'main.luau', line: 3 },
      ],
    });
  });

  test.each([
    ['return 1, 2', '1:1: a module has to return exactly one value'],
    ['local x = 1\n  return', '2:3: a module has to return exactly one value'],
    ['local x = 1\n', '1:12: the module returns nothing'],
    ['-- only\n--[[ comments ]]\n', '2:17: the module returns nothing'],
    ['', '1:1: the module returns nothing'],
  ])('certainly, as %j does, is refused', async (module, message) => {
    expect(await project.mistakeIn({ 'main.luau': '\nrequire("./a")', 'a.luau': module })).toMatchObject({
      id: 'LX016',
      message: `a.luau:${message}`,
      facts: ['a.luau is required by main.luau:2'],
    });
  });
});

describe('a require that leads nowhere', () => {
  test('is refused', async () => {
    const files = { 'main.luau': 'return require("./a")', 'a.luau': '\nreturn require("./gone")' };
    expect(await project.mistakeIn(files)).toMatchObject({
      id: 'LX016',
      message: 'a.luau:2:8: there is no module gone',
      facts: [
        'require("./gone")',
        expect.stringContaining('looked for gone.luau'),
        'a.luau is required by main.luau:1',
      ],
    });
  });

  test('is the own business of a script that asks with pcall', async () => {
    const { results, script } = await project.runFiles({
      'main.luau': 'local a = require("./a")\nreturn a, (pcall(require, "./gone"))',
      'a.luau': 'return (pcall(require, "./dir/gone"))',
    });
    expect(results).toEqual([false, false]);
    expect(script.leftAlone.map(({ text }) => text)).toEqual([
      'pcall(require, "./gone")',
      'pcall(require, "./dir/gone")',
    ]);
  });

  test.each([
    'require(game.X)',
    'require(script.Parent.X)',
    'require("@game/ReplicatedStorage/X")',
    'require("./a" .. x)',
    'pcall(require, "@gone/x")',
  ])('%s is left alone', async (call) => {
    await project.write({
      'main.luau': `local a = require("./a")\n  f(${call})`,
      'a.luau': `return g(${call})`,
    });
    const { leftAlone, text } = await project.compose('main.luau');
    expect(leftAlone).toMatchObject([
      { text: call, location: { file: 'main.luau', line: 2 } },
      { text: call, location: { file: 'a.luau', line: 1 } },
    ]);
    expect(text.split(call)).toHaveLength(3);
  });

  test('is handed on to the engine with what it was given', async () => {
    const { error } = await project.runFiles({
      'main.luau': 'local a = require("./a")\n\nreturn require(game)',
      'a.luau': 'return 1',
    });
    expect(error).toMatchObject({
      line: 3,
      message: expect.stringContaining('the emulator holds no modules'),
    });
  });
});
