import { chmod, symlink } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { findUserDirectory } from '../../src/config/search-places.ts';
import { asNobody } from '../helpers/as-nobody.ts';
import { catchError } from './catch-error.ts';
import { createSandbox, type Sandbox } from './sandbox.ts';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await createSandbox();
});
afterEach(() => sandbox.remove());

type Files = Record<string, string | Uint8Array>;

async function load(files: Files, options: { cwd?: string; configFile?: string } = {}) {
  await sandbox.write({ 'home/p/a/b/': '', ...files });
  return loadConfig({
    cwd: sandbox.path(options.cwd ?? 'home/p/a/b'),
    homeDirectory: sandbox.path('home'),
    env: {},
    platform: 'linux',
    configFile: options.configFile,
  });
}

describe('the search', () => {
  const git = { 'home/p/.git/': '' };
  const user = { 'home/.config/luau-exec/config.yaml': 'placeId: 99' };
  it.each<[string, Files, string | null, unknown]>([
    ['nothing anywhere', git, null, null],
    [
      'RC file as YAML',
      { ...git, 'home/p/a/b/.luauexecrc': 'placeId: 1' },
      'home/p/a/b/.luauexecrc',
      { placeId: 1 },
    ],
    [
      'RC file as JSON',
      { ...git, 'home/p/.luauexecrc': '{"placeId":"1"}' },
      'home/p/.luauexecrc',
      { placeId: '1' },
    ],
    [
      '.json',
      { ...git, 'home/p/.luauexecrc.json': '{"placeId":1}' },
      'home/p/.luauexecrc.json',
      { placeId: 1 },
    ],
    ['.yaml', { ...git, 'home/p/.luauexecrc.yaml': 'placeId: 1' }, 'home/p/.luauexecrc.yaml', { placeId: 1 }],
    ['.yml', { ...git, 'home/p/.luauexecrc.yml': 'placeId: 1' }, 'home/p/.luauexecrc.yml', { placeId: 1 }],
    [
      'config.json',
      { ...git, 'home/p/luauexec.config.json': '{"placeId":1}' },
      'home/p/luauexec.config.json',
      { placeId: 1 },
    ],
    [
      'config.yaml',
      { ...git, 'home/p/luauexec.config.yaml': 'placeId: 1' },
      'home/p/luauexec.config.yaml',
      { placeId: 1 },
    ],
    [
      'package.json',
      { ...git, 'home/p/package.json': '{"luauexec":{"placeId":1}}' },
      'home/p/package.json',
      { placeId: 1 },
    ],
    [
      'a package.json that is not ours',
      { ...git, 'home/p/package.json': '{"name":"x"', ...user },
      'home/.config/luau-exec/config.yaml',
      { placeId: 99 },
    ],
    [
      'a package.json that only mentions us',
      { ...git, 'home/p/package.json': '{"name":"luauexec"}' },
      null,
      null,
    ],
    [
      'RC file before package.json',
      { ...git, 'home/p/package.json': '{"luauexec":{}}', 'home/p/.luauexecrc': 'placeId: 1' },
      'home/p/.luauexecrc',
      { placeId: 1 },
    ],
    [
      'the nearest directory',
      { ...git, 'home/p/a/.luauexecrc.yml': 'placeId: 1', 'home/p/.luauexecrc': 'placeId: 2' },
      'home/p/a/.luauexecrc.yml',
      { placeId: 1 },
    ],
    [
      'past an empty file',
      { ...git, 'home/p/a/.luauexecrc': ' \n', 'home/p/.luauexecrc': 'placeId: 2' },
      'home/p/.luauexecrc',
      { placeId: 2 },
    ],
    [
      'past one with comments alone',
      { ...git, 'home/p/a/.luauexecrc': '# x\n', 'home/p/.luauexecrc': 'placeId: 2' },
      'home/p/.luauexecrc',
      { placeId: 2 },
    ],
    [
      'past a directory of that name',
      { ...git, 'home/p/a/.luauexecrc/': '', 'home/p/.luauexecrc': 'placeId: 2' },
      'home/p/.luauexecrc',
      { placeId: 2 },
    ],
    ['the user directory last', { ...git, ...user }, 'home/.config/luau-exec/config.yaml', { placeId: 99 }],
    ['not above .git', { ...git, 'home/.luauexecrc': 'placeId: 3' }, null, null],
    ['.git may be a file', { 'home/p/a/.git': 'gitdir: x', 'home/p/.luauexecrc': 'placeId: 3' }, null, null],
    [
      'above package.json up to .git',
      { ...git, 'home/p/a/package.json': '{}', 'home/p/.luauexecrc': 'placeId: 3' },
      'home/p/.luauexecrc',
      { placeId: 3 },
    ],
    [
      'not above package.json without .git',
      { 'home/p/a/package.json': '{}', 'home/p/.luauexecrc': 'placeId: 3' },
      null,
      null,
    ],
    ['only the working directory without both', { 'home/p/a/.luauexecrc': 'placeId: 3' }, null, null],
    ['not above home, whatever .git lies there', { '.git/': '', '.luauexecrc': 'placeId: 3' }, null, null],
    [
      'no code',
      {
        ...git,
        'home/p/.luauexecrc.js': 'throw 1',
        'home/p/luauexec.config.ts': 'throw 1',
        'home/p/luauexec.config.mjs': 'throw 1',
      },
      null,
      null,
    ],
    [
      'a byte order mark',
      { ...git, 'home/p/.luauexecrc.json': '\ufeff{"placeId":1}' },
      'home/p/.luauexecrc.json',
      { placeId: 1 },
    ],
    [
      'UTF-16 from PowerShell',
      { ...git, 'home/p/.luauexecrc': Buffer.from('\ufeffplaceId: 1', 'utf16le') },
      'home/p/.luauexecrc',
      { placeId: 1 },
    ],
  ])('%s', async (_, files, path, content) => {
    const { file, searched } = await load(files);
    expect(searched.file).toBe(path === null ? null : sandbox.path(path));
    expect(file?.content ?? null).toEqual(content);
    expect(file?.path ?? null).toBe(searched.file);
  });

  it('tells where it looked', async () => {
    const { searched } = await load({ 'home/p/.git/': '' });
    const names = ['home/p/a/b', 'home/p/a', 'home/p', 'home/.config/luau-exec'];
    expect(searched.directories).toEqual(names.map((name) => sandbox.path(name)));
  });

  it('names the property that settings lie under in package.json', async () => {
    const { file } = await load({ 'home/p/a/b/package.json': '{"luauexec":{"placeId":1}}' });
    expect(file?.keyPrefix).toBe('luauexec.');
  });

  it('does without a home directory', async () => {
    await sandbox.write({ 'p/package.json': '{}', 'p/.luauexecrc': 'placeId: 1' });
    const start = { cwd: sandbox.path('p'), homeDirectory: null, env: {}, platform: 'linux' };
    expect((await loadConfig(start)).searched).toEqual({
      file: sandbox.path('p/.luauexecrc'),
      directories: [sandbox.path('p')],
    });
  });

  it('follows a link to a file, and passes over one that leads nowhere', async () => {
    await sandbox.write({ 'home/p/.git/': '', 'home/p/a/b/': '', 'home/real.yaml': 'placeId: 5' });
    await symlink(sandbox.path('gone'), sandbox.path('home/p/a/b/.luauexecrc'));
    await symlink(sandbox.path('home/real.yaml'), sandbox.path('home/p/a/.luauexecrc'));
    expect((await load({})).file?.content).toEqual({ placeId: 5 });
  });
});

describe('a file that cannot be used', () => {
  const deep = `${'['.repeat(5_000)}`;
  const merged = `a: &a {${Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join(', ')}}\nb:\n  <<: [${'*a,'.repeat(20_000)}]\n`;
  const keys = `a: &s ${'x'.repeat(30_000)}\n? [${'*s,'.repeat(10_000)}]\n: 1\n`;
  it.each<[string, string, string | Uint8Array, string]>([
    ['broken YAML', '.luauexecrc', 'apiKey: hidden\nplaceId: [1\nother: 2', 'is not valid YAML (line 3)'],
    ['a tab', '.luauexecrc', 'apiKey: hidden\ntargets:\n\ta: hidden', 'is not valid YAML (line 3)'],
    ['the same key twice', '.luauexecrc', 'apiKey: hidden\napiKey: hidden2', 'is not valid YAML (line 2)'],
    [
      'a tag that would make code',
      '.luauexecrc',
      'apiKey: !!js/function "function hidden() {}"',
      'is not valid YAML (line 1)',
    ],
    [
      'broken JSON',
      '.luauexecrc.json',
      '{"apiKey": "hidden",\n"placeId": 1,\n}',
      'is not valid JSON (line 3)',
    ],
    ['JSON that ends early', '.luauexecrc.json', '{"apiKey": "hidden"', 'is not valid JSON (line 1)'],
    ['not UTF-8', '.luauexecrc', Buffer.from([0x61, 0xff, 0x61]), 'is not UTF-8 text'],
    ['two megabytes', '.luauexecrc', '#'.repeat(2_000_000), 'is larger than 1048576 bytes'],
    ['deep nesting', '.luauexecrc', deep, 'is not valid YAML (line 1)'],
    ['deep nesting in JSON', '.luauexecrc.json', deep, 'is not valid JSON'],
    ['a bomb of merges', '.luauexecrc', merged, 'has too many aliases for its size'],
    ['a bomb of keys', '.luauexecrc', keys, 'has too many aliases for its size'],
  ])('%s', async (_, name, content, reason) => {
    const startMs = performance.now();
    const error = await catchError(() => load({ [`home/p/a/b/${name}`]: content }));
    expect(error).toMatchObject({ id: 'LX012', kind: 'usage' });
    expect(error.message).toContain(`the config file ${sandbox.path('home/p/a/b', name)} ${reason}`);
    expect(JSON.stringify([error.message, error.hint, error.facts, String(error.cause)])).not.toContain(
      'hidden',
    );
    expect(performance.now() - startMs).toBeLessThan(5_000);
  });

  it('permission denied', async () => {
    await sandbox.write({ 'home/p/a/b/.luauexecrc': 'placeId: 1' });
    await chmod(sandbox.path(), 0o755);
    await chmod(sandbox.path('home/p/a/b/.luauexecrc'), 0);
    const error = await asNobody(() => catchError(() => load({})));
    expect(error.message).toContain('.luauexecrc may not be read (permission denied)');
  });

  it('shares what small aliases stand for', async () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i < 30; i++)
      lines.push(
        `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
      );
    const { file } = await load({ 'home/p/a/b/.luauexecrc': lines.join('\n') });
    expect(Object.keys(file?.content ?? {})).toHaveLength(30);
  });
});

describe('a file that is named', () => {
  it.each<[string, Files, unknown]>([
    ['x.yaml', { 'home/x.yaml': 'placeId: 1' }, { placeId: 1 }],
    ['x.json', { 'home/x.json': '{"placeId":1}' }, { placeId: 1 }],
    ['.luauexecrc.example', { 'home/.luauexecrc.example': 'placeId: 1' }, { placeId: 1 }],
    ['package.json', { 'home/package.json': '{"luauexec":{"placeId":1}}' }, { placeId: 1 }],
    ['empty.yaml', { 'home/empty.yaml': '' }, null],
  ])('%s', async (configFile, files, content) => {
    const near = { 'home/.luauexecrc': 'placeId: 2' };
    const { file, searched } = await load({ ...near, ...files }, { cwd: 'home', configFile });
    expect(file?.content).toEqual(content);
    expect(searched).toEqual({ file: sandbox.path('home', configFile), directories: [] });
  });

  it.each<[string, Files, string]>([
    ['gone.yaml', {}, 'does not exist'],
    ['x.yaml/gone', { 'home/x.yaml': 'placeId: 1' }, 'does not exist'],
    ['p', {}, 'is a directory'],
    ['x.js', { 'home/x.js': 'throw 1' }, 'is neither JSON nor YAML'],
    ['x.cjs', { 'home/x.cjs': 'throw 1' }, 'is neither JSON nor YAML'],
    ['x.mts', { 'home/x.mts': 'throw 1' }, 'is neither JSON nor YAML'],
    ['package.json', { 'home/package.json': '{}' }, 'has no "luauexec"'],
  ])('%s cannot be used', async (configFile, files, reason) => {
    const error = await catchError(() => load(files, { cwd: 'home', configFile }));
    expect(error).toMatchObject({
      id: 'LX012',
      kind: 'usage',
      message: `the config file ${sandbox.path('home', configFile)} ${reason}`,
    });
  });
});

it.each([
  ['linux', '/home/u', {}, '/home/u/.config/luau-exec'],
  ['linux', '/home/u', { XDG_CONFIG_HOME: '/x' }, '/x/luau-exec'],
  ['linux', '/home/u', { XDG_CONFIG_HOME: 'x' }, '/home/u/.config/luau-exec'],
  ['linux', '/home/u', { XDG_CONFIG_HOME: '' }, '/home/u/.config/luau-exec'],
  ['linux', null, {}, null],
  ['linux', null, { XDG_CONFIG_HOME: '/x' }, '/x/luau-exec'],
  ['darwin', '/Users/u', {}, '/Users/u/Library/Application Support/luau-exec'],
  ['darwin', '/Users/u', { XDG_CONFIG_HOME: '/x' }, '/x/luau-exec'],
  [
    'win32',
    'C:\\Users\\u',
    { APPDATA: 'C:\\Users\\u\\AppData\\Roaming' },
    'C:\\Users\\u\\AppData\\Roaming\\luau-exec',
  ],
  ['win32', 'C:\\Users\\u', { XDG_CONFIG_HOME: 'C:\\x' }, 'C:\\Users\\u\\AppData\\Roaming\\luau-exec'],
])('on %s with home %j and %j the user directory is %j', (platform, homeDirectory, env, expected) =>
  expect(findUserDirectory({ platform, homeDirectory, env })).toBe(expected),
);
