import { execFileSync, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { applyIgnore, planIgnore } from '../../../src/config/init/git-ignore.ts';
import { asNobody } from '../../helpers/as-nobody.ts';
import { catchError } from '../catch-error.ts';

const NAME = '.luauexecrc';
const directories: string[] = [];
afterEach(() => {
  for (const directory of directories.splice(0)) rmSync(directory, { recursive: true, force: true });
});

/** A directory that git knows, with files by name. */
function openRepository(files: Readonly<Record<string, string>> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'luau-exec-ignore-'));
  directories.push(root);
  execFileSync('git', ['init', '-q', root], { stdio: 'ignore' });
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
  return root;
}

/** What git itself says, with no settings but the repository's. */
function isIgnoredByGit(root: string, name: string): boolean {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  return spawnSync('git', ['check-ignore', '-q', '--no-index', name], { cwd: root, env }).status === 0;
}

async function ensure(file: string) {
  const plan = await planIgnore(file);
  await applyIgnore(plan);
  return plan;
}

describe('a file that git shall ignore', () => {
  it.each([
    ['there is no .gitignore', null, '/.luauexecrc\n'],
    ['it is empty', '', '/.luauexecrc\n'],
    ['its last line has an end', 'a\n', 'a\n/.luauexecrc\n'],
    ['its last line has none', 'a', 'a\n/.luauexecrc\n'],
    ['its lines end as on Windows', 'a\r\nb\r\n', 'a\r\nb\r\n/.luauexecrc\r\n'],
    ['and the last of these has no end', 'a\r\nb', 'a\r\nb\r\n/.luauexecrc\r\n'],
    ['it begins with a byte order mark', '\ufeffa\n', '\ufeffa\n/.luauexecrc\n'],
    ['another pattern had included it', '!.luauexecrc\n', '!.luauexecrc\n/.luauexecrc\n'],
    ['only a comment names it', '#.luauexecrc\n', '#.luauexecrc\n/.luauexecrc\n'],
    ['the pattern is for a directory', '.luauexecrc/\n', '.luauexecrc/\n/.luauexecrc\n'],
    ['the pattern has other capitals', '.LuauExecRc\n', '.LuauExecRc\n/.luauexecrc\n'],
  ])('gets a line where %s', async (_, before, after) => {
    const root = openRepository(before === null ? {} : { '.gitignore': before });
    const file = join(root, '.gitignore');
    expect(await ensure(join(root, NAME))).toMatchObject({ kind: 'add', file });
    expect(readFileSync(file, 'utf8')).toBe(after);
    expect(isIgnoredByGit(root, NAME)).toBe(true);
    expect(await ensure(join(root, NAME))).toEqual({ kind: 'ignored', file, pattern: '/.luauexecrc' });
    expect(readFileSync(file, 'utf8')).toBe(after);
  });

  it.each([
    ['its name', { '.gitignore': '.luauexecrc\n' }, NAME, '.gitignore', '.luauexecrc'],
    ['a pattern', { '.gitignore': 'x\r\n.luau*\r\n' }, NAME, '.gitignore', '.luau*'],
    ['a list of its own', { '.git/info/exclude': '.luauexecrc\n' }, NAME, '.git/info/exclude', '.luauexecrc'],
    ['a directory above', { '.gitignore': 'a/\n' }, `a/b/${NAME}`, '.gitignore', 'a/'],
    [
      'a directory above, whatever is said inside',
      { '.gitignore': 'a\n', 'a/.gitignore': '!*\n' },
      `a/${NAME}`,
      '.gitignore',
      'a',
    ],
    ['a nearer .gitignore', { 'a/.gitignore': '*\n' }, `a/${NAME}`, 'a/.gitignore', '*'],
  ])('needs no line where %s has it', async (_, files, name, where, pattern) => {
    const root = openRepository(files);
    mkdirSync(dirname(join(root, name)), { recursive: true });
    expect(isIgnoredByGit(root, name)).toBe(true);
    expect(await ensure(join(root, name))).toEqual({ kind: 'ignored', file: join(root, where), pattern });
    expect(existsSync(join(root, '.gitignore')) && readFileSync(join(root, '.gitignore'), 'utf8')).toBe(
      '.gitignore' in files ? files['.gitignore'] : false,
    );
  });

  it.each([
    'sub/dir',
    'a b',
    '[x]*?',
    '!bang#',
    'ünï',
    ...(process.platform === 'win32' ? [] : ['back\\slash']),
  ])('is found in the directory %s', async (directory) => {
    const root = openRepository();
    mkdirSync(join(root, directory), { recursive: true });
    expect(await ensure(join(root, directory, NAME))).toMatchObject({ kind: 'add' });
    expect(isIgnoredByGit(root, join(directory, NAME))).toBe(true);
    expect(isIgnoredByGit(root, NAME)).toBe(false);
  });

  it('is not promised to be ignored where a nearer pattern includes it', async () => {
    const root = openRepository({ 'a/.gitignore': '!.luauexecrc\n' });
    const error = await catchError(() => planIgnore(join(root, 'a', NAME)));
    expect(error).toMatchObject({ id: 'LX017', message: `git would not ignore ${join(root, 'a', NAME)}` });
    expect(existsSync(join(root, '.gitignore'))).toBe(false);
  });

  it('is not written to a link', async () => {
    const root = openRepository({ elsewhere: 'a\n' });
    symlinkSync(join(root, 'elsewhere'), join(root, '.gitignore'));
    expect(await catchError(() => planIgnore(join(root, NAME)))).toMatchObject({ id: 'LX017' });
    const plan = {
      kind: 'add',
      file: join(root, '.gitignore'),
      line: 'x',
      text: 'x\n',
      isNew: true,
    } as const;
    expect(await catchError(() => applyIgnore(plan))).toMatchObject({ id: 'LX074', kind: 'io' });
    expect(readFileSync(join(root, 'elsewhere'), 'utf8')).toBe('a\n');
  });

  it('is not written where .gitignore may not be', async () => {
    const root = openRepository({ '.gitignore': 'a\n' });
    chmodSync(root, 0o755);
    for (const mode of [0o444, 0o000]) {
      chmodSync(join(root, '.gitignore'), mode);
      const error = await asNobody(() => catchError(() => ensure(join(root, NAME))));
      expect(error).toMatchObject({ id: 'LX074', hint: 'keep the key elsewhere: --key-source env' });
    }
    chmodSync(join(root, '.gitignore'), 0o644);
    expect(readFileSync(join(root, '.gitignore'), 'utf8')).toBe('a\n');
  });

  it('takes a worktree, whose .git is a file, for a git project', async () => {
    const root = mkdtempSync(join(tmpdir(), 'luau-exec-ignore-'));
    directories.push(root);
    expect(await planIgnore(join(root, NAME))).toEqual({ kind: 'no_git' });
    writeFileSync(join(root, '.git'), 'gitdir: /elsewhere\n');
    expect(await planIgnore(join(root, NAME))).toMatchObject({ kind: 'add' });
  });
});
