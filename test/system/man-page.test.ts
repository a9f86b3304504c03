import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { NODE, ROOT, useWorkplaces } from '../helpers/bin.ts';

const open = useWorkplaces();
const PAGE = join(ROOT, 'dist', 'luau-exec.1');
const PROGRAMS = [
  ['man', 'man-db'],
  ['groff', 'groff-base'],
  ['mandoc', 'mandoc'],
] as const;

/** Throws where a program is missing, with the command that installs it on Debian. */
function requirePrograms(): void {
  for (const [program, debianPackage] of PROGRAMS) {
    if (spawnSync(program, ['--version']).error) {
      throw new Error(`${program} is not installed. On Debian: apt-get install -y ${debianPackage}`);
    }
  }
}

beforeAll(requirePrograms);

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

  it('comes with an installed package, where man finds it', () => {
    const { directory } = open();
    const npm = (argv: string[]) =>
      execFileSync('npm', argv, { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    const report: unknown = JSON.parse(
      npm(['pack', '--json', '--ignore-scripts', '--pack-destination', directory]),
    );
    const [packed] = Object.values(report ?? {});
    const prefix = join(directory, 'prefix');
    npm([
      'install',
      '--global',
      '--offline',
      '--omit=optional',
      '--ignore-scripts',
      `--prefix=${prefix}`,
      join(directory, packed.filename),
    ]);
    const bin = join(prefix, 'bin', 'luau-exec');
    expect(execFileSync(NODE, [bin, '--version'], { encoding: 'utf8' })).toMatch(/^\d/);
    const { status, text } = read(['man', '-M', join(prefix, 'share', 'man'), 'luau-exec']);
    expect(status).toBe(0);
    expect(text).toMatch(/^LUAU-EXEC\(1\)/);
  });
});
