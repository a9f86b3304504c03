import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SHELLS, useShells } from './shell-session.ts';

const openShell = useShells();

/** What is typed before TAB, and the words that the program is called with then. */
const LINES: [what: string, line: string, words: string[]][] = [
  ['a command', 'luau-exec stat', ['status']],
  ['an option', 'luau-exec run --deta', ['run', '--detach']],
  ['a global option behind a command', 'luau-exec logs --verb', ['logs', '--verbose']],
  ['a value', 'luau-exec run --logs stdo', ['run', '--logs', 'stdout']],
  ['a value behind =', 'luau-exec run --logs=stdo', ['run', '--logs=stdout']],
  ['a choice', 'luau-exec auth rem', ['auth', 'remove']],
  ['a topic of help', 'luau-exec help emu', ['help', 'emulate']],
  ['a target of the config file', 'luau-exec run --target=stag', ['run', '--target=staging']],
  [
    'a target of another file',
    'luau-exec --config settings.yaml --target n',
    ['--config', 'settings.yaml', '--target', 'night'],
  ],
  ['the last task', 'luau-exec status @la', ['status', '@last']],
  ['the one before', 'luau-exec wait @2', ['wait', '@2']],
  ['a task by its id', 'luau-exec cancel 0b', ['cancel', '0b0e0002']],
  ['a script with a blank in its name', 'luau-exec run src/my', ['run', 'src/my script.luau']],
  ['a script in quotes', "luau-exec run 'src/my", ['run', 'src/my script.luau']],
  ['a script behind a backslash', 'luau-exec run src/my\\ s', ['run', 'src/my script.luau']],
  ['a second script', 'luau-exec run a.luau src/my', ['run', 'a.luau', 'src/my script.luau']],
  ['another file where no script is', 'luau-exec run note', ['run', 'notes.txt']],
  ['any file', 'luau-exec run --args set', ['run', '--args', 'settings.yaml']],
  ['any file behind =', 'luau-exec --config=set', ['--config=settings.yaml']],
  ['a file for the logs', 'luau-exec run --logs=note', ['run', '--logs=notes.txt']],
  ['a file for a report', 'luau-exec run --output junit=note', ['run', '--output', 'junit=notes.txt']],
  ['one behind =', 'luau-exec run --output=ndjson=note', ['run', '--output=ndjson=notes.txt']],
  [
    'an option behind code',
    `luau-exec run -e 'print("a; b")' --requ`,
    ['run', '-e', 'print("a; b")', '--require-logs'],
  ],
  ['nothing behind --', 'luau-exec run -- --deta', ['run', '--', '--deta']],
  ['nothing of a command that does not exist', 'luau-exec nothing --deta', ['nothing', '--deta']],
  ['nothing that it does not know', 'luau-exec run --universe no', ['run', '--universe', 'no']],
];

describe.each(SHELLS)('completion in %s', (shell) => {
  it('completes', async () => {
    const { complete } = await openShell(shell);
    const completed: typeof LINES = [];
    for (const [what, line] of LINES) completed.push([what, line, await complete(line)]);
    expect(completed).toEqual(LINES);
  });

  it('completes a script below the home directory', async () => {
    const { complete, place } = await openShell(shell);
    expect(await complete('luau-exec run ~/mi')).toEqual(['run', join(place.directory, 'home/mine.luau')]);
  });

  it('lists tasks with script and age', async () => {
    const { list } = await openShell(shell);
    const shown = await list('luau-exec status @', [/new\.luau, 3 h ago/, /old\.luau, 9 h ago/]);
    expect(shown).toMatch(/@last .*new\.luau/);
    expect(shown).toMatch(/@2 .*old\.luau/);
  });

  it('lists options with what they mean', async () => {
    const { list } = await openShell(shell);
    const shown = await list('luau-exec run --place', [/place id/, /a version of the place/]);
    expect(shown).toMatch(/--place .*place id/);
    expect(shown).toMatch(/--place-version .*a version of the place/);
  });

  it('runs nothing that stands on the line', async () => {
    const { complete, list, place } = await openShell(shell);
    await list('luau-exec run -e "$(touch touched)" --place', [/a version of the place/]);
    expect(await complete('luau-exec stat')).toEqual(['status']);
    expect(existsSync(join(place.directory, 'touched'))).toBe(false);
  });

  it('says nothing where the program does', async () => {
    const { complete, terminal, place } = await openShell(shell);
    place.write({ '.luauexecrc': 'targets: [' });
    expect(await complete('luau-exec --target=lo')).toEqual(['--target=local']);
    expect(terminal.output.text).not.toMatch(/error|LX\d|not found/);
  });
});

describe('completion in a bash of somebody else', () => {
  it.each([
    ['set -eu', 'luau-exec stat', ['status']],
    ['set -eu', 'luau-exec run src/my', ['run', 'src/my script.luau']],
    ['set -eu', 'luau-exec run src/none', ['run', 'src/none']],
    ['set -eu', 'luau-exec run --universe no', ['run', '--universe', 'no']],
    ['set -o posix', 'luau-exec run src/my', ['run', 'src/my script.luau']],
    ['IFS=a', 'luau-exec stat', ['status']],
    ['shopt -s failglob', 'luau-exec run src/my', ['run', 'src/my script.luau']],
    ["COMP_WORDBREAKS=$' \\t\\n'", 'luau-exec run --logs=stdo', ['run', '--logs=stdout']],
    ["COMP_WORDBREAKS=$' \\t\\n'", 'luau-exec run --args=src/my', ['run', '--args=src/my script.luau']],
    ['. bashrc', 'luau-exec stat', ['status']],
    ['alias le=luau-exec; complete -o default -F _luau_exec le', 'le stat', ['status']],
    [':', './bin/luau-exec stat', ['status']],
    [':', 'true; X=1 luau-exec 2>other stat', ['status']],
  ])('after %s completes %s', async (setup, line, words) => {
    const { complete, terminal } = await openShell('bash');
    terminal.type(`${setup}\r`);
    await terminal.output.until(/ready> /);
    expect(await complete(line)).toEqual(words);
  });
});
