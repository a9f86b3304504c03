import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findProgram, listProgramPlaces } from '../../src/place/find-program.ts';
import { writeProgram } from './write-program.ts';

type Env = Readonly<Record<string, string | undefined>>;

const find = (platform: string, files: readonly string[], env: Env, homeDirectory: string | null = null) =>
  findProgram('rojo', { env, homeDirectory, platform, isProgram: (file) => files.includes(file) });

describe('on Linux and macOS', () => {
  test.each<[name: string, PATH: string | undefined, files: string[], found: string | null]>([
    ['the first directory of PATH', '/a:/b', ['/b/rojo', '/a/rojo'], '/a/rojo'],
    ['a later one', '/a:/b', ['/b/rojo'], '/b/rojo'],
    ['a directory with a semicolon', '/a;b', ['/a;b/rojo'], '/a;b/rojo'],
    ['a directory that ends in a slash', '/a/', ['/a/rojo'], '/a/rojo'],
    ['PATH before the tool managers', '/a', ['/home/me/.rokit/bin/rojo', '/a/rojo'], '/a/rojo'],
    [
      'rokit first of them',
      '/a',
      ['/home/me/.foreman/bin/rojo', '/home/me/.aftman/bin/rojo', '/home/me/.rokit/bin/rojo'],
      '/home/me/.rokit/bin/rojo',
    ],
    [
      'aftman before foreman',
      '/a',
      ['/home/me/.foreman/bin/rojo', '/home/me/.aftman/bin/rojo'],
      '/home/me/.aftman/bin/rojo',
    ],
    ['foreman', undefined, ['/home/me/.foreman/bin/rojo'], '/home/me/.foreman/bin/rojo'],
    ['no relative directory', 'bin:./bin:../bin', ['bin/rojo', './bin/rojo', '../bin/rojo'], null],
    ['nothing for empty entries', ':/a:', ['rojo', './rojo', '/rojo'], null],
    ['no file with an ending', '/a', ['/a/rojo.exe', '/a/rojo.cmd'], null],
  ])('it takes %s', (_name, PATH, files, found) => {
    expect(find('linux', files, { PATH }, '/home/me')).toBe(found);
  });

  test('nobody has to have a home', () => {
    expect(find('darwin', ['/.rokit/bin/rojo', '.rokit/bin/rojo'], {}, null)).toBeNull();
  });

  test('a home that is relative is none', () => {
    expect(find('linux', ['.rokit/bin/rojo', 'me/.rokit/bin/rojo'], {}, 'me')).toBeNull();
  });
});

describe('on Windows', () => {
  const both = ['C:\\a\\rojo.com', 'C:\\a\\rojo.exe'];
  test.each<[name: string, files: string[], env: Env, found: string | null]>([
    ['an .exe', ['C:\\a\\rojo.exe'], { PATH: 'C:\\a' }, 'C:\\a\\rojo.exe'],
    ['what PATHEXT names first', both, { PATH: 'C:\\a', PATHEXT: '.EXE;.COM' }, 'C:\\a\\rojo.exe'],
    ['.com first where PATHEXT is not set', both, { PATH: 'C:\\a' }, 'C:\\a\\rojo.com'],
    ['only what PATHEXT names', both, { PATH: 'C:\\a', PATHEXT: '.BAT;.EXE' }, 'C:\\a\\rojo.exe'],
    ['either where PATHEXT names neither', both, { PATH: 'C:\\a', PATHEXT: '.PY' }, 'C:\\a\\rojo.com'],
    ['the later directory', ['D:\\b\\rojo.exe'], { PATH: 'C:\\a;D:\\b' }, 'D:\\b\\rojo.exe'],
    ['the variable Path', ['C:\\a\\rojo.exe'], { Path: 'C:\\a', PathExt: '.EXE' }, 'C:\\a\\rojo.exe'],
    ['a directory in quotes', ['C:\\a b\\rojo.exe'], { PATH: '"C:\\a b"' }, 'C:\\a b\\rojo.exe'],
    ['a network path', ['\\\\host\\a\\rojo.exe'], { PATH: '\\\\host\\a' }, '\\\\host\\a\\rojo.exe'],
    [
      'the shim of rokit',
      ['C:\\me\\.rokit\\bin\\rojo.exe'],
      { PATH: 'C:\\a' },
      'C:\\me\\.rokit\\bin\\rojo.exe',
    ],
    [
      'nothing that needs a shell',
      ['C:\\a\\rojo.cmd', 'C:\\a\\rojo.bat', 'C:\\a\\rojo', 'C:\\a\\rojo.CMD'],
      { PATH: 'C:\\a', PATHEXT: '.CMD;.BAT;.COM;.EXE' },
      null,
    ],
    [
      'no relative directory',
      ['a\\rojo.exe', '\\a\\rojo.exe', 'C:a\\rojo.exe', 'rojo.exe', '.\\rojo.exe'],
      { PATH: 'a;.;;\\a;C:a' },
      null,
    ],
  ])('it takes %s', (_name, files, env, found) => {
    expect(find('win32', files, env, 'C:\\me')).toBe(found);
  });
});

test('the places are those that were looked in, each once', () => {
  const env = { PATH: '/b:rel::/a:/b' };
  expect(listProgramPlaces({ env, homeDirectory: '/home/me', platform: 'linux' })).toEqual({
    path: ['/b', '/a'],
    tools: ['/home/me/.rokit/bin', '/home/me/.aftman/bin', '/home/me/.foreman/bin'],
  });
  expect(listProgramPlaces({ env: {}, homeDirectory: null, platform: 'linux' })).toEqual({
    path: [],
    tools: [],
  });
});

describe.skipIf(process.platform === 'win32')('in real directories', () => {
  let root = '';
  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'luau-exec-find-')));
    for (const name of ['a', 'b']) mkdirSync(join(root, name));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const look = (...directories: string[]) =>
    findProgram('rojo', { env: { PATH: directories.join(':') }, homeDirectory: null, platform: 'linux' });
  const path = (...parts: string[]) => join(root, ...parts);

  test('what cannot be started is passed over', () => {
    writeFileSync(path('a', 'rojo'), '', { mode: 0o644 });
    mkdirSync(path('c', 'rojo'), { recursive: true });
    mkdirSync(path('d'));
    symlinkSync(path('gone'), path('d', 'rojo'));
    const rojo = writeProgram(path('b', 'rojo'), '');
    expect(look(path('a'), path('c'), path('d'), path('none'), path('b'))).toBe(rojo);
    expect(look(path('a'), path('c'), path('d'))).toBeNull();
  });

  test('a link is taken as it is: a shim knows by its name what is wanted', () => {
    writeProgram(path('b', 'rokit'), '');
    symlinkSync(path('b', 'rokit'), path('a', 'rojo'));
    expect(look(path('a'))).toBe(path('a', 'rojo'));
  });

  test('a relative way to a program that is there leads nowhere', () => {
    writeProgram(path('a', 'rojo'), '');
    expect(look(relative(process.cwd(), path('a')))).toBeNull();
    expect(look(path('a'))).not.toBeNull();
  });
});
