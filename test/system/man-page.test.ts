import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { ROOT } from '../helpers/bin.ts';
import { requirePrograms } from './require-programs.ts';

const PAGE = join(ROOT, 'dist', 'luau-exec.1');

beforeAll(() => requirePrograms({ man: 'man-db', groff: 'groff-base', mandoc: 'mandoc' }));

/** All that a program writes about the page, and the text that it makes of it. */
function read([program = '', ...argv]: readonly string[], env: Record<string, string> = {}) {
  const { stdout, stderr, status } = spawnSync(program, argv, {
    encoding: 'utf8',
    env: { PATH: process.env.PATH ?? '', LC_ALL: 'C.UTF-8', MANWIDTH: '80', MAN_KEEP_FORMATTING: '', ...env },
  });
  return { status, stderr, text: strikeOnce(stripVTControlCharacters(stdout)) };
}

/** Some readers make a letter bold by writing it, a step back, and the letter again. */
function strikeOnce(text: string): string {
  const parts = text.split('\b');
  return [...parts.slice(0, -1).map((part) => part.slice(0, -1)), parts.at(-1)].join('');
}

describe('the manual', () => {
  it.each([
    ['man', ['man', '--warnings', '-E', 'UTF-8', '-l', PAGE]],
    ['groff', ['groff', '-man', '-Tutf8', '-ww', PAGE]],
    ['groff, in ASCII', ['groff', '-man', '-Tascii', '-ww', PAGE]],
    ['mandoc', ['mandoc', '-Tutf8', '-Owidth=78', PAGE]],
  ])('is shown by %s without a warning, as it was meant', (_name, argv) => {
    const { status, stderr, text } = read(argv);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(text).toMatch(/^LUAU-EXEC\(1\)/);
    expect(text).toMatch(/^ +-u, --universe id$/m);
    expect(text).toMatch(/^ +luau-exec run -e 'return game\.PlaceVersion'$/m);
    expect(text).toMatch(/^ +luau-exec wait "\$\(cat task\.txt\)"$/m);
    expect(text).toMatch(/^ +9 unknown$/m);
    expect(text).toMatch(/^ +\.luaurc, \.config\.luau$/m);
    expect(text.replaceAll(/\s+/g, ' ')).toContain('Windows: %APPDATA%\\luau-exec for settings');
  });

  it('gives mandoc nothing to complain of but long lines', () => {
    const { text } = read(['mandoc', '-Tlint', PAGE]);
    const complaints = text
      .split('\n')
      .filter((line) => line !== '' && !line.includes('longer than 80 bytes'));
    expect(complaints).toEqual([]);
  });

  it('has a name that whatis finds', () => {
    const { text } = read(['lexgrog', PAGE]);
    expect(text).toBe(
      `${PAGE}: "luau-exec - run Luau scripts on Roblox Open Cloud, or on your own machine with --local"\n`,
    );
  });
});
