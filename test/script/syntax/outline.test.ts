import { describe, expect, test } from 'vitest';
import { outline } from '../../../src/script/syntax/outline.ts';

const pathsIn = (source: string) => outline(source).requires.map(({ path }) => path);

describe('a require is found', () => {
  test.each([
    ['in parentheses', 'local a = require("./a")', ['./a']],
    ['without them', "local a = require './a'", ['./a']],
    ['in long brackets', 'require[[./a]] require[==[./b]==]', ['./a', './b']],
    ['in backticks', 'require`./a` require(`./b`)', ['./a', './b']],
    ['in two pairs of parentheses', 'require((("./a")))', ['./a']],
    ['over several lines', 'require\n(\n"./a"\n)', ['./a']],
    ['with escapes', 'require("\\46/\\x61\\u{62}\\z  \n c")', ['./abc']],
    ['with a type behind it', 'local a = require("./a") :: any', ['./a']],
    ['indexed and called at once', 'require("./a").new("x"):go()', ['./a']],
    ['as the argument of a call', 'f(require("./a"), { require("./b") })', ['./a', './b']],
    [
      'in the expression of an interpolated string',
      'print(`{ require("./a") } {`{require("./b")}`}`)',
      ['./a', './b'],
    ],
    ['in a table inside an interpolated string', 'print(`{ f({ x = { require("./a") } }) }`)', ['./a']],
    [
      'in an if expression',
      'local a = if x then require("./a") elseif y then 1 else require("./b")',
      ['./a', './b'],
    ],
    ['in typeof', 'type A = typeof(require("./a"))', ['./a']],
    ['after a generic function type', 'local f: <T>(T) -> (T, ...T) = require("./a")', ['./a']],
    ['between comparisons', 'local b = x < y and z > require("./a")', ['./a']],
    ['after an instantiation', 'f<<number, string>>(require("./a"))', ['./a']],
    ['in the condition of a repeat', 'repeat until require("./a")', ['./a']],
    ['in the same statement that hides the name', 'local require = require("./a")', ['./a']],
    ['after a function of the name has ended', 'local function f(require) end require("./a")', ['./a']],
    ['after a block in which it was hidden', 'do local require = 1 end require("./a")', ['./a']],
  ])('%s', (_name, source, paths) => {
    expect(pathsIn(source)).toEqual(paths);
  });

  test.each([
    ['in a comment', '-- require("./a")\n--[[ require("./b") ]] --[==[\nrequire("./c")]==]'],
    ['in a string', 'print("require(\'./a\')", \'require("./b")\', [[require("./c")]])'],
    ['in the text of an interpolated string', 'print(`require("./a") \\{ require("./b") } {1}`)'],
    ['as a field', 'a.require("./a") a:require("./b") t = { require = f }'],
    ['where it is a local', 'local require = f require("./a")'],
    ['where it is a parameter', 'local function f(a, require: any) return require("./a") end'],
    ['where it is a function of the file', 'local function require(x) end require("./a")'],
    ['where it is the name in a loop', 'for _, require in x do require("./a") end'],
    [
      'in a function that closes over such a name',
      'local require = f\nfunction g() return require("./a") end',
    ],
    ['as part of a longer name', 'requires("./a") my_require("./b")'],
  ])('and none %s', (_name, source) => {
    expect(pathsIn(source)).toEqual([]);
  });

  test.each([
    ['require(script.Parent.X)', 'require(script.Parent.X)'],
    ['require(game:GetService("A").B)', 'require(game:GetService("A").B)'],
    ['require("./a" .. "b")', 'require("./a" .. "b")'],
    ['require(`./{name}`)', 'require(`./{name}`)'],
    ['local r = require', 'require'],
    ['xpcall(require, print, "./a")', 'require'],
    ['require(\n  x\n)', 'require( x )'],
  ])('%s has no path', (source, text) => {
    expect(outline(source).requires).toMatchObject([{ path: null, text, isOptional: false }]);
  });

  test('and whether it is inside a function or a block', () => {
    const source =
      'require("./a") local function f() require("./b") end do require("./c") end g(function() require("./d") end)';
    expect(outline(source).requires.map(({ isDeferred }) => isDeferred)).toEqual([false, true, true, true]);
  });

  test('and is not cut in the middle where it is long', () => {
    const [found] = outline(`require(f(${'x, '.repeat(500)}x))`).requires;
    expect(found?.text).toBe('require(…)');
  });

  test.each([
    ['open', 'require('.repeat(100_000)],
    ['closed', `local x = ${'require('.repeat(100_000)}1${')'.repeat(100_000)}`],
  ])('and 100,000 in each other take no minutes: %s', (_name, source) => {
    expect(outline(source).requires).toHaveLength(100_000);
  });

  test.each([
    ['require"./a"', 'require"./a"'],
    ['local a = require("./a").b', 'require("./a")'],
    ['f(require((("./a"))), 1)', 'require((("./a")))'],
    ['require[[./a]] :: any', 'require[[./a]]'],
    [`require("./a${'b'.repeat(66)}")`, `require("./a${'b'.repeat(66)}")`],
    [`require("./a${'b'.repeat(67)}")`, 'require(…)'],
    ['require(f(x), (y)) z()', 'require(f(x), (y))'],
    ['require(f(x) y', 'require'],
    ['local a = require z(x)', 'require'],
  ])('in %j it is shown as %j', (source, text) => {
    expect(outline(source).requires).toMatchObject([{ text }]);
  });

  test.each([
    'pcall(require, "./a", 1)',
    'pcall(require, a)',
    'other(require, "./a")',
    'pcall(1, require, "./a")',
    'pcall[(require)]("./a")',
  ])('%j is no require of "./a"', (source) => {
    expect(outline(`return ${source}`).requires).toMatchObject([{ path: null, isOptional: false }]);
  });

  test('under pcall it may lead nowhere', () => {
    expect(outline('local ok, a = pcall(require, "./a")').requires).toEqual([
      { offset: 20, path: './a', text: 'pcall(require, "./a")', isDeferred: false, isOptional: true },
    ]);
  });

  test.each([
    'local old = require require = function(path) return old(path) end require("./a")',
    'function require(path) return path end require("./a")',
  ])('in a file that sets the name it may lead nowhere: %s', (source) => {
    expect(outline(source).requires.at(-1)).toMatchObject({ path: './a', isOptional: true });
  });
});

describe('names of the file', () => {
  test.each([
    ['a = 1', ['a']],
    ['function f() end', ['f']],
    ['a, b.c, d = 1, 2, 3', ['a', 'd']],
    ['a += 1 b ..= "x"', ['a', 'b']],
    ['function t.f() end function t:g() end t.x = 1 t["y"] = 2', []],
    ['local a a = 1 local function f() end f = nil', []],
    ['local function f(x, ...) x = 1 y = 2 end', ['y']],
    ['for i = 1, 3 do i = 2 j = 3 end for k, v in t do k, v = 1, 2 end', ['j']],
    ['do local a end a = 1', ['a']],
    ['repeat local done = true until f(function() done = false end)', []],
    ['function t:f() self = nil end self = 1', ['self']],
    ['local a: { b: number } = {} a = {} b = 1', ['b']],
    ['type a = number type function f(x) x = 1 return x end', []],
    ['const x = 1 const function f() end x = 2', []],
    ['local t = { a = 1, ["b"] = 2 }', []],
  ])('%s sets %j', (source, names) => {
    expect(outline(source).globalWrites).toEqual(names);
  });

  test.each([
    ['print(ARGS.day)', true],
    ['local function f() return ARGS end', true],
    ['local ARGS = {} print(ARGS)', false],
    ['print("ARGS", x.ARGS) -- ARGS', false],
    ['ARGS = {}', false],
    ['print(`{ARGS.day}`)', true],
  ])('%s reads ARGS: %s', (source, reads) => {
    expect(outline(source).readsArgs).toBe(reads);
  });
});

describe('what a module returns', () => {
  test.each([
    ['return {}', [true]],
    ['return f()', [true]],
    ['return a, f()', [true]],
    ['return a, b', [false]],
    ['return a, (f())', [false]],
    ['return ...', [true]],
    ['return', [false]],
    ['return;', [false]],
    ['if x then return 1 end return 2, 3', [true, false]],
    ['local function f() return 1, 2 end', []],
    ['return x :: Map<string, number>', [true]],
    ['return a < b, c > d', [false]],
    ['return function(a, b) return a, b end', [true]],
  ])('%s', (source, expected) => {
    expect(outline(source).returns?.map(({ canBeOneValue }) => canBeOneValue)).toEqual(expected);
  });
});

test('directives count only before the first token', () => {
  const head = '--!strict\n-- a\n--[[ b ]] --!native\n  ';
  const { directives, codeStart } = outline(`${head}return 1 --!optimize 2\n--!nolint\n`);
  expect(directives).toEqual(['--!strict', '--!native']);
  expect(codeStart).toBe(head.length);
});

test('exports of types are found where they are statements', () => {
  const source =
    'export type A = number\nlocal export = 1\nexport type B<T> = T\nprint(export)\nexport type function F(t) return t end';
  expect(outline(source).typeExports.map((offset) => source.slice(offset, offset + 13))).toEqual([
    'export type A',
    'export type B',
    'export type f',
  ]);
});

describe('syntax that is not known', () => {
  const deep = `${'('.repeat(5_000)}1${')'.repeat(5_000)}`;
  test.each([
    ['a newer statement', 'class A\nend\nlocal a = require("./a")\nexport type B = number'],
    ['a mistake', 'local x = = 1\nlocal a = require("./a")\nexport type B = number'],
    ['more depth than Luau itself allows', `require("./a") local b = ${deep} export type B = number`],
  ])('%s: what the tokens say is taken', (_name, source) => {
    const found = outline(source);
    expect(found.returns).toBeNull();
    expect(found.requires).toMatchObject([{ path: './a', isDeferred: true }]);
    expect(found.typeExports).toHaveLength(1);
  });

  test('a text that begins like no path is none then', () => {
    const source = 'class A\nend\nrequire("Maid") require("@a/b") require("../c")';
    expect(pathsIn(source)).toEqual([null, '@a/b', '../c']);
  });

  test.each(
    [
      '"',
      "'",
      '`',
      '`{',
      '[[',
      '[==[',
      '--[[',
      '\\',
      'é',
      '\0',
      '`\\',
      '"\\',
      '0x',
      '((((',
      'end end',
      '@',
      '@[',
    ].map((rest) => [rest]),
  )('never throws: %j', (rest) => {
    expect(pathsIn(`require("./a") ${rest}`)).toEqual(['./a']);
  });
});
