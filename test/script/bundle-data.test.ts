import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/script/encode-literal.ts';
import { catchError } from '../config/catch-error.ts';
import { createScriptProject, type ScriptProject } from '../helpers/script-project.ts';

let project: ScriptProject;
beforeEach(async () => {
  project = await createScriptProject();
});
afterEach(() => project.remove());

describe('a JSON file', () => {
  test.each<[name: string, text: string, value: JsonValue]>([
    [
      'an object',
      '{\r\n  "a": [1, 2.5, -3e2],\r\n  "end": {"x": true}\r\n}\r\n',
      { a: [1, 2.5, -300], end: { x: true } },
    ],
    ['an array', ' [1, "two", false] ', [1, 'two', false]],
    ['a number', '-0.5', -0.5],
    ['a string', '"]==] \\u0000 \\" \\n é 漢 🎮 \\ud83c\\udfae"', ']==] \0 " \n é 漢 🎮 🎮'],
    ['true', 'true', true],
    ['null', 'null', null],
    ['a BOM before it', '\uFEFF{"a": 1}', { a: 1 }],
    ['keys of all kinds', '{"": 1, "a b": 2, "nil": 3, "é": 4}', { '': 1, 'a b': 2, nil: 3, é: 4 }],
    ['nulls', '{"a": null, "b": [1, null, 3]}', { b: [1, null, 3] }],
  ])('is its value: %s', async (_name, text, value) => {
    const { results } = await project.runFiles({
      'main.luau': 'return require("./data.json")',
      'data.json': text,
    });
    expect(results).toEqual([value]);
  });

  test('may be deep', async () => {
    const { results } = await project.runFiles({
      'main.luau': [
        'local at, depth = require("./deep.json"), 0',
        'while at[1] do at = at[1] depth += 1 end',
        'return depth',
      ].join('\n'),
      'deep.json': '['.repeat(900) + ']'.repeat(900),
    });
    expect(results).toEqual([899]);
  });

  test('may not be deeper than a literal can be', async () => {
    const text = '['.repeat(100_000) + ']'.repeat(100_000);
    await project.write({ 'main.luau': 'return require("./deep.json")', 'deep.json': text });
    expect(await catchError(() => project.compose('main.luau'))).toMatchObject({
      message: 'deep.json is nested deeper than 1,000 levels',
    });
  });

  test('is one value for all', async () => {
    const { results } = await project.runFiles({
      'main.luau': 'require("./data.json").n += 1 return require("./data.json"), require("./a")',
      'a.luau': 'return require("./data.json").n',
      'data.json': '{"n": 1}',
    });
    expect(results).toEqual([{ n: 2 }, 2]);
  });

  test.each([
    ['{\n  "a": 1,\n  "b": x\n}', 3, 8],
    ['{\n  "a": 1,\n}', 3, 1],
    ['', 1, 1],
    ['[1,\n', 1, 4],
    ['{"a": 1} 2', 1, 10],
    ['// a comment\n{}', 1, 1],
    ['{"é漢": tru }', 1, 11],
    ['["a\tb"]', 1, 4],
  ])('that is none is refused: %j', async (text, line, column) => {
    await project.write({ 'main.luau': 'local a = 1\nreturn require("./data.json")', 'data.json': text });
    expect(await catchError(() => project.compose('main.luau'))).toMatchObject({
      id: 'LX006',
      // What is wrong is said in V8's words, which differ between versions.
      message: expect.stringMatching(
        new RegExp(`^data\\.json:${line}:${column}: syntax error in JSON: [a-z]+ .`),
      ),
      facts: ['data.json is required by main.luau:2'],
      location: { file: 'data.json', line, column },
    });
  });

  test('that is not UTF-8 is refused', async () => {
    await project.write({
      'main.luau': 'return require("./data.json")',
      'data.json': Buffer.from([0x22, 0xff, 0x22]),
    });
    expect(await catchError(() => project.compose('main.luau'))).toMatchObject({
      id: 'LX016',
      message: 'main.luau:1:8: data.json is not UTF-8 text',
    });
  });
});

describe('a text file', () => {
  test.each([
    ['empty', Buffer.alloc(0)],
    ['CRLF, a BOM and no end', Buffer.from('\uFEFFone\r\ntwo\r\n\r\nthree')],
    ['brackets and escapes', Buffer.from(']] ]==] \\n "\'` {x} --[[ é漢🎮')],
    ['a shebang, and Luau', Buffer.from('#!/bin/sh\nreturn require("./gone")\n')],
    ['what is not UTF-8', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte))],
  ])('is its bytes: %s', async (_name, bytes) => {
    const { results } = await project.runFiles({
      'main.luau':
        'return (string.gsub(require("./text.txt"), ".", function(c) return string.format("%02x", string.byte(c)) end))',
      'text.txt': bytes,
    });
    expect(results).toEqual([bytes.toString('hex')]);
  });

  test('moves no line of what follows', async () => {
    const { error } = await project.runFiles({
      'main.luau': 'local text = require("./text.txt")\n\nrequire("./a")',
      'a.luau': '\nerror("here")\nreturn 1',
      'text.txt': 'a\nb\nc\n',
    });
    expect(error).toMatchObject({ message: 'a.luau:2: here', traceback: [{ line: 2 }, { line: 3 }] });
  });
});
