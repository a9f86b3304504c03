import { mkdirSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { BIN, collect, NODE, useWorkplaces, type Workplace } from '../helpers/bin.ts';
import { OutputReader } from '../helpers/output-reader.ts';
import { type Terminal, useTerminals } from '../helpers/terminal.ts';

const open = useWorkplaces();
const startTerminal = useTerminals();
const LONG_AGO = new Date('2020-01-01T00:00:00.123Z');
const CTRL_C = '\x03';
const IDLE = /watching (?:\d+ files?|for the script); r runs again, q quits\r\n/;

const PROJECT = {
  'main.luau': 'return "value " .. require("./lib/number")\n',
  'lib/number.luau': 'return 1\n',
};

/**
 * A place with files that nobody has touched for long. Of a file that was written in the moment of the start it is not
 * certain whether that came after it, so the program would run again; milliseconds in a time say how long a moment is.
 */
function openWith(files: Readonly<Record<string, string>>): Workplace {
  const place = open();
  place.write(files);
  for (const name of Object.keys(files)) utimesSync(join(place.directory, name), LONG_AGO, LONG_AGO);
  return place;
}

/** Runs `run --local --watch` with further words, or what `wrap` makes of that. */
function watchOnTerminal(place: Workplace, words: string[], wrap = (argv: string[]) => argv): Terminal {
  const argv = wrap([NODE, BIN, 'run', ...words, '--local', '--watch']);
  return startTerminal(argv, { cwd: place.directory, env: { ...place.environment, NO_COLOR: '1' } });
}

describe('run --watch on a terminal', () => {
  it('runs again at each change, also of a module that is broken and mended', async () => {
    const place = openWith(PROJECT);
    const { output, type, ended } = watchOnTerminal(place, ['main.luau']);
    await output.until(/"value 1"/);
    await output.until(/watching 2 files; r runs again, q quits\r\n/);
    place.write({ 'lib/number.luau': 'return 2\n' });
    await output.until(/lib\/number\.luau changed\r\n/);
    await output.until(/"value 2"/);
    await output.until(IDLE);
    place.write({ 'lib/number.luau': 'return return\n' });
    await output.until(/error: lib\/number\.luau:1:8: syntax error/);
    await output.until(IDLE);
    place.write({ 'lib/number.luau': 'return 3\n' });
    await output.until(/"value 3"/);
    await output.until(IDLE);
    type('q');
    expect(await ended).toMatchObject({ exitCode: 0, signal: 0 });
  });

  it('finds scripts that come to a directory or a pattern later', async () => {
    const place = openWith({ 'notes.md': '' });
    const { output } = watchOnTerminal(place, ['tests/*.luau']);
    await output.until(/error: no file matches tests\/\*\.luau/);
    await output.until(IDLE);
    place.write({ 'tests/a.luau': 'return "one"\n' });
    await output.until(/tests\/a\.luau changed\r\n/);
    await output.until(/"one"/);
    await output.until(/watching 1 file;/);
    place.write({ 'tests/b.luau': 'return "two"\n' });
    await output.until(/tests\/b\.luau changed\r\n/);
    await output.until(/"two"/);
    await output.until(/watching 2 files;/);
  });

  it('does not send again what has not changed, unless it is told to', async () => {
    const place = openWith(PROJECT);
    const { output, type } = watchOnTerminal(place, ['main.luau']);
    await output.until(/"value 1"/);
    await output.until(IDLE);
    place.write({ 'lib/number.luau': PROJECT['lib/number.luau'] });
    await output.until(/lib\/number\.luau changed\r\nnothing that is sent has changed\r\n/);
    await output.until(IDLE);
    type('r');
    await output.until(/running again\r\n/);
    await output.until(/"value 1"/);
  });

  it('watches all that a script depends on: aliases, data, arguments, and modules that are not there yet', async () => {
    const place = openWith({
      'main.luau': 'return ARGS.who .. require("@lib/later")\n',
      '.luaurc': '{ "aliases": { "lib": "./old" } }',
      'old/later.luau': 'return require("./text.txt")\n',
      'args.json': '{ "who": "Ada " }',
    });
    const { output } = watchOnTerminal(place, ['main.luau', '--args', 'args.json']);
    await output.until(/error: old\/later\.luau:1:8: there is no module old\/text\.txt/);
    await output.until(IDLE);
    place.write({ 'old/text.txt': 'is here' });
    await output.until(/old\/text\.txt changed\r\n/);
    await output.until(/"Ada is here"/);
    await output.until(/watching 5 files; /);
    place.write({ 'args.json': '{ "who": "Grace " }' });
    await output.until(/args\.json changed\r\n/);
    await output.until(/"Grace is here"/);
    await output.until(IDLE);
    place.write({ 'new/later.luau': 'return "moved"\n' });
    place.write({ '.luaurc': '{ "aliases": { "lib": "./new" } }' });
    await output.until(/\.luaurc changed\r\n/);
    await output.until(/"Grace moved"/);
    await output.until(/watching 4 files; /);
  });

  it('sees the script or a module come back where a directory has taken its name', async () => {
    const place = openWith(PROJECT);
    const { output } = watchOnTerminal(place, ['main.luau']);
    await output.until(/"value 1"/);
    await output.until(IDLE);
    for (const [name, text, result] of [
      ['lib/number.luau', 'return 2\n', /"value 2"/],
      ['main.luau', 'return "script"\n', /"script"/],
    ] as const) {
      const path = join(place.directory, name);
      rmSync(path);
      mkdirSync(path);
      await output.until(/error: /);
      await output.until(IDLE);
      rmSync(path, { recursive: true });
      place.write({ [name]: text });
      await output.until(result);
      await output.until(IDLE);
    }
  });

  it('begins with a script that is not there, and runs it when it comes', async () => {
    const place = open();
    const { output } = watchOnTerminal(place, ['main.luau']);
    await output.until(/error: cannot read main\.luau: there is no such file/);
    await output.until(IDLE);
    place.write({ 'main.luau': 'return "it came"\n' });
    await output.until(/"it came"/);
  });

  it('sees a change that was made during a run, the first one included, after it', async () => {
    const slow = { 'main.luau': 'print("begun") task.wait(0.5) return require("./lib/number")\n' };
    const place = openWith({ ...PROJECT, ...slow });
    const { output } = watchOnTerminal(place, ['main.luau']);
    for (const [before, after] of [
      ['1', '2'],
      ['2', '3'],
    ]) {
      await output.until(/processing/);
      place.write({ 'lib/number.luau': `return ${after}\n` });
      await output.until(new RegExp(`begun\r\n${before}\r\n`));
      await output.until(/lib\/number\.luau changed\r\n/);
    }
    await output.until(/begun\r\n3\r\n/);
    await output.until(IDLE);
  });

  it('r runs again, also when it was typed during a run', async () => {
    const place = openWith({ 'main.luau': 'task.wait(0.5)\nprint("ran")\n' });
    const { output, type, ended } = watchOnTerminal(place, ['main.luau']);
    await output.until(/processing/);
    type('r');
    for (let run = 0; run < 2; run++) {
      await output.until(/ran\r\n/);
      await output.until(IDLE);
    }
    type('r');
    await output.until(/ran\r\n/);
    await output.until(IDLE);
    type('q');
    expect(await ended).toMatchObject({ exitCode: 0 });
    expect(output.text.match(/ran\r\n/g)).toHaveLength(3);
    expect(output.text).not.toContain('changed');
  });

  it.each([
    ['q', 0, 'a run that was well', 'return 1\n'],
    ['q', 1, 'one that failed', 'error("no")\n'],
    ['q', 2, 'a script that was not sent', 'return =\n'],
    [CTRL_C, 130, 'any', 'return 1\n'],
  ])('%j ends with %i after %s, and the terminal is as before', async (key, code, _name, text) => {
    const place = openWith({ 'main.luau': text });
    const command =
      'before=$(stty -g); "$@"; echo "code $?"; [ "$(stty -g)" = "$before" ] && echo "as before"';
    const inShell = (argv: string[]) => ['bash', '-c', command, 'bash', ...argv];
    const { output, type } = watchOnTerminal(place, ['main.luau'], inShell);
    await output.until(IDLE);
    type(key);
    await output.until(new RegExp(`code ${code}\r\n`));
    await output.until(/as before\r\n/);
  });

  it.each([
    ['nothing runs', 'return 1\n', IDLE],
    ['a script runs', 'task.wait(60)\n', /processing/],
    ['a script runs that never yields', 'while true do end\n', /processing/],
  ])('Ctrl-C while %s ends it by SIGINT', async (_name, text, moment) => {
    const place = openWith({ 'main.luau': text });
    const { output, type, ended } = watchOnTerminal(place, ['main.luau']);
    await output.until(moment);
    type(CTRL_C);
    expect(await ended).toMatchObject({ signal: 2 });
    expect(output.text.includes('error: stopped; the local run ended with it')).toBe(moment !== IDLE);
  });
});

describe('run --watch without a terminal', () => {
  it('writes lines, and ends by the signal that stops it', async () => {
    const place = openWith(PROJECT);
    const child = place.start(['run', 'main.luau', '--local', '--watch']);
    const [stdout, stderr] = [new OutputReader(), new OutputReader()];
    child.stdout.on('data', (data) => stdout.add(String(data)));
    child.stderr.on('data', (data) => stderr.add(String(data)));
    const ended = collect(child);
    await stderr.until(/^complete in .*\n\nwatching 2 files\n/m);
    place.write({ 'lib/number.luau': 'return 2\n' });
    await stderr.until(/^lib\/number\.luau changed\nsubmitting\n/m);
    await stderr.until(/^watching 2 files\n/m);
    child.kill('SIGTERM');
    expect(await ended).toMatchObject({
      exitCode: null,
      signal: 'SIGTERM',
      stdout: '"value 1"\n"value 2"\n',
    });
    expect(stderr.text).not.toMatch(/^error/m);
  });

  it.each([
    [['main.luau', '--json'], '--watch runs again and again, and a report is about one run'],
    [
      ['main.luau', '--output', 'junit=report.xml'],
      '--watch runs again and again, and a report is about one run',
    ],
    [['main.luau', '--detach'], '--watch waits for the end of each run, and --detach does not wait'],
    [['-'], '--watch reads a script again, and standard input can be read once'],
    [['-e', 'return 1'], '--watch needs a file that can change'],
    [[], '--watch needs a file that can change'],
  ])('%j is refused with LX003', async (words, headline) => {
    const place = openWith(PROJECT);
    const { exitCode, stdout, stderr } = await place.run(['run', ...words, '--local', '--watch', '-v']);
    expect(exitCode).toBe(2);
    expect(stdout + stderr).toContain(headline);
    expect(stdout + stderr).toContain('LX003');
    expect(stderr).not.toContain('submitting');
  });
});
