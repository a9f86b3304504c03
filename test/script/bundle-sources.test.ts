import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createScriptProject, type ScriptProject } from '../helpers/script-project.ts';

let project: ScriptProject;
beforeEach(async () => {
  project = await createScriptProject();
});
afterEach(() => project.remove());

describe('a file as editors leave it', () => {
  test.each([
    ['CRLF', 'local a = require("./a")\r\n\r\nerror(a.x)\r\n', '\r\nreturn { x = "%s" }\r\n'],
    ['a BOM', '\uFEFFlocal a = require("./a")\n\nerror(a.x)', '\uFEFFreturn { x = "%s" }'],
    ['a shebang', '#!/usr/bin/env luau\nlocal a = require("./a")\nerror(a.x)', '#!luau\nreturn { x = "%s" }'],
    ['both', '\uFEFF#!luau\r\nlocal a = require("./a")\r\nerror(a.x)', '\uFEFF#!luau\r\nreturn { x = "%s" }'],
    ['a comment at its end', 'local a = require("./a")\n\nerror(a.x) -- x', 'return { x = "%s" } -- y'],
    [
      'a long comment',
      '--[[\n]] local a = require("./a")\nerror(a.x)',
      '--[==[\n]]\n]==]return{x="%s"}--[[\n]]',
    ],
    ['semicolons', 'local a = require("./a");\n\nerror(a.x);', 'return { x = "%s" };'],
  ])('runs and keeps its lines: %s', async (_name, main, module) => {
    const { error, prints } = await project.runFiles({
      'main.luau': main.replace('error(', 'print(require("./b").n) error('),
      'a.luau': module.replace('%s', 'told'),
      'b.luau': module.replace('x =', 'n =').replace('x=', 'n=').replace('%s', 'other'),
    });
    expect({ error, prints }).toMatchObject({
      error: { message: 'main.luau:3: told', traceback: [{ file: 'main.luau', line: 3 }] },
      prints: ['other'],
    });
  });

  test('a script of comments alone returns nothing', async () => {
    const { results, script } = await project.runFiles({ 'main.luau': '-- require("./gone")\n--[[ ARGS ]]' });
    expect({ results, text: script.text }).toEqual({
      results: [],
      text: '-- require("./gone")\n--[[ ARGS ]]',
    });
  });

  test('an init file is the module of its directory', async () => {
    const { results } = await project.runFiles({
      'main.luau': 'return require("./lib"), require("./lib/part")',
      'lib/init.luau': 'return { require("@self/part"), require("./other") }',
      'lib/part.luau': 'return "part"',
      'other.luau': 'return "other"',
    });
    expect(results).toEqual([['part', 'other'], 'part']);
  });

  test('and so is a script of that name', async () => {
    await project.write({
      'src/init.luau': 'return require("@self/part"), require("./other")',
      'src/part.luau': 'return "part"',
      'other.luau': 'return "other"',
    });
    expect((await project.run('src/init.luau')).results).toEqual(['part', 'other']);
  });
});

describe('types', () => {
  test('are kept, exported or not', async () => {
    const module = [
      'export type Point<T = number> = { x: T, y: T }',
      'type export = number',
      'local export: export = 1',
      'export type Read = typeof(export)',
      'local function add(a: Point, b: Point): Point return { x = a.x + b.x, y = a.y + b.y } end',
      'return { add = add }',
    ].join('\n');
    const { results, script } = await project.runFiles({
      'main.luau':
        '--!strict\nlocal a = require("./a")\ntype P = a.Point\nlocal p: P = { x = 1, y = 2 }\nreturn a.add(p, p)',
      'a.luau': module,
    });
    expect(results).toEqual([{ x: 2, y: 4 }]);
    expect(script.text).toContain('       type Point<T = number> = { x: T, y: T }\ntype export = number\n');
    expect(script.text).toContain('local p: P = { x = 1, y = 2 }');
  });

  test('and directives of the script come first, those of modules nowhere', async () => {
    await project.write({
      'main.luau': '-- mine\n--!strict\r\n--!native\n--!optimize 2\nreturn require("./a")\n--!nolint',
      'a.luau': '--!nonstrict\nreturn 1',
    });
    const { text } = await project.compose('main.luau');
    expect(text.split('\n').slice(0, 3)).toEqual(['--!strict', '--!native', '--!optimize 2']);
    expect(text.split('\n')[3]).not.toMatch(/^--!/);
  });
});

describe('names', () => {
  test('of the bundle are none of the script’s', async () => {
    const { results, script } = await project.runFiles({
      'main.luau': 'local a = require("./a")\nreturn a, __modules, __modules_ == nil, type(require), type(a)',
      'a.luau': [
        'local before = require("./b")',
        'modules, links, path, bind, running = 1, 2, 3, 4, 5',
        'function type() return "own" end',
        'local text = "__modules__"',
        'require = function() return "own require" end',
        'return { before, type(1), require("./c"), modules + links + path + bind + running, #text }',
      ].join('\n'),
      'b.luau': 'return type(require)',
      'c.luau': 'return "the module c"',
    });
    expect(results).toEqual([['function', 'own', 'own require', 15, 11], null, true, 'function', 'table']);
    expect(script.text).toContain('local __modules___ = {}');
  });

  test('that a module sets are its own', async () => {
    const { results, prints } = await project.runFiles({
      'main.luau': [
        'count = 100',
        'local a, b = require("./a"), require("./b")',
        'function helper() return "of the script" end',
        'a.add() a.add() b.add()',
        'return count, a.count(), b.count(), helper(), a.helper(), secret, b.seen()',
      ].join('\n'),
      'a.luau': [
        'count = 0',
        'secret = "a"',
        'function helper() return "of a" end',
        'local function add() count += 1 end',
        'return { add = add, count = function() return count end, helper = function() return helper() end }',
      ].join('\n'),
      'b.luau': [
        'local b = {}',
        'function b.add() count = (count or 0) + 1 end',
        'function b.count() return count end',
        'function b.seen() return { secret == nil, helper == nil, type(print) } end',
        'print("b sees", count)',
        'return b',
      ].join('\n'),
    });
    expect({ results, prints }).toEqual({
      results: [100, 2, 1, 'of the script', 'of a', null, [true, true, 'function']],
      prints: ['b sees nil'],
    });
  });

  test('of the library can be wrapped for one module', async () => {
    const { prints } = await project.runFiles({
      'main.luau': 'print("before") require("./loud") print("after")',
      'loud.luau': 'local old = print\nprint = function(...) old("loud:", ...) end\nprint("x")\nreturn 1',
    });
    expect(prints).toEqual(['before', 'loud: x', 'after']);
  });

  test('that a module sets are its own, also where its syntax is not known', async () => {
    const deep = `${'('.repeat(450)}1${')'.repeat(450)}`;
    const { results } = await project.runFiles({
      'main.luau': 'local a = require("./a")\nreturn a(), mine',
      'a.luau': `mine = ${deep}\nreturn function() return mine end`,
    });
    expect(results).toEqual([1, null]);
  });

  test('of a type function are not those of its file', async () => {
    const { results } = await project.runFiles({
      'main.luau': 'type function f(t) mine = t return require("./nowhere") end\nreturn mine',
    });
    expect(results).toEqual([null]);
  });

  test('that a module and its type function share are its own', async () => {
    const { results } = await project.runFiles({
      'main.luau': 'print = print\ntype function f(t) print(t) result = t end\nreturn require("./a"), mine',
      'a.luau': 'type function g(t) mine = t return mine end\nmine = 7\nreturn mine',
    });
    expect(results).toEqual([7, null]);
  });

  test('may be a require that knows other modules', async () => {
    const { results } = await project.runFiles({
      'main.luau': [
        'local old = require',
        'function require(path) return if path == "Maid" then "own" else old(path) end',
        'return require("Maid"), require("./a")',
      ].join('\n'),
      'a.luau': 'return "of the file"',
    });
    expect(results).toEqual(['own', 'of the file']);
  });

  test('in _G and shared are everybody’s', async () => {
    const { results } = await project.runFiles({
      'main.luau': 'require("./a") return _G.one, shared.two',
      'a.luau': '_G.one = 1 shared.two = 2 return nil',
    });
    expect(results).toEqual([1, 2]);
  });
});

test('the script is given what the task is, and its results stay as they are', async () => {
  const { results } = await project.runFiles({
    'main.luau': 'local a = require("./a") return nil, select("#", ...), type(({...})[1]), nil, a, nil',
    'a.luau': 'return select("#", ...)',
  });
  expect(results).toEqual([null, 1, 'table', null, 0, null]);
});
