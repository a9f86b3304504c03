import { mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeDirectory } from '../src/make-directory.ts';

let base = '';
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'luau-exec-directory-'));
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

describe('makeDirectory', () => {
  it('makes what is missing, for its owner alone, and leaves what is there', () => {
    mkdirSync(join(base, 'a'), { mode: 0o755 });
    makeDirectory(join(base, 'a', 'b', 'c'));
    makeDirectory(join(base, 'a', 'b', 'c'));
    const modeOf = (...names: string[]) => statSync(join(base, ...names)).mode & 0o777;
    if (process.platform !== 'win32') {
      expect([modeOf('a'), modeOf('a', 'b'), modeOf('a', 'b', 'c')]).toEqual([0o755, 0o700, 0o700]);
    }
    expect(statSync(join(base, 'a', 'b', 'c')).isDirectory()).toBe(true);
  });

  it('takes a link to a directory for one', () => {
    mkdirSync(join(base, 'real'));
    symlinkSync(join(base, 'real'), join(base, 'link'), 'dir');
    makeDirectory(join(base, 'link'));
    makeDirectory(join(base, 'link', 'below'));
    expect(statSync(join(base, 'real', 'below')).isDirectory()).toBe(true);
  });

  it('says why where it cannot', () => {
    writeFileSync(join(base, 'file'), '');
    expect(() => makeDirectory(join(base, 'file'))).toThrow(/EEXIST/);
    expect(() => makeDirectory(join(base, 'file', 'below'))).toThrow(/ENOTDIR|ENOENT|EEXIST/);
    symlinkSync(join(base, 'nowhere'), join(base, 'dangling'), 'dir');
    expect(() => makeDirectory(join(base, 'dangling'))).toThrow(/EEXIST/);
  });

  it.skipIf(process.platform !== 'linux')('comes to an end below a directory that takes none', () => {
    expect(() => makeDirectory('/proc/luau-exec')).toThrow(/ENOENT/);
    expect(() => makeDirectory('/proc/luau-exec/a/b')).toThrow(/ENOENT/);
  });
});
