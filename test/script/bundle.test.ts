import { symlink } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createScriptProject, type ScriptProject } from '../helpers/script-project.ts';

let project: ScriptProject;
beforeEach(async () => {
  project = await createScriptProject();
});
afterEach(() => project.remove());

describe('a module runs once', () => {
  test('at the end of a diamond', async () => {
    const { results, prints } = await project.runFiles({
      'main.luau': 'local a, b = require("./a"), require("./b")\nreturn a.shared == b.shared, a.shared.n',
      'a.luau': 'print("a") return { shared = require("./shared") }',
      'b.luau': 'print("b") return { shared = require("./shared") }',
      'shared.luau': 'print("shared") return { n = 7 }',
    });
    expect({ results, prints }).toEqual({ results: [true, 7], prints: ['a', 'shared', 'b'] });
  });

  test('in a chain of 1,000', async () => {
    const names = Array.from({ length: 1_000 }, (_, index) => `m${index}`);
    const files = names.map((name, index) => [
      `chain/${name}.luau`,
      index === 999 ? 'return 1' : `return require("./m${index + 1}") + 1`,
    ]);
    const { results, script } = await project.runFiles({
      ...Object.fromEntries(files),
      'main.luau': 'return require("./chain/m0")',
    });
    expect({ results, modules: script.modules.length }).toEqual({ results: [1_000], modules: 1_001 });
  });

  test('however it is reached', async () => {
    await project.write({
      'lib/real.luau': 'print("real") return {}',
      '.luaurc': '{"aliases":{"lib":"./lib"}}',
    });
    await symlink(project.path('lib/real.luau'), project.path('link.luau'));
    await symlink(project.path('lib'), project.path('linked'));
    const paths = ['./lib/real', './lib/../lib//real', '@lib/real', '@LIB/real', './link', './linked/real'];
    const { results, prints, script } = await project.runFiles({
      'main.luau': `local real = require("./lib/real")\nreturn ${paths
        .map((path) => `require("${path}") == real`)
        .join(', ')}`,
    });
    expect({ results, prints }).toEqual({ results: paths.map(() => true), prints: ['real'] });
    expect(script.modules.map(({ name }) => name)).toEqual(['main.luau', 'lib/real.luau']);
  });

  test.each(['nil', 'false', 'true', '0', '""'])('when it returns %s', async (value) => {
    const { results, prints } = await project.runFiles({
      'main.luau': 'local a = require("./a")\nreturn a == require("./a"), a',
      'a.luau': `print("ran") return ${value}`,
    });
    const shown = { nil: null, false: false, true: true, '0': 0, '""': '' }[value];
    expect({ results, prints }).toEqual({ results: [true, shown], prints: ['ran'] });
  });

  test('when several threads want it while it waits', async () => {
    const { results, prints } = await project.runFiles({
      'main.luau': [
        'local got = {}',
        'for _ = 1, 3 do task.spawn(function() table.insert(got, require("./slow")) end) end',
        'local slow = require("./slow")',
        'task.wait(0.1)',
        'return #got, got[1] == slow and got[2] == slow and got[3] == slow',
      ].join('\n'),
      'slow.luau': 'print("starts") task.wait(0.05) print("goes on") return {}',
    });
    expect({ results, prints }).toEqual({ results: [3, true], prints: ['starts', 'goes on'] });
  });
});

describe('modules that need each other', () => {
  test('cannot be loaded: one that requires itself', async () => {
    expect(
      await project.mistakeIn({
        'main.luau': 'return require("./a")',
        'a.luau': '\n  local a = require("./a")\nreturn a',
      }),
    ).toMatchObject({
      id: 'LX016',
      message: 'a.luau:2:13: the module requires itself',
      facts: ['a.luau:2 has require("./a")', 'a.luau is required by main.luau:1'],
      location: { file: 'a.luau', line: 2, column: 13 },
      hint: expect.stringContaining('require inside the function'),
    });
  });

  test('nor a script that requires itself', async () => {
    expect(await project.mistakeIn({ 'main.luau': '\nrequire("./main")' })).toMatchObject({
      message: 'main.luau:2:1: the module requires itself',
    });
  });

  test('nor a circle of two', async () => {
    const files = {
      'main.luau': 'local x = 1\nreturn require("./a")',
      'a.luau': 'local b = require("./b")\nreturn b',
      'b.luau': '--!strict\n\n\tlocal a = require("./a")\nreturn a',
    };
    expect(await project.mistakeIn(files)).toMatchObject({
      message: 'b.luau:3:12: modules require each other: a.luau → b.luau → a.luau',
      facts: [
        'a.luau:1 has require("./b")',
        'b.luau:3 has require("./a")',
        'a.luau is required by main.luau:2',
      ],
    });
  });

  test('nor one of three behind a chain, the script in it', async () => {
    const files = {
      'main.luau': 'require("./a")',
      'a.luau': 'local b = require("./dir/b") return b',
      'dir/b.luau': 'local main = require("../main") return main',
    };
    expect(await project.mistakeIn(files)).toMatchObject({
      message: 'dir/b.luau:1:14: modules require each other: main.luau → a.luau → dir/b.luau → main.luau',
      facts: [
        'main.luau:1 has require("./a")',
        'a.luau:1 has require("./dir/b")',
        'dir/b.luau:1 has require("../main")',
      ],
    });
  });

  test('can be, where one requires inside a function', async () => {
    const { results } = await project.runFiles({
      'main.luau': 'local a, self = require("./a"), require("./self")\nreturn a.viaB(), self.get() == self',
      'a.luau': 'local b = require("./b")\nreturn { n = 5, viaB = function() return b.ask() end }',
      'b.luau': 'return { ask = function() return require("./a").n end }',
      'self.luau': 'return { get = function() return require("./self") end }',
    });
    expect(results).toEqual([5, true]);
  });

  test('can be, where one needs the type of the other alone', async () => {
    const { results } = await project.runFiles({
      'main.luau': 'return require("./a")',
      'a.luau': 'local b = require("./b")\nexport type A = { b: b.B }\nreturn b + 1',
      'b.luau': 'type A = typeof(require("./a"))\nexport type B = { a: A }\nreturn 1',
    });
    expect(results).toEqual([2]);
  });

  test('can be, where it is the script alone', async () => {
    const { results } = await project.runFiles({
      'main.luau': 'local function again() return require("./main") end\nreturn select(2, pcall(again))',
    });
    expect(results).toEqual([
      expect.stringMatching(/^TaskScript:\d+: main\.luau is required while it is being loaded$/),
    ]);
  });

  test('and call that function while they load are told so, where it happens', async () => {
    const { error, errors } = await project.runFiles({
      'main.luau': 'local a = require("./a")\nreturn a',
      'a.luau': 'local b = require("./b")\n\nreturn { n = b.ask() }',
      'b.luau': 'local b = {}\nfunction b.ask()\n  return require("./a").n\nend\nreturn b',
    });
    expect(error).toMatchObject({
      message: 'b.luau:3: a.luau is required while it is being loaded',
      file: 'b.luau',
      line: 3,
      traceback: [
        { file: 'b.luau', line: 3, function: 'ask' },
        { file: 'a.luau', line: 3, function: null },
        { file: 'main.luau', line: 1, function: null },
      ],
    });
    expect(errors).toHaveLength(1);
  });

  test('over two threads do not wait for each other for ever', async () => {
    const load = (name: string) =>
      `task.wait()\nlocal other = (function() return require("./${name}") end)()\nreturn other`;
    const { results } = await project.runFiles({
      'main.luau': [
        'local function try(load) return select(2, pcall(load)) end',
        'local inThread',
        'task.spawn(function() inThread = try(function() return require("./a") end) end)',
        'local here = try(function() return require("./b") end)',
        'task.wait(0.1)',
        'return here, inThread',
      ].join('\n'),
      'a.luau': load('b'),
      'b.luau': load('a'),
    });
    expect(results).toEqual([
      expect.stringMatching(/^TaskScript:\d+: a\.luau is required while it is being loaded$/),
      expect.stringMatching(/^TaskScript:\d+: b\.luau failed when it was first required$/),
    ]);
  });
});
