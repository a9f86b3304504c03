import { mkdir, symlink } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { catchError } from '../config/catch-error.ts';
import { createScriptProject, type ScriptProject } from '../helpers/script-project.ts';

let project: ScriptProject;
beforeEach(async () => {
  project = await createScriptProject();
});
afterEach(() => project.remove());

describe('a script that needs nothing else is sent byte for byte', () => {
  test.each([
    ['plain', 'return 1\n'],
    ['without a line break at its end', 'print("x")\nreturn 1'],
    ['with CRLF', '--!strict\r\nlocal a = 1\r\n\r\nreturn a\r\n'],
    ['with tabs, NUL and other letters', '\treturn "é漢🎮\0"  \n\n'],
    ['with comments that mention require', '-- require("./gone")\n--[[ require "./gone" ]]\nreturn 1'],
    ['with strings that hold ARGS', 'return "ARGS", \'ARGS.x\', [[ARGS]], `ARGS {1}`'],
    [
      'with names that only look like them',
      'local ARGS, require = {}, print\nrequire("./gone", ARGS)\nx.ARGS = 1',
    ],
    ['with a require of the place', 'return require(game.ServerStorage.X), require("@game/X")'],
    ['with a syntax error', 'return return'],
  ])('%s', async (_name, text) => {
    await project.write({ 'main.luau': text });
    const script = await project.compose('main.luau');
    expect(script.text).toBe(text);
    const lines = text.split('\n').length;
    expect(script.map).toEqual([{ file: 'main.luau', chunkLine: 1, lineCount: lines }]);
    expect(script.positionOf(lines)).toEqual({ file: 'main.luau', line: lines, text });
    expect([script.positionOf(0), script.positionOf(lines + 1)]).toEqual([null, null]);
  });

  test('save for a BOM and the shebang', async () => {
    await project.write({ 'main.luau': '\uFEFF#!/usr/bin/env luau-exec\nreturn 1' });
    expect((await project.compose('main.luau')).text).toBe('\nreturn 1');
  });

  test('and its hash is that of what is sent', async () => {
    await project.write({ 'main.luau': '\uFEFFabc' });
    expect((await project.compose('main.luau')).sha256).toBe(
      'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
    );
  });
});

describe('ARGS', () => {
  const scriptArguments = new Map<string, string | number | null>([
    ['day', 'monday'],
    ['n', 2],
    ['none', null],
    ['a "b"\n', 3],
  ]);

  test('is there for the script', async () => {
    const files = { 'main.luau': 'return ARGS' };
    const { results } = await project.runFiles(files, { scriptArguments });
    expect(results).toEqual([{ day: 'monday', n: 2, 'a "b"\n': 3 }]);
  });

  test('and for its modules, where only they read it', async () => {
    const { results } = await project.runFiles(
      { 'main.luau': 'return require("./a")', 'a.luau': 'local function f() return ARGS.day end return f()' },
      { scriptArguments },
    );
    expect(results).toEqual(['monday']);
  });

  test('is an empty table where none were given', async () => {
    expect((await project.runFiles({ 'main.luau': 'return ARGS, next(ARGS)' })).results).toEqual([[], null]);
    expect(
      (await project.runFiles({ 'main.luau': 'return require("./a")', 'a.luau': 'return { ARGS }' })).results,
    ).toEqual([[[]]]);
  });

  test('is there for what is not seen to read it', async () => {
    const { script, results } = await project.runFiles(
      { 'main.luau': 'return getfenv().ARGS.n' },
      { scriptArguments },
    );
    expect({ results, starts: script.text.startsWith('ARGS={') }).toEqual({ results: [2], starts: true });
  });

  test('is not sent where nothing reads it and none were given', async () => {
    await project.write({
      'main.luau': 'local ARGS = require("./a")\nreturn ARGS',
      'a.luau': 'return { ARGS = 1 }',
    });
    expect((await project.compose('main.luau')).text).not.toMatch(/ARGS=/);
  });

  test.each([
    ['in the first line', 'error(ARGS.day)', 1],
    ['behind comments and directives', '--!strict\n-- mine\n--[[\n]]\n\n  error(ARGS.day)', 6],
    ['with CRLF', '--!native\r\n\r\nlocal x = 1 error(ARGS.day)\r\n', 3],
    ['behind a shebang', '#!luau\n(function() error(ARGS.day) end)()', 2],
  ])('moves no line: %s', async (_name, main, line) => {
    const { error, script } = await project.runFiles({ 'main.luau': main }, { scriptArguments });
    expect(error).toMatchObject({ message: `main.luau:${line}: monday`, line, file: 'main.luau' });
    expect(script.text.split('\n')).toHaveLength(main.split('\n').length);
    const top = main.replace(/^#!.*/, '').replace(/(?:local|error|\()[\s\S]*$/, '');
    expect(script.text.slice(0, top.length)).toBe(top);
  });

  test('moves no line of a bundle', async () => {
    const { error } = await project.runFiles(
      { 'main.luau': '--!strict\nrequire("./a")', 'a.luau': 'error(ARGS.day)\nreturn 1' },
      { scriptArguments },
    );
    expect(error).toMatchObject({
      message: 'a.luau:1: monday',
      traceback: [
        { file: 'a.luau', line: 1 },
        { file: 'main.luau', line: 2 },
      ],
    });
  });

  test('that a module sets is its own', async () => {
    const { results } = await project.runFiles(
      { 'main.luau': 'return require("./a"), ARGS.n', 'a.luau': 'ARGS = { n = ARGS.n + 5 } return ARGS.n' },
      { scriptArguments },
    );
    expect(results).toEqual([7, 2]);
  });
});

describe('a script that is no file', () => {
  test.each([
    ['-', { stdin: 'local a = require("./lib/a")\nerror(a)' }],
    ['-e', { code: 'local a = require("./lib/a")\nerror(a)' }],
  ])('%s requires from the working directory', async (name, text) => {
    await project.write({ 'deep/lib/a.luau': 'return require("@top/b")', 'top/b.luau': 'return "found"' });
    await project.write({ '.luaurc': '{"aliases":{"top":"./top"}}' });
    const { error, script } = await project.run(name, { ...text, cwd: project.path('deep') });
    expect(error).toMatchObject({ message: `${name}:2: found`, file: name, line: 2 });
    expect(script.modules.map((module) => module.name)).toEqual([name, 'lib/a.luau', '../top/b.luau']);
  });

  test('a file of that name is another', async () => {
    const { results } = await (async () => {
      await project.write({ '-e.luau': 'return "the file"' });
      return project.run('-e', { code: 'return require("./-e")' });
    })();
    expect(results).toEqual(['the file']);
  });
});

describe('what lies outside the project', () => {
  beforeEach(async () => {
    await mkdir(project.path('inside'));
    await project.write({
      'outside/secret.luau': 'return "secret"',
      'inside/.luaurc': '{"aliases":{"out":"../outside"}}',
    });
    await symlink(project.path('outside/secret.luau'), project.path('inside/link.luau'));
  });

  test.each(['../outside/secret', '@out/secret', './link'])('is refused: %s', async (path) => {
    await project.write({ 'inside/main.luau': `local x = 1\nreturn require("${path}")` });
    const root = project.path('inside');
    const error = await catchError(() => project.compose('inside/main.luau', { root }));
    expect(error).toMatchObject({
      id: 'LX016',
      message: 'inside/main.luau:2:8: outside/secret.luau lies outside the project, inside',
      hint: expect.stringContaining('--allow-outside'),
    });
  });

  test.each(['../outside/secret', '@out/secret', './link'])('unless there is no limit: %s', async (path) => {
    await project.write({ 'inside/main.luau': `return require("${path}")` });
    expect((await project.run('inside/main.luau', { root: null })).results).toEqual(['secret']);
  });

  test('and pcall does not get it either', async () => {
    await project.write({ 'inside/main.luau': 'return (pcall(require, "../outside/secret"))' });
    const { results, script } = await project.run('inside/main.luau', { root: project.path('inside') });
    expect({ results, leftAlone: script.leftAlone.length }).toEqual({ results: [false], leftAlone: 1 });
    expect(script.text).not.toContain('"secret"');
  });

  test('a project that is reached by a link is inside', async () => {
    await symlink(project.path('inside'), project.path('linked'));
    await project.write({ 'inside/main.luau': 'return require("./a")', 'inside/a.luau': 'return 1' });
    const linked = project.path('linked');
    const { results, script } = await project.run('main.luau', { root: linked, cwd: linked });
    expect(results).toEqual([1]);
    expect(script.modules.map(({ name }) => name)).toEqual(['main.luau', 'a.luau']);
  });
});
