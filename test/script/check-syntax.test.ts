import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SyntaxChecker } from '../../src/script/check-syntax.ts';
import { catchError } from '../config/catch-error.ts';
import { createScriptProject, type Files, type ScriptProject } from '../helpers/script-project.ts';

let project: ScriptProject;
let checker: SyntaxChecker;
beforeEach(async () => {
  project = await createScriptProject();
  checker = new SyntaxChecker();
});
afterEach(() => project.remove());

async function check(files: Files): Promise<void> {
  await project.write(files);
  checker.check(await project.compose('main.luau'));
}
const mistakeIn = (files: Files) => catchError(() => check(files));
/** What is said of a module that a module of the script requires. */
const mistakeInModule = (text: string) =>
  mistakeIn({ 'main.luau': '\nreturn require("./a")', 'a.luau': 'return require("./b")', 'b.luau': text });
const CHAIN = ['b.luau is required by a.luau:1', 'a.luau is required by main.luau:2'];

describe('a mistake', () => {
  test.each([
    ['alone', 'local a = 1\nlocal b = = 2', {}],
    [
      'before it is looked at for modules',
      'local a = require("./a")\nlocal b = = 2',
      { 'a.luau': 'return 1' },
    ],
    ['with arguments', 'local a = ARGS\nlocal b = = 2', {}],
    ['in the first line', 'local b = = ARGS', {}],
    ['with CRLF', '--!strict\r\nlocal b = = 2\r\n', {}],
    ['behind a shebang and a BOM', '\uFEFF#!luau\nlocal b = = 2', {}],
    ['that requires itself', 'local f = function() return require("./main") end\nlocal b = = 2', {}],
  ])('in a script is shown there: %s', async (_name, main, files) => {
    const line = main.split('\n').length - (main.endsWith('\n') ? 1 : 0);
    expect(await mistakeIn({ 'main.luau': main, ...files })).toMatchObject({
      id: 'LX006',
      kind: 'usage',
      message: `main.luau:${line}:11: syntax error: Expected identifier when parsing expression, got '='`,
      facts: [],
      hint: expect.stringContaining('--no-check'),
      location: { file: 'main.luau', line, column: 11 },
    });
  });

  test.each([
    [
      'a wrong token',
      '\n\nlocal b = = 2',
      "3:11: syntax error: Expected identifier when parsing expression, got '='",
    ],
    [
      'a function that is not closed',
      'local b = {}\nfunction b.f()\n  return 1\n\nreturn b\n',
      "5:1: syntax error: Expected 'end' (to close 'function' at line 2), got 'return'",
    ],
    [
      'a block that is not closed',
      'if x then\n  return 1\n',
      "3:1: syntax error: Expected 'end' (to close 'then' at line 1), got <eof>",
    ],
    ['an end too many', 'local b = 1\nend\nreturn b', "2:1: syntax error: Expected <eof>, got 'end'"],
    [
      'a comment that is not closed',
      'return 1\n--[[ open\n',
      '2: syntax error: Expected <eof>, got unfinished comment',
    ],
    [
      'a string that is not closed',
      'local a = 1\nreturn "open',
      '2: syntax error: Malformed string; did you forget to finish it?',
    ],
    [
      'an interpolation that is not closed',
      'return `open {',
      '1:15: syntax error: Expected identifier when parsing expression, got <eof>',
    ],
    [
      'a statement out of place',
      '\nbreak\nreturn 1',
      '2: syntax error: break statement must be inside a loop',
    ],
  ])('in a module is shown there with the way to it: %s', async (_name, module, message) => {
    const error = await mistakeInModule(module);
    expect(error.message).toContain(`b.luau:${message}`);
    expect(error).toMatchObject({ id: 'LX006', facts: CHAIN, location: { file: 'b.luau', text: module } });
  });

  test.each([
    'return 1 end, function() return 2',
    'return 1 end end) f(function() return function() return 2',
    'return 1 end function outside() return 2',
  ])('is also that a module closes more than it opens: %s', async (module) => {
    expect(await mistakeInModule(module)).toMatchObject({
      id: 'LX006',
      message: "b.luau:1:10: syntax error: Expected <eof>, got 'end'",
      facts: CHAIN,
    });
  });

  test('so is a comment without an end, also where a file after it has one', async () => {
    const error = await mistakeIn({
      'main.luau': 'local a = require("./a") --[[ closed ]]\nreturn a',
      'a.luau': 'do return 1 end --[[ open',
    });
    expect(error).toMatchObject({
      id: 'LX006',
      message: expect.stringMatching(/^a\.luau:1: syntax error: .*unfinished comment$/),
      facts: ['a.luau is required by main.luau:1'],
    });
  });

  test('so is that a script does', async () => {
    const main = 'local a = require("./a") end end) f(function() return function()\nreturn 1';
    expect(await mistakeIn({ 'main.luau': main, 'a.luau': 'return 1' })).toMatchObject({
      message: "main.luau:1:26: syntax error: Expected <eof>, got 'end'",
    });
  });

  test.each([
    ['a circle that there may be', { 'a.luau': 'return function() return require("./main") end\nx = = 1' }],
    ['a return that there may be', { 'a.luau': 'local x = = 1' }],
  ])('is told rather than %s', async (_name, files) => {
    expect((await mistakeIn({ 'main.luau': 'require("./a")', ...files })).id).toBe('LX006');
  });

  test('is the first of several', async () => {
    const files = { 'main.luau': 'local a = require("./a")\nx =', 'a.luau': 'y = =' };
    expect((await mistakeIn(files)).location).toMatchObject({ file: 'main.luau', line: 2 });
  });
});

describe('a column', () => {
  test.each([
    ['of the one token of its kind', 'local a = { b c }', 15],
    ['of the token that our reader stumbles over', 'f(a, b, , c, d)', 9],
    ['after letters beyond ASCII', 'local s = "é漢" )', 16],
    ['after a tab', '\t\tlocal x = = 1', 13],
  ])('is known: %s', async (_name, line, column) => {
    expect((await mistakeIn({ 'main.luau': `--\n${line}\n` })).location).toMatchObject({ line: 2, column });
  });

  test.each([
    ['where Luau names no token', 'x.y', 1],
    ['where a limit is passed', `f(${'x,'.repeat(300)}x)`, 1],
  ])('is not: %s', async (_name, main, line) => {
    const error = await mistakeIn({ 'main.luau': main });
    expect(error.location).toMatchObject({ line, column: null });
    expect(error.message).toMatch(/^main\.luau:1: syntax error: /);
  });
});

test.each([
  [
    'local names',
    `${'local x = f()\n'.repeat(201)}`,
    /^main\.luau:201: syntax error: Out of local registers/,
  ],
  ['registers', `\nf(${'x,'.repeat(300)}x)`, /^main\.luau:2: syntax error: Out of registers/],
])('limits are those of Luau: %s', async (_name, main, message) => {
  expect((await mistakeIn({ 'main.luau': main })).message).toMatch(message);
  expect(
    (await mistakeIn({ 'main.luau': `local a = require("./a") ${main}`, 'a.luau': 'return 1' })).id,
  ).toBe('LX006');
});

test('messages keep letters of all kinds', async () => {
  expect((await mistakeIn({ 'main.luau': 'local é = 1' })).message).toContain('got Unicode character U+e9');
  expect((await mistakeIn({ 'main.luau': 'f("漢" "🎮")' })).message).toContain('got "🎮"');
});

describe('there is no false alarm', () => {
  test.each([
    [
      'for types, attributes and all that is Luau',
      '@native local function f<T>(a: T): T return a end\nreturn f(1) :: any',
    ],
    ['for 900 parentheses', `return ${'('.repeat(900)}1${')'.repeat(900)}`],
    ['for what is deeper than the compiler can go', `return ${'-'.repeat(200_000)}1`],
    ['for 300 blocks in each other', `${'do '.repeat(300)}${'end '.repeat(300)}return 1`],
    ['for a long chain of operators', `return 1${' + 1'.repeat(500)}`],
    ['for comments alone', '-- nothing\n--[[ ]]'],
  ])('%s', async (_name, text) => {
    await check({ 'main.luau': text });
    await check({ 'main.luau': `local m = require("./a")\n${text}`, 'a.luau': 'return 1' });
  });

  test('for modules that our reader does not understand', async () => {
    await check({
      'main.luau': 'return require("./a")',
      'a.luau': `return ${'('.repeat(900)}1${')'.repeat(900)}`,
    });
  });
});

test('one checker is enough for many scripts, good and bad', async () => {
  const large = `local x = 1\n${'x = x + 1 -- and some text behind it\n'.repeat(50_000)}return x`;
  await project.write({
    'main.luau': large,
    'bad.luau': 'return return',
    'deep.luau': `return ${'-'.repeat(200_000)}1`,
  });
  const good = await project.compose('main.luau');
  const bad = await project.compose('bad.luau');
  const deep = await project.compose('deep.luau');
  for (let round = 0; round < 40; round++) {
    checker.check(good);
    if (round % 10 === 0) checker.check(deep);
    expect((await catchError(() => checker.check(bad))).id).toBe('LX006');
  }
});
