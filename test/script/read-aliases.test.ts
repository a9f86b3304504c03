import { describe, expect, test, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { evaluateLuau, type LuauEvaluation } from '../../src/luau/evaluate.ts';
import { type AliasReaderOptions, createAliasReader } from '../../src/script/read-aliases.ts';
import type { SourceTree } from '../../src/script/source-tree.ts';
import { createMemoryTree } from './memory-tree.ts';

const neverEvaluated: AliasReaderOptions['evaluate'] = () =>
  Promise.reject(new Error('nothing was to be evaluated'));
const nameOf = (path: string) => path.slice('/p/'.length);

function read(tree: SourceTree, evaluate = neverEvaluated) {
  return createAliasReader({ tree, nameOf, evaluate })('/p');
}

const LUAURC = '{"aliases": {"A": "./a"}}';
const CONFIG = 'return { luau = { aliases = { A = "./a" } } }';

describe('a directory', () => {
  test('without either file has no aliases', async () => {
    expect(
      await read(createMemoryTree({ '/p/a.luau': '', '/.luaurc': LUAURC, '/p/x/.luaurc': LUAURC })),
    ).toBeNull();
  });

  test('is no file', async () => {
    expect(await read(createMemoryTree({ '/p/.luaurc/x': '', '/p/.config.luau/y': '' }))).toBeNull();
  });

  test.each<[name: string, text: string | Uint8Array]>([
    ['as it is', LUAURC],
    ['with a byte order mark', `\uFEFF${LUAURC}`],
    ['of a megabyte', LUAURC.padEnd(1024 * 1024)],
  ])('has those of its .luaurc, %s', async (_name, text) => {
    expect(await read(createMemoryTree({ '/p/.luaurc': text }))).toEqual({
      file: '/p/.luaurc',
      values: new Map([['a', './a']]),
    });
  });

  test('may be the root', async () => {
    const options = { nameOf, evaluate: neverEvaluated };
    for (const root of ['/', 'C:/']) {
      const readAliases = createAliasReader({
        tree: createMemoryTree({ [`${root}.luaurc`]: LUAURC }),
        ...options,
      });
      expect(await readAliases(root)).toMatchObject({ file: `${root}.luaurc` });
    }
  });

  test('with both files is refused', async () => {
    const tree = createMemoryTree({ '/p/.luaurc': LUAURC, '/p/.config.luau': CONFIG });
    await expect(read(tree)).rejects.toMatchObject({
      name: 'RequireProblem',
      message: '.luaurc and .config.luau lie in one directory',
      hint: 'keep one of them',
    });
  });
});

describe('a file', () => {
  const refused: SourceTree = {
    ...createMemoryTree({ '/p/.luaurc': LUAURC }),
    read: () => {
      throw new Error('EACCES: permission denied');
    },
  };
  test.each<[name: string, tree: SourceTree, message: string]>([
    [
      'that is no UTF-8',
      createMemoryTree({ '/p/.luaurc': Uint8Array.of(0x7b, 0xff, 0x7d) }),
      '.luaurc is not UTF-8 text',
    ],
    [
      'of a megabyte and a byte',
      createMemoryTree({ '/p/.config.luau': ' '.repeat(1024 * 1024 + 1) }),
      '.config.luau is larger than 1 MiB',
    ],
    ['that cannot be read', refused, 'cannot read .luaurc: EACCES: permission denied'],
    [
      'with a mistake',
      createMemoryTree({ '/p/.luaurc': '{"aliases": {\n"a" "./a"}}' }),
      '.luaurc: expected ":" at line 2, got "./a"',
    ],
    [
      'with a wrong name',
      createMemoryTree({ '/p/.luaurc': '{"aliases": {"a/b": "./a"}}' }),
      '.luaurc: "a/b" at line 1 cannot be the name of an alias',
    ],
  ])('%s is a problem', async (_name, tree, message) => {
    await expect(read(tree)).rejects.toMatchObject({ name: 'RequireProblem', message });
  });

  test('is read once, whatever comes of it', async () => {
    const tree = createMemoryTree({ '/p/.luaurc': LUAURC, '/q/.luaurc': '{', '/r/x': '' });
    const kindOf = vi.spyOn(tree, 'kindOf');
    const readFile = vi.spyOn(tree, 'read');
    const readAliases = createAliasReader({ tree, nameOf, evaluate: neverEvaluated });
    expect(await readAliases('/p')).toBe(await readAliases('/p'));
    const problems = await Promise.all(
      ['/q', '/q'].map((directory) => readAliases(directory).catch((error) => error)),
    );
    expect(problems[0]).toBe(problems[1]);
    expect(await Promise.all([readAliases('/r'), readAliases('/r')])).toEqual([null, null]);
    expect(readFile).toHaveBeenCalledTimes(2);
    expect(kindOf).toHaveBeenCalledTimes(6);
  });
});

describe('.config.luau', () => {
  const CONFIGURED = createMemoryTree({ '/p/.config.luau': `\uFEFF${CONFIG}` });
  const readResult = (result: LuauEvaluation) => read(CONFIGURED, async () => result);

  test('is evaluated under its name', async () => {
    const evaluate = vi.fn(async (): Promise<LuauEvaluation> => ({ ok: true, json: {} }));
    expect(await read(CONFIGURED, evaluate)).toEqual({ file: '/p/.config.luau', values: new Map() });
    expect(evaluate.mock.calls).toEqual([[CONFIG, '.config.luau']]);
  });

  test.each<[json: unknown, aliases: Record<string, string>]>([
    [{ luau: { aliases: { A: './a', '@b': '@A/b' } } }, { a: './a', '@b': '@A/b' }],
    [{ luau: { aliases: {} } }, {}],
    [{ luau: {} }, {}],
    [{ luau: [1] }, {}],
    [{}, {}],
    [[{ luau: { aliases: { a: 'x' } } }], {}],
    [{ lute: { luau: 1 }, luau: { languagemode: 5, aliases: { a: 'x' } } }, { a: 'x' }],
  ])('%j', async (json, aliases) => {
    expect(await readResult({ ok: true, json })).toEqual({
      file: '/p/.config.luau',
      values: new Map(Object.entries(aliases)),
    });
  });

  test.each<[result: LuauEvaluation, message: string]>([
    [{ ok: true, json: 5 }, '.config.luau must return a table'],
    [{ ok: true, json: null }, '.config.luau must return a table'],
    [{ ok: true, json: 'x' }, '.config.luau must return a table'],
    [{ ok: true, json: { luau: true } }, '"luau" in .config.luau must be a table'],
    [{ ok: true, json: { luau: { aliases: './a' } } }, '"luau.aliases" in .config.luau must be a table'],
    [{ ok: true, json: { luau: { aliases: null } } }, '"luau.aliases" in .config.luau must be a table'],
    [
      { ok: true, json: { luau: { aliases: ['./a'] } } },
      '.config.luau: "[1]" cannot be the name of an alias',
    ],
    [
      { ok: true, json: { luau: { aliases: { '[5]': 'x' } } } },
      '.config.luau: "[5]" cannot be the name of an alias',
    ],
    [
      { ok: true, json: { luau: { aliases: { 'a/b': 'x' } } } },
      '.config.luau: "a/b" cannot be the name of an alias',
    ],
    [{ ok: true, json: { luau: { aliases: { a: 5 } } } }, '.config.luau: alias "a" must be a string'],
    [{ ok: true, json: { luau: { aliases: { a: {} } } } }, '.config.luau: alias "a" must be a string'],
    [{ ok: false, message: '.config.luau:3: no' }, '.config.luau:3: no'],
    [{ ok: false, message: `.config.luau:1: a ${'b'.repeat(2_000)}` }, '.config.luau:1: a …'],
    [{ ok: false, message: 'not enough memory' }, '.config.luau: not enough memory'],
  ])('%j is a problem', async (result, message) => {
    await expect(readResult(result)).rejects.toMatchObject({ name: 'RequireProblem', message });
  });

  test('in the real Luau', async () => {
    const evaluate = (source: string, chunkName: string) =>
      evaluateLuau(source, { chunkName, timeoutMs: 10_000, memoryMiB: 64, clock: systemClock });
    expect(await read(CONFIGURED, evaluate)).toMatchObject({ values: new Map([['a', './a']]) });
    const wrong = createMemoryTree({ '/p/.config.luau': '\nreturn { luau = nil .. "" }' });
    await expect(read(wrong, evaluate)).rejects.toMatchObject({
      name: 'RequireProblem',
      message: '.config.luau:2: attempt to concatenate nil with string',
      hint: 'let it return { luau = { aliases = { name = "./path" } } }',
    });
  });
});
