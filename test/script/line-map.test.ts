import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { JsonValue } from '../../src/script/encode-literal.ts';
import { createResultEncoder } from '../../src/script/encode-results.ts';
import { findFileLine, formatMapComment, type LineMap, parseMapComment } from '../../src/script/line-map.ts';
import { readChunkPositions } from '../../src/script/line-positions.ts';
import { createScriptProject, type Files, type ScriptProject } from '../helpers/script-project.ts';

const map: LineMap = [
  { file: 'a.luau', chunkLine: 5, lineCount: 3 },
  { file: 'b.luau', chunkLine: 8, lineCount: 1 },
  { file: 'main.luau', chunkLine: 12, lineCount: 100 },
];

test.each([
  [5, 'a.luau', 1],
  [7, 'a.luau', 3],
  [8, 'b.luau', 1],
  [12, 'main.luau', 1],
  [111, 'main.luau', 100],
])('line %i of the chunk is in %s, line %i', (chunkLine, file, line) => {
  expect(findFileLine(map, chunkLine)).toEqual({ file, line });
});

test.each([-1, 0, 1, 4, 9, 11, 112, Number.NaN, Number.POSITIVE_INFINITY])(
  'line %d is in no file',
  (line) => {
    expect(findFileLine(map, line)).toBeNull();
    expect(findFileLine([], line)).toBeNull();
  },
);

describe('the comment at the end of a chunk', () => {
  test.each([
    'a.luau',
    'with "quotes" and \'others\'.luau',
    'back\\slash.luau',
    'line\nbreak\r\n\u2028.luau',
    'é漢🎮.luau',
    ']] --[[ .luau',
    '\0\x1b[2J',
    '-',
    '../../outside.luau',
  ])('keeps the name %j', (file) => {
    const comment = formatMapComment([{ file, chunkLine: 2, lineCount: 1 }]);
    expect(comment).toMatch(/^--[^\n\r\0]*\n$/);
    expect(parseMapComment(`return 1\n${comment}`)).toEqual([{ file, chunkLine: 2, lineCount: 1 }]);
  });

  test('keeps all runs', () => {
    expect(parseMapComment(`x\n${formatMapComment(map)}`)).toEqual(map);
    expect(parseMapComment(formatMapComment(map))).toEqual(map);
    expect(parseMapComment(formatMapComment(map).trimEnd())).toEqual(map);
  });

  test.each([
    ['an empty chunk', ''],
    ['a chunk without one', 'return 1\n'],
    ['one that is followed by more', `${formatMapComment(map)}return 1\n`],
    ['one that is inside a line', `return 1 ${formatMapComment(map)}`],
    ['one that was cut', 'return 1\n--luau-exec:lines [[1,2,"a.lu\n'],
    ['one that is no list', '--luau-exec:lines {"a": 1}\n'],
    ['one that is nothing', '--luau-exec:lines \n'],
  ])('is not there: %s', (_name, chunk) => {
    expect(parseMapComment(chunk)).toBeNull();
  });

  test('may hold what is no run', () => {
    const rows = '[[1, 2, "a"], [1, "2", "a"], ["1"], [1, 2], null, 5, {}, [3, 1, "b", "more"]]';
    expect(parseMapComment(`--luau-exec:lines ${rows}\n`)).toEqual([
      { file: 'a', chunkLine: 1, lineCount: 2 },
      { file: 'b', chunkLine: 3, lineCount: 1 },
    ]);
  });
});

describe('positions from the chunk alone', () => {
  let project: ScriptProject;
  beforeEach(async () => {
    project = await createScriptProject();
  });
  afterEach(() => project.remove());

  /** The positions of all lines of the chunk and of some beyond, from the script and from its chunk. */
  async function positionsOf(files: Files, options: Parameters<ScriptProject['compose']>[1] = {}) {
    await project.write(files);
    const script = await project.compose('main.luau', options);
    const read = readChunkPositions(script.text, 'main.luau');
    const lines = Array.from({ length: script.text.split('\n').length + 3 }, (_, index) => index);
    return { known: lines.map((line) => script.positionOf(line)), read: lines.map((line) => read(line)) };
  }

  test.each<[name: string, files: Files]>([
    ['a lone script', { 'main.luau': 'local a = 1\r\nreturn a\n' }],
    ['an empty one', { 'main.luau': '\n' }],
    [
      'a bundle',
      {
        'main.luau': '--!strict\nlocal a = require("./dir/a")\nrequire("./data.json")\nrequire("./é \'x\'")',
        'dir/a.luau': '\uFEFF#!luau\r\nlocal text = [[\r\n]]\r\nreturn require("../text.txt")\r\n',
        "é 'x'.luau": 'return ARGS',
        'data.json': '{\n}\n',
        'text.txt': 'a\nb\n',
      },
    ],
  ])('are those of the script: %s', async (_name, files) => {
    const { known, read } = await positionsOf(files);
    expect(read).toEqual(known);
    const found = known.flatMap((position) => position?.file ?? []);
    const luau = Object.keys(files).filter((file) => file.endsWith('.luau'));
    expect(new Set(found)).toEqual(new Set(luau));
  });

  test('are all there: each line of each file, once', async () => {
    const { known } = await positionsOf({
      'main.luau': 'local a = require("./a")\n\nreturn a\n',
      'a.luau': '\nreturn require("./b")',
      'b.luau': 'return 1\n\n\n',
    });
    const found = known.flatMap((position) => (position ? [`${position.file}:${position.line}`] : []));
    expect(found).toEqual([
      ...['a.luau:1', 'a.luau:2'],
      ...['b.luau:1', 'b.luau:2', 'b.luau:3', 'b.luau:4'],
      ...['main.luau:1', 'main.luau:2', 'main.luau:3', 'main.luau:4'],
    ]);
  });

  test('are on the same lines where the text had to be changed', async () => {
    const { known, read } = await positionsOf({
      'main.luau': '-- top\nlocal a = require("./a") return ARGS',
      'a.luau': '\nexport type T = number\nreturn 1',
    });
    expect(read.map((position) => position && [position.file, position.line])).toEqual(
      known.map((position) => position && [position.file, position.line]),
    );
    expect(read.find((position) => position?.file === 'a.luau')?.text).toBe(
      '\n       type T = number\nreturn 1',
    );
  });

  test('have the name that they are given where there is no map', () => {
    const read = readChunkPositions('a\nb', 'TaskScript');
    expect([read(0), read(2), read(3)]).toEqual([null, { file: 'TaskScript', line: 2, text: 'a\nb' }, null]);
  });

  test('show a script as it is in its file, without what was put in front of its code', async () => {
    const files = { 'main.luau': '--!strict\n-- top\nlocal a = {} -- }\nreturn a' };
    const scriptArguments = new Map<string, JsonValue>([
      ['text', '}};"{'],
      ['list', [{ a: 1 }]],
    ]);
    const wrappings = [createResultEncoder({ hasBinaryOutput: false })];
    for (const options of [{ scriptArguments }, { wrappings }, { scriptArguments, wrappings }]) {
      const { read } = await positionsOf(files, options);
      expect(read[3]).toEqual({ file: 'main.luau', line: 3, text: files['main.luau'] });
    }
  });

  test.each([
    'local ARGS={};return ARGS',
    'ARGS = {a = 1};return ARGS',
    'ARGS={a = 1}\nreturn ARGS',
    'ARGS={',
    '-- nothing\n',
    '',
  ])('leave a script alone that nothing was put in front of: %j', (text) => {
    expect(readChunkPositions(text, 'main.luau')(1)?.text).toBe(text);
  });
});
