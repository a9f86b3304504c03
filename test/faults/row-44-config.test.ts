import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { asNobody } from '../helpers/as-nobody.ts';
import { type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';

const open = useCliSessions();
const SCRIPT: CliSessionOptions = {
  files: { 'a.luau': 'A' },
  scripts: { A: { result: { kind: 'complete', results: ['done'] } } },
};
const openWith = (files: Record<string, string | Uint8Array>) =>
  open({ ...SCRIPT, files: { ...SCRIPT.files, ...files } });

describe('row 44: config files', () => {
  const codeFiles = [
    ...['js', 'cjs', 'mjs', 'ts', 'cts', 'mts'].flatMap((extension) => [
      `.luauexecrc.${extension}`,
      `luauexec.config.${extension}`,
    ]),
    '.config/config.js',
    '.config/luauexecrc.js',
    '.config/luauexec.config.js',
  ];

  it('row 44: code is never run, whatever the file is called', async () => {
    const mark = 'ran.txt';
    const code = `require('fs').writeFileSync(${JSON.stringify(mark)}, ''); module.exports = { placeId: 7 };`;
    const session = await openWith(Object.fromEntries(codeFiles.map((name) => [name, code])));
    expect(await session.run('run', 'a.luau', '-q')).toEqual({ exitCode: 0, stdout: '"done"\n', stderr: '' });
    expect(session.requests[0]).toContain('/places/22/');
    for (const name of codeFiles) {
      const { exitCode, stderr } = await session.run('run', 'a.luau', '-v', '--config', name);
      expect({ name, exitCode }).toEqual({ name, exitCode: 2 });
      expect(stderr).toContain('LX012');
      expect(stderr).toContain('is neither JSON nor YAML');
    }
    expect([join(session.cwd, mark), mark].filter(existsSync)).toEqual([]);
  });

  const laughs = Array.from({ length: 9 }, (_, level) => {
    const last = `*l${level - 1}`;
    const content = level === 0 ? '["lol"]' : `[${Array.from({ length: 9 }, () => last).join(', ')}]`;
    return `l${level}: &l${level} ${content}`;
  }).join('\n');
  const quadratic = `a: &a "${'x'.repeat(30_000)}"\nuniverseId:\n  ? [${Array.from({ length: 3_000 }, () => '*a').join(', ')}]\n  : 1\n`;
  it.each<[name: string, text: string | Uint8Array, id: string, words: string]>([
    ['a bomb of aliases', `universeId: 1\n${laughs}\n`, 'LX003', 'unknown key "l0"'],
    ['a bomb as a value', `${laughs}\nuniverseId: *l8\n`, 'LX003', 'unknown key "l0"'],
    ['a bomb in a key', quadratic, 'LX012', 'has too many aliases for its size'],
    ['more than 1 MiB', `# ${'x'.repeat(1_048_576)}\n`, 'LX012', 'is larger than 1048576 bytes'],
    ['bytes that are no text', Buffer.from([0x75, 0xff, 0x00]), 'LX012', 'is not UTF-8 text'],
    ['YAML with a mistake', 'universeId: [1\nplaceId: 2', 'LX012', 'is not valid YAML'],
    ['a tag that makes objects', 'universeId: !!js/function "return 1"', 'LX012', 'is not valid YAML'],
    ['a list', '- 1\n', 'LX011', 'is a list, not a mapping of settings'],
  ])('row 44: %s: exit 2 at once, and the file is named', async (_name, text, id, words) => {
    const session = await openWith({ '.luauexecrc': text });
    const startedAtMs = performance.now();
    const { exitCode, stdout, stderr } = await session.run('run', 'a.luau', '-v');
    expect(performance.now() - startedAtMs).toBeLessThan(2_000);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(id);
    expect(stderr).toContain(words);
    expect(stderr).toContain(join(session.cwd, '.luauexecrc'));
    expect(stderr.length).toBeLessThan(2_000);
    expect(session.requests).toEqual([]);
  });

  it.each([
    ['found', []],
    ['named', ['--config', '.luauexecrc']],
  ])('row 44: a file that may not be read, %s: exit 2', async (_name, argv) => {
    const session = await openWith({ '.luauexecrc': 'placeId: 7\n' });
    chmodSync(session.cwd, 0o755);
    chmodSync(join(session.cwd, '.luauexecrc'), 0o000);
    const { exitCode, stdout, stderr } = await asNobody(() => session.run('run', 'a.luau', '-v', ...argv));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('LX012');
    expect(stderr).toContain(`${join(session.cwd, '.luauexecrc')} may not be read (permission denied)`);
    expect(session.requests).toEqual([]);
  });

  it.each([
    ['universId', 'universeId'],
    ['placeid', 'placeId'],
    ['wait-timeout', 'waitTimeout'],
    ['target', null],
  ])('row 44: the unknown key %s: exit 2', async (key, suggestion) => {
    const session = await openWith({});
    const inTarget = key === 'target';
    const text = inTarget ? { targets: { staging: { target: 'x' } } } : { [key]: '1' };
    writeFileSync(join(session.cwd, '.luauexecrc'), JSON.stringify(text));
    const { exitCode, stderr } = await session.run('run', 'a.luau', '-v');
    expect(exitCode).toBe(2);
    expect(stderr).toContain('LX003');
    expect(stderr).toContain(`unknown key "${key}"`);
    expect(stderr).toContain(suggestion === null ? 'hint: ' : `hint: did you mean ${suggestion}?`);
    expect(session.requests).toEqual([]);
  });
});
