import { posix } from 'node:path';
import { describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { evaluateLuau } from '../../src/luau/evaluate.ts';
import { modulePathOf } from '../../src/script/module-path.ts';
import { createAliasReader } from '../../src/script/read-aliases.ts';
import { RequireProblem } from '../../src/script/require-problem.ts';
import { resolveRequire } from '../../src/script/resolve-require.ts';
import { createMemoryTree } from './memory-tree.ts';

type Files = Record<string, string>;

interface Search {
  root?: string | null;
  nameOf?: (path: string) => string;
}

/** Files by their paths; a list of paths is a tree of empty ones. */
function resolve(tree: Files | string[], from: string, path: string, search: Search = {}) {
  const files = Array.isArray(tree) ? Object.fromEntries(tree.map((name) => [name, ''])) : tree;
  const { root = null, nameOf = (name: string) => posix.relative('/p', name) || '.' } = search;
  const memory = createMemoryTree(files);
  const readAliases = createAliasReader({
    tree: memory,
    nameOf,
    evaluate: (source, chunkName) =>
      evaluateLuau(source, { chunkName, timeoutMs: 10_000, memoryMiB: 64, clock: systemClock }),
  });
  return resolveRequire(path, modulePathOf(from), { tree: memory, readAliases, root, nameOf });
}

/** A file, `engine`, or the message of the problem behind `! `. */
async function outcomeOf(...search: Parameters<typeof resolve>): Promise<string> {
  try {
    const resolution = await resolve(...search);
    return resolution.kind === 'file' ? resolution.file : resolution.kind;
  } catch (error) {
    if (!(error instanceof RequireProblem)) throw error;
    return `! ${error.message}`;
  }
}

const aliases = (values: Record<string, string>) => JSON.stringify({ aliases: values });

const MODULES = [
  '/p/main.luau',
  '/p/dep.luau',
  '/p/old.lua',
  '/p/luau/init.luau',
  '/p/lua/init.lua',
  '/p/lua/dep.luau',
  '/p/nested/init.luau',
  '/p/nested/sub.luau',
  '/p/nested/init/x.luau',
  '/p/nested/deep/init.luau',
  '/p/nested/deep/sub.luau',
  '/p/plain/a.luau',
  '/p/plain/b.luau',
  '/p/data.json',
  '/p/notes.txt',
  '/p/both.json',
  '/p/both.json.luau',
  '/p/table.csv',
  '/p/.config.luau',
];

describe('a relative path', () => {
  test.each([
    // Luau's own: RequireSimpleRelativePath, RequireLua, RequireInitLuau, RequireInitLua
    ['/p/main.luau', './dep', '/p/dep.luau'],
    ['/p/main.luau', './old', '/p/old.lua'],
    ['/p/main.luau', './luau', '/p/luau/init.luau'],
    ['/p/main.luau', './lua', '/p/lua/init.lua'],
    ['/p/main.luau', './plain/a', '/p/plain/a.luau'],
    ['/p/plain/a.luau', '../dep', '/p/dep.luau'],
    ['/p/plain/a.luau', '../../p/dep', '/p/dep.luau'],
    ['/p/plain/a.luau', '../lua/../plain/b', '/p/plain/b.luau'],
    ['/p/plain/a.luau', '../../../../p/dep', '/p/dep.luau'],
    ['/p/old.lua', './dep', '/p/dep.luau'],
    // An init file is the module of its directory.
    ['/p/lua/init.lua', './dep', '/p/dep.luau'],
    ['/p/nested/init.luau', './sub', '! there is no module sub'],
    ['/p/nested/deep/init.luau', './sub', '/p/nested/sub.luau'],
    ['/p/nested/deep/init.luau', '../dep', '/p/dep.luau'],
    ['/p/nested/sub.luau', '../nested', '/p/nested/init.luau'],
    ['/p/plain/a.luau', '../', '! . is a directory without init.luau'],
    ['/p/nested/sub.luau', './', '/p/nested/init.luau'],
    // CannotRequireInitLuauDirectly, CannotRequireConfigLuau
    ['/p/main.luau', './nested/init', '! nested/init is a directory without init.luau'],
    ['/p/main.luau', './nested/init/x', '/p/nested/init/x.luau'],
    ['/p/main.luau', './luau/init', '! there is no module luau/init'],
    ['/p/main.luau', './.config', '! there is no module .config'],
    // PathNormalization
    ['/p/main.luau', './/plain/./a', '/p/plain/a.luau'],
    ['/p/main.luau', './plain//a', '/p/plain/a.luau'],
    ['/p/main.luau', './plain/a/', '/p/plain/a.luau'],
    ['/p/main.luau', './plain/a/.', '/p/plain/a.luau'],
    ['/p/main.luau', '././dep', '/p/dep.luau'],
    ['/p/main.luau', '.\\plain\\a', '/p/plain/a.luau'],
    // Only what is there can be gone through.
    ['/p/main.luau', './gone/../dep', '! there is no module gone'],
    ['/p/main.luau', './gone/dep', '! there is no module gone'],
    ['/p/main.luau', './gone', '! there is no module gone'],
    ['/p/main.luau', './plain', '! plain is a directory without init.luau'],
    ['/p/main.luau', './dep/x', '! there is no module dep/x'],
    ['/p/main.luau', './Dep', '! there is no module Dep'],
    ['/p/main.luau', './dep.luau', '! there is no module dep.luau'],
    // RequireAbsolutePath, RequireUnprefixedPath
    ['/p/main.luau', '/p/dep', '! a path begins with ./, ../ or @'],
    ['/p/main.luau', 'C:/p/dep', '! a path begins with ./, ../ or @'],
    ['/p/main.luau', 'dep', '! a path begins with ./, ../ or @'],
    ['/p/main.luau', 'plain/a', '! a path begins with ./, ../ or @'],
    ['/p/main.luau', '.dep', '! a path begins with ./, ../ or @'],
    ['/p/main.luau', '..', '! a path begins with ./, ../ or @'],
    ['/p/main.luau', '', '! a path begins with ./, ../ or @'],
    // Data is this tool's own.
    ['/p/main.luau', './data.json', '/p/data.json'],
    ['/p/main.luau', './notes.txt', '/p/notes.txt'],
    ['/p/main.luau', './both.json', '! both.json could be any of several'],
    ['/p/main.luau', './data', '! there is no module data'],
    ['/p/main.luau', './table.csv', '! there is no module table.csv'],
  ])('in %s, %s', async (from, path, outcome) => {
    expect(await outcomeOf(MODULES, from, path)).toBe(outcome);
  });
});

describe('@self', () => {
  test.each([
    ['/p/nested/init.luau', '@self/sub', '/p/nested/sub.luau'],
    ['/p/nested/init.luau', '@SELF/deep/sub', '/p/nested/deep/sub.luau'],
    ['/p/nested/deep/init.luau', '@self/../sub', '/p/nested/sub.luau'],
    ['/p/nested/init.luau', '@self', '/p/nested/init.luau'],
    ['/p/nested/init.luau', '@self\\sub', '/p/nested/sub.luau'],
    ['/p/main.luau', '@self/dep', '! there is no module main/dep'],
  ])('in %s, %s', async (from, path, outcome) => {
    expect(await outcomeOf(MODULES, from, path)).toBe(outcome);
  });

  test('cannot be an alias', async () => {
    const tree = { '/.luaurc': aliases({ self: './p/other' }), '/p/init.luau': '', '/p/a.luau': '' };
    expect(await outcomeOf({ ...tree, '/p/other/a.luau': '' }, '/p/init.luau', '@self/a')).toBe('/p/a.luau');
  });

  test('of a module that could be several is nobody', async () => {
    const tree = ['/p/a.luau', '/p/a/b.luau'];
    expect(await outcomeOf(tree, '/p/a.luau', '@self/b')).toBe('! a could be any of several');
  });
});

describe('one name for several', () => {
  test.each<[string, string[], from: string, path: string, outcome: string]>([
    ['two files', ['/p/d.luau', '/p/d.lua'], '/p/a.luau', './d', '! d could be any of several'],
    ['file and directory', ['/p/d.luau', '/p/d/x.luau'], '/p/a.luau', './d', '! d could be any of several'],
    ['file and module', ['/p/d.lua', '/p/d/init.luau'], '/p/a.luau', './d', '! d could be any of several'],
    [
      'two init files',
      ['/p/d/init.luau', '/p/d/init.lua'],
      '/p/a.luau',
      './d',
      '! d could be any of several',
    ],
    ['on the way', ['/p/d.luau', '/p/d/x.luau'], '/p/a.luau', './d/x', '! d could be any of several'],
    [
      'on the way and back',
      ['/p/d.luau', '/p/d/x.luau', '/p/x.luau'],
      '/p/a.luau',
      './d/../x',
      '! d could be any of several',
    ],
    // Luau's parent_ambiguity: there is no ambiguity when going up.
    ['above', ['/p/d.luau', '/p/d/a.luau', '/p/d/x.luau'], '/p/d/a.luau', './x', '/p/d/x.luau'],
    ['two above', ['/p/d.luau', '/p/d/e/a.luau', '/p/d/x.luau'], '/p/d/e/a.luau', '../x', '/p/d/x.luau'],
    ['beside', ['/p/a.luau', '/p/a/x.luau', '/p/b.luau'], '/p/a.luau', './b', '/p/b.luau'],
  ])('%s', async (_name, tree, from, path, outcome) => {
    expect(await outcomeOf(tree, from, path)).toBe(outcome);
  });

  test.each([
    [
      ['/p/d.luau', '/p/d.lua'],
      ['d.luau', 'd.lua'],
    ],
    [
      ['/p/d.luau', '/p/d/x.luau'],
      ['d.luau', 'd/'],
    ],
    [
      ['/p/d.luau', '/p/d/init.lua'],
      ['d.luau', 'd/init.lua'],
    ],
    [
      ['/p/d/init.luau', '/p/d/init.lua'],
      ['d/init.luau', 'd/init.lua'],
    ],
  ])('of %j, all are told', async (tree, facts) => {
    await expect(resolve(tree, '/p/a.luau', './d')).rejects.toMatchObject({
      facts,
      hint: 'keep one of them, or give them different names',
    });
  });
});

const ALIASES: Files = {
  '/p/.luaurc': aliases({
    Dep: './dep',
    lib: './lib',
    up: '../outside',
    here: '.',
    slash: './',
    win: '.\\lib\\one',
    data: './data.json',
    absolute: '/q/shared',
    chained: '@lib/sub',
    twice: '@Chained/x',
    broken: '@gone/x',
    ending: './dep.luau',
    missing: './nothing',
    vague: './vague',
    plain: 'lib',
    empty: '',
    me: '@self/x',
    circle: '@round',
    round: '@Circle/x',
    itself: '@itself',
    tail: '@circle',
    engine: '@game/ReplicatedStorage',
    both: './lib',
    '@at': './dep',
  }),
  '/p/dep.luau': '',
  '/p/data.json': '',
  '/p/vague.luau': '',
  '/p/vague/x.luau': '',
  '/p/lib/one.luau': '',
  '/p/lib/sub/x.luau': '',
  '/p/lib/sub/init.luau': '',
  '/p/src/main.luau': '',
  '/p/src/inner/.luaurc': aliases({
    both: './own',
    parent: '@lib/one',
    near: '@both/one',
    lost: '@nowhere',
    LIB: '@lib/sub',
  }),
  '/p/src/inner/main.luau': '',
  '/p/src/inner/own/one.luau': '',
  '/p/src/inner/own/init.luau': '',
  '/p/src/inner/own/.luaurc': aliases({ own: './one' }),
  '/p/src/inner/deep/main.luau': '',
  '/outside/one.luau': '',
  '/q/shared.luau': '',
};

describe('an alias', () => {
  test.each([
    ['/p/src/main.luau', '@dep', '/p/dep.luau'],
    ['/p/src/main.luau', '@DEP', '/p/dep.luau'],
    ['/p/dep.luau', '@dep', '/p/dep.luau'],
    ['/p/src/main.luau', '@lib/one', '/p/lib/one.luau'],
    ['/p/src/main.luau', '@lib\\one', '/p/lib/one.luau'],
    ['/p/src/main.luau', '@lib//sub/', '/p/lib/sub/init.luau'],
    ['/p/src/main.luau', '@lib/../dep', '/p/dep.luau'],
    ['/p/src/main.luau', '@lib', '! lib is a directory without init.luau'],
    ['/p/src/main.luau', '@lib/gone', '! there is no module lib/gone'],
    ['/p/src/main.luau', '@up/one', '/outside/one.luau'],
    ['/p/src/main.luau', '@here/dep', '/p/dep.luau'],
    ['/p/src/main.luau', '@slash/dep', '/p/dep.luau'],
    ['/p/src/main.luau', '@win', '/p/lib/one.luau'],
    ['/p/src/main.luau', '@data', '/p/data.json'],
    ['/p/src/main.luau', '@absolute', '/q/shared.luau'],
    ['/p/src/main.luau', '@@at', '/p/dep.luau'],
    // The nearest file that has it, and relative to that file.
    ['/p/src/inner/main.luau', '@both/one', '/p/src/inner/own/one.luau'],
    ['/p/src/main.luau', '@both/one', '/p/lib/one.luau'],
    ['/p/src/inner/deep/main.luau', '@both/one', '/p/src/inner/own/one.luau'],
    ['/p/src/inner/deep/main.luau', '@dep', '/p/dep.luau'],
    // A module finds what is written beside it; an init file is beside its directory.
    ['/p/src/inner/own/one.luau', '@own', '/p/src/inner/own/one.luau'],
    ['/p/src/inner/own/init.luau', '@own', '! there is no alias @own'],
    ['/p/src/inner/own/init.luau', '@near', '/p/src/inner/own/one.luau'],
    // Chains, in one file and up to the next.
    ['/p/src/main.luau', '@chained', '/p/lib/sub/init.luau'],
    ['/p/src/main.luau', '@chained/x', '/p/lib/sub/x.luau'],
    ['/p/src/main.luau', '@twice', '/p/lib/sub/x.luau'],
    ['/p/src/inner/main.luau', '@near', '/p/src/inner/own/one.luau'],
    ['/p/src/inner/main.luau', '@lib', '! the aliases go in a circle: @lib → @lib'],
    ['/p/src/inner/main.luau', '@parent', '! the aliases go in a circle: @parent → @lib → @lib'],
    ['/p/src/main.luau', '@broken', '! there is no alias @gone'],
    ['/p/src/inner/main.luau', '@lost', '! there is no alias @nowhere'],
    ['/p/src/main.luau', '@circle', '! the aliases go in a circle: @circle → @round → @circle'],
    ['/p/src/main.luau', '@itself/x', '! the aliases go in a circle: @itself → @itself'],
    ['/p/src/main.luau', '@tail', '! the aliases go in a circle: @tail → @circle → @round → @circle'],
    // What an alias stands for has to be there, and to be one only.
    ['/p/src/main.luau', '@ending', '! there is no module dep.luau'],
    ['/p/src/main.luau', '@missing/x', '! there is no module nothing'],
    ['/p/src/main.luau', '@vague/x', '! vague could be any of several'],
    ['/p/src/main.luau', '@vague', '! vague could be any of several'],
    ['/p/src/main.luau', '@plain/one', '! alias @plain stands for "lib", which is no path'],
    ['/p/src/main.luau', '@empty', '! alias @empty stands for "", which is no path'],
    ['/p/src/main.luau', '@me', '! alias @me stands for "@self/x", which is no path'],
    // RequireAliasThatDoesNotExist, AliasHasIllegalFormat
    ['/p/src/main.luau', '@this.does.not.exist', '! there is no alias @this.does.not.exist'],
    ['/p/src/main.luau', '@', '! @ cannot be an alias'],
    ['/p/src/main.luau', '@/dep', '! @ cannot be an alias'],
    ['/p/src/main.luau', '@.', '! @. cannot be an alias'],
    ['/p/src/main.luau', '@..', '! @.. cannot be an alias'],
    ['/p/src/main.luau', '@a b/c', '! @a b cannot be an alias'],
    ['/p/src/main.luau', '@@', '! there is no alias @@'],
    ['/p/src/main.luau', '@@@', '! @@@ cannot be an alias'],
    // The engine's own.
    ['/p/src/main.luau', '@game', 'engine'],
    ['/p/src/main.luau', '@Game/ReplicatedStorage/x', 'engine'],
    ['/p/src/main.luau', '@engine', 'engine'],
    ['/p/src/main.luau', '@engine/x', 'engine'],
  ])('in %s, %s', async (from, path, outcome) => {
    expect(await outcomeOf(ALIASES, from, path)).toBe(outcome);
  });

  test('goes up to the same alias of a parent by way of another name', async () => {
    const tree = {
      '/p/.luaurc': aliases({ lib: './lib' }),
      '/p/lib/a.luau': '',
      '/p/x/.luaurc': aliases({ mine: '@lib/a' }),
      '/p/x/m.luau': '',
    };
    expect(await outcomeOf(tree, '/p/x/m.luau', '@mine')).toBe('/p/lib/a.luau');
  });

  test('may lead up to a directory whose name a file has, too', async () => {
    const tree = { '/p/.luaurc': aliases({ here: './', above: '../' }), '/p.luau': '', '/p/a.luau': '' };
    expect(await outcomeOf(tree, '/p/a.luau', '@here/a')).toBe('/p/a.luau');
    expect(await outcomeOf({ ...tree, '/b.luau': '' }, '/p/a.luau', '@above/b')).toBe('/b.luau');
  });

  test('may be written in Luau', async () => {
    const tree = {
      '/p/.config.luau': 'return { luau = { aliases = { Lib = "./" .. "lib" } } }',
      '/p/lib/a.luau': '',
      '/p/x/.luaurc': aliases({ mine: '@lib/a' }),
      '/p/x/m.luau': '',
    };
    expect(await outcomeOf(tree, '/p/x/m.luau', '@mine')).toBe('/p/lib/a.luau');
  });

  test('is not said to be meant for what has its name and is no module', async () => {
    const tree = { '/etc/passwd': '', '/p/.luaurc': aliases({ etc: '/etc' }), '/p/a.luau': '' };
    await expect(resolve(tree, '/p/a.luau', '@etc/passwd')).rejects.toMatchObject({
      hint: 'create it, or correct the path',
    });
  });

  test('is looked for up to the root and no further', async () => {
    expect(await outcomeOf(ALIASES, '/p/src/main.luau', '@dep', { root: '/p' })).toBe('/p/dep.luau');
    await expect(resolve(ALIASES, '/p/src/main.luau', '@dep', { root: '/p/src' })).rejects.toMatchObject({
      message: 'there is no alias @dep',
      hint: 'define it under "aliases" in a .luaurc beside the file or above it, as far as src',
    });
  });

  test('is not looked for where two files could have it, and is in a broken one', async () => {
    const tree = { '/p/.luaurc': '{}', '/p/.config.luau': 'return {}', '/p/a.luau': '', '/p/x/b.luau': '' };
    expect(await outcomeOf(tree, '/p/a.luau', '@x')).toBe('! .luaurc and .config.luau lie in one directory');
    expect(await outcomeOf(tree, '/p/a.luau', './x/b')).toBe('/p/x/b.luau');
    expect(await outcomeOf({ ...tree, '/p/x/.luaurc': aliases({ y: './b' }) }, '/p/x/b.luau', '@y')).toBe(
      '/p/x/b.luau',
    );
    expect(await outcomeOf({ '/p/.luaurc': '{', '/p/a.luau': '' }, '/p/a.luau', '@x')).toBe(
      '! .luaurc: expected a name in quotes or "}" at line 1, got the end of the file',
    );
  });
});

describe('what is said beside the headline', () => {
  test.each<[path: string, facts: string[], hint: string]>([
    [
      './gone',
      ['looked for src/gone.luau, src/gone.lua, src/gone/init.luau, src/gone/init.lua'],
      'create it, or correct the path',
    ],
    [
      './main.luau',
      ['looked for src/main.luau.luau, src/main.luau.lua, src/main.luau/init.luau, src/main.luau/init.lua'],
      'leave out the ending of the file',
    ],
    [
      './a.json',
      ['looked for src/a.json.luau, src/a.json.lua, src/a.json, src/a.json/init.luau, src/a.json/init.lua'],
      'create it, or correct the path',
    ],
    [
      './mains',
      ['looked for src/mains.luau, src/mains.lua, src/mains/init.luau, src/mains/init.lua'],
      'did you mean src/main?',
    ],
    ['lib/x', [], 'did you mean "./lib/x"?'],
    ['./.config', [], 'let modules and .config.luau be different files'],
    [
      '../lib/sub/init',
      ['looked for lib/sub/init/init.luau, lib/sub/init/init.lua'],
      'name the directory; its init file is its module',
    ],
    ['../lib', [], 'add an init.luau to it, or name a module in it'],
    ['lib', [], 'did you mean "./lib"?'],
    ['/lib', [], 'write the way from this file'],
    ['C:\\lib', [], 'write the way from this file'],
    ['@', [], 'write @, the name of an alias and the way from there: @name/module'],
    ['@vagu/x', [], 'did you mean @vague?'],
    ['@no', [], 'define it under "aliases" in a .luaurc beside the file or above it'],
    [
      '@broken',
      ['@broken stands for "@gone/x" in .luaurc'],
      'define it under "aliases" in a .luaurc beside the file or above it',
    ],
    [
      '@missing',
      [
        'looked for nothing.luau, nothing.lua, nothing/init.luau, nothing/init.lua',
        '@missing stands for "./nothing" in .luaurc',
      ],
      'create it, or correct the path',
    ],
    [
      '@vague/x',
      ['vague.luau', 'vague/', '@vague stands for "./vague" in .luaurc'],
      'keep one of them, or give them different names',
    ],
    ['@itself', ['@itself stands for "@itself" in .luaurc'], 'let one of them name a directory or a file'],
    [
      '@plain',
      ['@plain stands for "lib" in .luaurc'],
      'begin it with ./, ../ or /, or with @ and the name of another alias',
    ],
  ])('%s', async (path, facts, hint) => {
    await expect(resolve(ALIASES, '/p/src/main.luau', path)).rejects.toMatchObject({
      name: 'RequireProblem',
      facts,
      hint,
    });
  });

  test('is never that the name itself was meant, where a directory is called like its file', async () => {
    await expect(resolve(['/p/x.luau/y.luau'], '/p/main.luau', './x')).rejects.toMatchObject({
      message: 'there is no module x',
      hint: 'create it, or correct the path',
    });
  });
});

test.each([
  ['./a', 'C:/p/a.luau'],
  ['../p/a', 'C:/p/a.luau'],
  ['../../../b', 'C:/b.luau'],
  ['@a', 'C:/p/a.luau'],
  ['@b', 'C:/b.luau'],
  ['@slashes', 'C:/p/a.luau'],
  ['@other/x', 'D:/x/x.luau'],
  ['@no', '! there is no alias @no'],
])('on a drive of Windows, %s', async (path, outcome) => {
  const tree = {
    'C:/.luaurc': aliases({ b: './b', a: 'C:/p/a', other: 'D:/x', slashes: 'C:\\p\\a' }),
    'C:/b.luau': '',
    'C:/p/main.luau': '',
    'C:/p/a.luau': '',
    'D:/x/x.luau': '',
  };
  expect(await outcomeOf(tree, 'C:/p/main.luau', path, { nameOf: (name) => name })).toBe(outcome);
});
