import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SyntaxChecker } from '../../src/script/check-syntax.ts';
import { addResultEncoder, createResultEncoder } from '../../src/script/encode-results.ts';
import { readChunkPositions } from '../../src/script/line-positions.ts';
import { createWrapping } from '../../src/script/wrapping.ts';
import { decodeResults } from '../../src/values/decode-results.ts';
import { catchError } from '../config/catch-error.ts';
import { createScriptProject, type Files, type ScriptProject } from '../helpers/script-project.ts';

const encoder = createResultEncoder({ hasBinaryOutput: false });

let project: ScriptProject;
beforeEach(async () => {
  project = await createScriptProject();
});
afterEach(() => project.remove());

/** What a user sees of the files' run, as they are and with the encoder around them. */
async function runBoth(files: Files) {
  await project.write(files);
  const scriptArguments = new Map([['day', 'monday']]);
  const plain = await project.run('main.luau', { scriptArguments });
  const wrapped = await project.run('main.luau', { scriptArguments, wrappings: [encoder] });
  const { script, results, ...seen } = wrapped;
  return {
    script,
    plain: { results: plain.results, prints: plain.prints, errors: plain.errors, error: plain.error },
    wrapped: { results, ...seen },
  };
}

const LOCALS = Array.from({ length: 200 }, (_, index) => `local a${index} = {}`).join('\n');
const MANY = 'local t = table.create(150000, 7) return table.unpack(t)';

describe('a script behaves in a wrapping as it does alone', () => {
  test.each([
    ['with nothing but blanks in it', ' \n'],
    ['with a comment alone', '-- nothing'],
    ['with a long comment alone', '--[[ nothing\n]]'],
    ['with a directive alone', '--!strict'],
    ['that returns nothing', 'print("x")'],
    ['that returns nothing in so many words', 'return'],
    ['with a semicolon behind its return', 'return 1, "a";\n'],
    ['that ends in a comment', 'return 1 -- and no more'],
    ['that ends in a long comment', 'return 1 --[[ and\nno more ]]'],
    ['that ends in a table', 'return {a = {1, 2, "x"}}'],
    ['with CRLF', '--!strict\r\n\r\nlocal a = 1\r\nreturn a, ARGS.day\r\n'],
    ['that fails in its first line', 'error("boom")'],
    [
      'that fails behind directives',
      '--!strict\n--!optimize 2\n-- mine\n\nlocal function f()\n  error("boom")\nend\nf()',
    ],
    ['behind a shebang', '#!/usr/bin/env luau\n\nerror("boom")'],
    ['that fails with a table', 'error({ code = 1 })'],
    ['that fails in a thread', 'task.spawn(function()\n  error("inner")\nend)\nreturn 1'],
    ['that fails after a wait', 'task.wait(0.01)\nlocal x = nil\nreturn x.y'],
    ['that warns with its stack', 'local function f()\n  warn(debug.traceback("here"))\nend\nf()\nreturn 1'],
    ['that waits before it returns', 'task.wait(0.01) return 1, 2'],
    [
      'that returns what a thread of its own gets',
      'local me = coroutine.running()\ntask.delay(0, task.spawn, me, 1, 2)\nreturn coroutine.yield()',
    ],
    ['that asks what it was given', 'local input = ...\nreturn select("#", ...), type(input)'],
    ['that sets globals', 'x = 1\nfunction f() return x end\nreturn f(), getfenv().x, getfenv(f).x'],
    ['that asks for its environment', 'return getfenv(1) == getfenv(), getfenv().print == print'],
    ['that changes its environment', 'setfenv(1, { y = 5 })\nreturn y, print == nil'],
    [
      'that changes the globals that the encoder needs',
      'type, pcall, table, string, next, buffer = nil\nreturn "still"',
    ],
    ['with 200 locals', `${LOCALS}\nreturn a0 ~= a199`],
    ['with types', 'export type T = { n: number }\ntype U = T\nlocal t: U = { n = 1 }\nreturn t.n'],
    ['with a type function', 'type function f(x)\n  return x\nend\nlocal t: f<number> = 1\nreturn t'],
    [
      'that has names of the wrapping',
      'local __script, values, encode = 1, 2, 3\nreturn __script, values, encode',
    ],
    ['that returns very many values', MANY],
  ])('%s', async (_name, main) => {
    const { plain, wrapped } = await runBoth({ 'main.luau': main });
    expect(wrapped).toEqual(plain);
  });

  test.each([
    [
      'that run',
      {
        'main.luau': 'local a = require("./a")\nx = 5\nreturn a.f(), x',
        'a.luau': 'x = 1\nreturn { f = function() return x end }',
      },
    ],
    [
      'that fail',
      {
        'main.luau': '--!strict\nlocal a = require("./a")\na()',
        'a.luau': 'export type A = number\nreturn function()\n  error(ARGS.day)\nend',
      },
    ],
    [
      'that fail while they load',
      { 'main.luau': 'return require("./a")', 'a.luau': '\nerror("no")\nreturn 1' },
    ],
    [
      'that load in a circle',
      {
        'main.luau': 'return require("./a").get().n',
        'a.luau': 'return { n = 3, get = function() return require("./a") end }',
      },
    ],
  ])('with modules %s', async (_name, files) => {
    const { plain, wrapped } = await runBoth(files);
    expect(wrapped).toEqual(plain);
    expect(plain.results ?? plain.error?.line).not.toBeNull();
  });

  test('and its values are not lost where an encoder fails', async () => {
    await project.write({ 'main.luau': 'return 1, "a"' });
    const broken = {
      before: encoder.before,
      after: encoder.after.replace('\nfindShared(values)', '\nerror("no")'),
    };
    expect(broken.after).not.toBe(encoder.after);
    expect((await project.run('main.luau', { wrappings: [broken] })).results).toEqual([1, 'a']);
  });
});

describe('lines', () => {
  test.each([
    ['in its first line', 'local x = 1'],
    ['behind comments, directives and an empty line', '--!strict\n-- mine\n--[[\n]]\n\n  local x = 1\n\n'],
    ['behind nothing but comments', '-- a\n-- b'],
  ])('stay where they are: %s', async (_name, text) => {
    await project.write({ 'main.luau': text });
    const { text: chunk, map, positionOf } = await project.compose('main.luau', { wrappings: [encoder] });
    const lines = text.split('\n');
    const sent = chunk.split('\n').slice(0, lines.length);
    expect(sent.map((line) => line.replace(encoder.before, ''))).toEqual(lines);
    expect(map).toEqual([{ file: 'main.luau', chunkLine: 1, lineCount: lines.length }]);
    expect([positionOf(lines.length)?.line, positionOf(lines.length + 1)]).toEqual([lines.length, null]);
  });

  test('can be found again in the chunk alone', async () => {
    await project.write({ 'main.luau': 'local a\nerror(a)' });
    const { text } = await project.compose('main.luau', { wrappings: [encoder] });
    const positionOf = readChunkPositions(text, 'TaskScript');
    expect(positionOf(2)).toMatchObject({ file: 'main.luau', line: 2 });
    expect(text.split('\n').flatMap((_, index) => (positionOf(index + 1) ? [index + 1] : []))).toEqual([
      1, 2,
    ]);
  });

  test('of modules stay as well', async () => {
    await project.write({ 'main.luau': 'require("./a")', 'a.luau': 'return 1' });
    const plain = await project.compose('main.luau');
    expect((await project.compose('main.luau', { wrappings: [encoder] })).map).toEqual(plain.map);
  });
});

describe('the check', () => {
  test.each([
    ['an unfinished comment', 'local a = 1\nreturn a --[[ and', 'main.luau:2'],
    ['a block that does not end', 'if true then\nreturn 1', 'main.luau:2'],
    ['one end too many', 'local a = 1\nend return 1', 'main.luau:2'],
    ['one that the wrapping would need', 'return 1 end local f = function()\nreturn 2', 'main.luau:1'],
    ['201 locals', `${LOCALS}\nlocal b = {}`, 'main.luau:201'],
    ['a break outside a loop', '\nbreak', 'main.luau:2'],
  ])('finds %s, as without a wrapping', async (_name, main, place) => {
    await project.write({ 'main.luau': main });
    const checker = new SyntaxChecker();
    const plain = await catchError(async () => checker.check(await project.compose('main.luau')));
    const wrapped = await catchError(async () =>
      checker.check(await project.compose('main.luau', { wrappings: [encoder] })),
    );
    expect(plain.message).toMatch(new RegExp(`^${place}:`));
    expect({ message: wrapped.message, location: wrapped.location }).toEqual({
      message: plain.message,
      location: plain.location,
    });
  });
});

describe('wrappings', () => {
  const around = (name: string) =>
    createWrapping(
      `print("${name} begins")\nlocal r = table.pack(__script(...))\nprint("${name} ends")\nreturn table.unpack(r, 1, r.n)`,
    );

  test('go around each other, the first outermost', async () => {
    await project.write({ 'main.luau': 'print("script") return 1, nil' });
    const wrappings = [around('outer'), around('inner')];
    const { results, prints } = await project.run('main.luau', { wrappings });
    expect(prints).toEqual(['outer begins', 'inner begins', 'script', 'inner ends', 'outer ends']);
    expect(results).toEqual([1, null]);
  });

  test('are sent without comments and blanks, and their strings as they are', () => {
    const { after } = createWrapping(
      '-- a comment\nlocal a = "x  -- y" -- another\n\n\treturn   __script ( a )\n',
    );
    expect(after).toBe('end\nlocal a="x  -- y"\nreturn __script(a)\n');
  });

  test('that make a script too large are refused', async () => {
    await project.write({ 'main.luau': `return [[${'x'.repeat(4 * 1024 * 1024 - 20)}]]` });
    await project.compose('main.luau');
    expect(await catchError(() => project.compose('main.luau', { wrappings: [encoder] }))).toMatchObject({
      id: 'LX004',
      message: expect.stringMatching(/^main.luau with what is put around it is 4.1 MB/),
    });
  });
});

test('the encoder is small', () => {
  expect(encoder.before.length + encoder.after.length).toBeLessThan(5_200);
});

test('a script of the library keeps its lines', () => {
  const script = '--!strict\nexport type T = number\nreturn 1';
  const chunk = addResultEncoder(script);
  expect(chunk.split('\n').slice(0, 3)).toEqual([
    '--!strict',
    `${encoder.before}       type T = number`,
    'return 1',
  ]);
  expect(decodeResults([1])).toEqual([1]);
});
