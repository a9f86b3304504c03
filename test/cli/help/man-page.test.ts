import { describe, expect, it } from 'vitest';
import { extrasOf } from '../../../src/cli/help/command-extras.ts';
import { createManPage } from '../../../src/cli/help/man-page.ts';
import { escapeRoff } from '../../../src/cli/help/roff.ts';
import { createProgram } from '../../../src/cli/program.ts';
import { VERSION } from '../../../src/version.ts';

const page = createManPage({ date: '2026-11-25' });
const program = createProgram(async () => undefined);

/** What stands between the heading of a command and the next heading. */
function readCommand(name: string): string {
  const [, text = ''] = page.split(`\n.SS "luau\\-exec ${name}"\n`);
  return text.split(/\n\.S[HS] /)[0] ?? '';
}

describe('the manual', () => {
  it('begins as manuals do', () => {
    expect(page.split('\n').slice(0, 5)).toEqual([
      `.TH LUAU\\-EXEC 1 "2026-11-25" "luau\\-exec ${VERSION}" "User Commands"`,
      '.nh',
      '.ad l',
      '.SH "NAME"',
      'luau\\-exec \\- run Luau scripts on Roblox Open Cloud, or on your own',
    ]);
  });

  it('has its sections in order', () => {
    expect([...page.matchAll(/^\.SH "(.*)"$/gm)].map(([, heading]) => heading)).toEqual([
      'NAME',
      'SYNOPSIS',
      'DESCRIPTION',
      'COMMANDS',
      'GLOBAL OPTIONS',
      'EXIT STATUS',
      'ENVIRONMENT',
      'FILES',
      'LIMITS',
      'JSON',
      'EXAMPLES',
      'SEE ALSO',
    ]);
  });

  it.each(program.commands.map((command) => [command.name(), command] as const))(
    'has every option, argument and example of %s',
    (name, command) => {
      const text = readCommand(name);
      const words = [
        ...command.options.map(({ long }) => `\\fB${escapeRoff(long ?? '')}\\fR`),
        ...command.registeredArguments.map((argument) => `\\fB${escapeRoff(argument.name())}\\fR`),
        ...extrasOf(command).examples.map(({ term }) => `\\fB${escapeRoff(term)}\\fR`),
      ];
      expect(words.filter((word) => !text.includes(word))).toEqual([]);
    },
  );

  it('has the global options once', () => {
    for (const { long } of program.options) {
      expect(page.split(`\\fB${escapeRoff(long ?? '')}\\fR`).length - 1).toBe(1);
    }
  });

  it('is short lines of ASCII, with no request but these', () => {
    const lines = page.split('\n');
    expect(lines.filter((line) => /[^\x20-\x7e]/.test(line))).toEqual([]);
    // A tag cannot be broken.
    expect(lines.filter((line) => line.length > 120 && !line.startsWith('\\fB'))).toEqual([]);
    const requests = new Set(lines.filter((line) => /^[.']/.test(line)).map((line) => line.split(' ')[0]));
    expect([...requests].sort()).toEqual(['.PP', '.SH', '.SS', '.TH', '.TP', '.ad', '.nh']);
  });
});
