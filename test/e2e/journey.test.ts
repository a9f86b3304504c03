import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { formatRow, readScreen } from '../../scripts/screenshots/screen.mjs';
import { waitForText } from '../helpers/bin.ts';
import { type InstalledProgram, installProgram } from '../helpers/installed-program.ts';
import { type Terminal, useTerminals } from '../helpers/terminal.ts';

const openTerminal = useTerminals();
const COLUMNS = 100;
const ENTER = '\r';
const TAB = '\t';
const PAGE = 'https://create.roblox.com/dashboard/creations/experiences/123/places/456/configure';
const TASK_PATH = /^universes\/123\/places\/456\/versions\/1\/luau-execution-sessions\/\S+\/tasks\/\S+$/;
/** What is on a terminal when its last process goes can be lost, so that process waits for a key. */
const LAST_WORDS = 'echo "code=$?"; echo end; read -r';

/** Each step goes on from what the steps before it have left in the directory, as a new user does. */
describe('from the packed package to the last task, step by step', () => {
  let user: InstalledProgram;
  const endings: (() => void)[] = [];

  beforeAll(() => {
    user = installProgram('in the project');
  }, 60_000);
  afterAll(() => {
    for (const end of endings) end();
    user.remove();
  });

  const show = (line: string) =>
    openTerminal(['bash', '--norc', '-c', `${line}; ${LAST_WORDS}`], {
      cwd: user.directory,
      env: user.environment,
      cols: COLUMNS,
    });

  it('npm installs one package and nothing with it', async () => {
    const names = readdirSync(join(user.directory, 'node_modules')).filter((name) => !name.startsWith('.'));
    expect(names).toEqual(['luau-exec']);
    expect(await user.type('luau-exec --version')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/),
    });
  });

  it('the name alone says what to type first', async () => {
    const { exitCode, stdout, stderr } = await user.type('luau-exec');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('\n  luau-exec run hello.luau --local  on this machine, without a key\n');
  });

  it('a first script runs without a key', async () => {
    user.write({ 'hello.luau': 'print("Hello from Luau!")\nreturn 6 * 7\n' });
    const { exitCode, stdout, stderr } = await user.type('luau-exec run hello.luau --local');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '42\n' });
    expect(stderr).toMatch(
      /^submitting\ncreated universes\/1\/\S+\nprocessing\ncomplete\nHello from Luau!\ncomplete in \d/,
    );
  });

  it('a mistake in it is shown on its line', async () => {
    user.write({
      'hello.luau': 'print("Hello from Luau!")\nlocal player = {}\nreturn player.stats.level\n',
    });
    const terminal = show('luau-exec run hello.luau --local');
    const screen = await finish(terminal);
    expect(screen).toContain(
      [
        "error: hello.luau:3: attempt to index nil with 'level'",
        '',
        '  1 | print("Hello from Luau!")',
        '  2 | local player = {}',
        '> 3 | return player.stats.level',
        '',
        '  at hello.luau:3',
        'code=1',
      ].join('\n'),
    );
  });

  it('one that Luau cannot read is not run at all', async () => {
    user.write({ 'hello.luau': 'print("Hello from Luau!"\nreturn 1\n' });
    const { exitCode, stdout, stderr } = await user.type('luau-exec run hello.luau --local');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: hello\.luau:2:\d+: syntax error: Expected '\)'/);
  });

  it('corrected, it gives its values alone to a pipe', async () => {
    user.write({
      'hello.luau': 'print("Hello from Luau!")\nlocal player = { stats = { level = 3 } }\nreturn player\n',
    });
    const read = `node -p 'JSON.parse(require("fs").readFileSync(0, "utf8")).stats.level'`;
    const { exitCode, stdout, stderr } = await user.type(`luau-exec run hello.luau --local -q | ${read}`);
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 0,
      stdout: '3\n',
      stderr: 'Hello from Luau!\n',
    });
  });

  it('without --local it says that there is no key and how to get on', async () => {
    const { exitCode, stdout, stderr } = await user.type('luau-exec run hello.luau');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(/^error: no API key, no universe id and no place id\n/);
    expect(stderr).toMatch(/\nhint: luau-exec init, or .*; to try without them: --local\n$/);
  });

  it('init asks, and takes the URL of the page that is open', async () => {
    const terminal = show('luau-exec init');
    await terminal.output.until(/Universe id: /);
    terminal.type(`${PAGE}${ENTER}`);
    await terminal.output.until(/Place id \(Enter: 456, from the URL\): /);
    terminal.type(ENTER);
    await terminal.output.until(/1 to \d \(Enter: 1\): /);
    terminal.type(ENTER);
    const screen = await finish(terminal);
    expect(screen).toContain(`wrote ${join(user.directory, '.luauexecrc')}: universe 123, place 456\n`);
    expect(screen).toContain('code=0\n');
    expect((await user.type('luau-exec config')).stdout).toMatch(/^universeId +123 +universeId in /m);
  });

  it('init asks nothing where flags say it all', async () => {
    const line = 'mkdir other && cd other && luau-exec init -u 7 -p 8 --key-source env';
    expect(await user.type(line)).toMatchObject({ exitCode: 0 });
    expect(readFileSync(join(user.directory, 'other', '.luauexecrc'), 'utf8')).toContain(
      'universeId: "7"\nplaceId: "8"\n',
    );
    const { stderr } = await user.type('cd other && luau-exec init -u 7 -p 8');
    expect(stderr).toMatch(/\nhint: luau-exec init --force\n$/);
  });

  it('a directory of three scripts is a table that moves, then what came of each, then a summary', async () => {
    user.write({
      'tests/coins.luau': 'task.wait(1.5)\nreturn { passed = 12 }\n',
      'tests/prices.luau': 'local price = 5\nassert(price == 4, "the price differs")\n',
      'tests/trades.luau': 'print("3 trades")\n',
    });
    const terminal = show('luau-exec run tests --local');
    await terminal.output.until(/1 of 3 scripts ended|2 of 3 scripts ended/);
    const screen = await finish(terminal);
    expect(screen).toMatch(/\n> 2 \| assert\(price == 4, "the price differs"\)\n/);
    expect(screen).toMatch(
      /\n\n✓ tests\/coins\.luau +complete +\S+ s\n✗ tests\/prices\.luau +failed +\S+ s +tests\/prices\.luau:2: the price differs\n✓ tests\/trades\.luau +complete +\S+ s\n3 scripts: 2 complete, 1 failed\ncode=1\nend\n/,
    );
  });

  it('a pattern finds the same, and a report is written beside', async () => {
    const line = 'luau-exec run "tests/*.luau" --local -q --bail --concurrency 1 --output junit=luau.xml';
    const { exitCode, stderr } = await user.type(line);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('error: tests/prices.luau:2: the price differs\n');
    const report = readFileSync(join(user.directory, 'luau.xml'), 'utf8');
    expect(report).toMatch(/<testsuites name="luau-exec" tests="3" failures="1" errors="0" skipped="1" /);
  });

  it('an emulator stands in for Open Cloud', async () => {
    const child = spawn('luau-exec', ['emulate', '--port', '0'], {
      cwd: user.directory,
      env: user.environment,
    });
    endings.push(() => child.kill('SIGKILL'));
    const url = (await waitForText(child.stdout, /\n/)).trim();
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    Object.assign(user.environment, { LUAU_EXEC_BASE_URL: url, ROBLOX_API_KEY: 'any-key-will-do' });
    const { exitCode, stdout } = await user.type('luau-exec doctor');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ok +service +reached/m);
    expect(stdout).toContain('universe id      123 ');
  });

  it('a script is sent and left, and the list has it', async () => {
    user.write({ 'migrate.luau': 'print("3 records")\nwarn("1 skipped")\ntask.wait(6)\nreturn "done"\n' });
    const sent = await user.type('luau-exec run migrate.luau --detach -q');
    expect(sent).toMatchObject({ exitCode: 0, stderr: '' });
    expect(sent.stdout.trim()).toMatch(TASK_PATH);
    const { stdout } = await user.type('luau-exec list');
    expect(stdout).toMatch(/^@1 +PROCESSING +- +\S+ +123\/456 +universes\S+ +migrate\.luau\n$/);
  });

  it('while it runs, its state is there, and its logs are not yet', async () => {
    const status = await user.type('luau-exec status');
    expect(status).toMatchObject({ exitCode: 8, stderr: '' });
    expect(status.stdout).toMatch(/^state +PROCESSING\n/);
    const logs = await user.type('luau-exec logs');
    expect(logs).toMatchObject({ exitCode: 8, stdout: '' });
    expect(logs.stderr).toMatch(/\nhint: luau-exec logs universes\/\S+ --follow\n/);
  });

  it('wait gives what run would have given, and then all is known', async () => {
    expect(await user.type('luau-exec wait -q')).toMatchObject({
      exitCode: 0,
      stdout: '"done"\n',
      stderr: '3 records\n[warning] 1 skipped\n',
    });
    expect(await user.type('luau-exec logs --level warning')).toMatchObject({
      exitCode: 0,
      stdout: '[warning] 1 skipped\n',
    });
    expect((await user.type('luau-exec status @last')).stdout).toMatch(/^state +COMPLETE\n/);
    const screen = await finish(show('luau-exec list'));
    expect(screen).toMatch(
      /^ +state +age +task +target +script\n@1 +COMPLETE +\d+ s +[0-9a-f]{8} +123\/456 +migrate\.luau\ncode=0\n/,
    );
  });

  it('bash completes once it was told', async () => {
    const bash = ['bash', '--noprofile', '--norc', '-i'];
    const env = { ...user.environment, PS1: 'ready> ' };
    const terminal = openTerminal(bash, { cwd: user.directory, env });
    await terminal.output.until(/ready> /);
    terminal.type(`source <(luau-exec completion bash)${ENTER}`);
    await terminal.output.until(/ready> /);
    terminal.type(`luau-exec chec${TAB}tests/tr${TAB}--js${TAB}${ENTER}`);
    await terminal.output.until(/"script":\{"name":"tests\/trades\.luau"/);
    expect(stripVTControlCharacters(terminal.output.text)).toContain(
      'luau-exec check tests/trades.luau --json',
    );
  });

  it('the help explains each exit code that was met', async () => {
    const { exitCode, stdout } = await user.type('luau-exec help exit-codes');
    expect(exitCode).toBe(0);
    for (const line of ['0 ok', '1 script_failed', '2 usage', '8 pending'])
      expect(stdout).toContain(`\n  ${line} `);
  });

  it('nothing lies in the project but what was asked for', () => {
    expect(readdirSync(user.directory).sort()).toEqual([
      '.luauexecrc',
      'hello.luau',
      'luau.xml',
      'migrate.luau',
      'node_modules',
      'other',
      'package-lock.json',
      'package.json',
      'tests',
    ]);
    expect(existsSync(join(user.environment.HOME ?? '', '.config'))).toBe(false);
  });
});

/** What is left on the screen once the line has ended. */
async function finish(terminal: Terminal): Promise<string> {
  await terminal.output.until(/end\r\n/);
  terminal.type(ENTER);
  await terminal.ended;
  const rows = await readScreen(terminal.output.text, { columns: COLUMNS, rows: 60 });
  return `${rows.map(formatRow).join('\n')}\n`;
}
