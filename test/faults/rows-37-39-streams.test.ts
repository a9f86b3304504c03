import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn as spawnTerminal } from '@lydell/node-pty';
import { describe, expect, it } from 'vitest';
import { BIN, type BinResult, collect, NODE, useWorkplaces, type Workplace } from '../helpers/bin.ts';
import { useLoopbackEmulators } from '../helpers/loopback-emulator.ts';

const openPlace = useWorkplaces();
const startEmulator = useLoopbackEmulators();

const FIVE_MB = 5 * 1024 * 1024;

/** A workplace whose emulator knows a script that succeeds and one that fails. */
async function setUp(): Promise<Workplace> {
  const emulator = await startEmulator({
    scripts: {
      GOOD: {
        logs: [{ level: 'OUTPUT', message: 'x'.repeat(200_000) }],
        result: { kind: 'complete', results: ['y'.repeat(200_000)] },
      },
      BAD: {
        // Logs that lack the error would be read again for some seconds.
        logs: [{ level: 'ERROR', message: 'TaskScript:1: no' }],
        result: { kind: 'failed', code: 'SCRIPT_ERROR', message: 'TaskScript:1: no' },
      },
    },
  });
  const place = openPlace();
  Object.assign(place.environment, emulator.env);
  place.write({ 'good.luau': 'GOOD', 'bad.luau': 'BAD' });
  return place;
}

/** Runs a line of shell in which `luau-exec` is the program; its stderr goes to err.txt where the line sends it there. */
function runShell(place: Workplace, line: string): Promise<BinResult> {
  // The scripts are words that the emulator knows, and would not compile.
  const program = `luau-exec() { local no=; [ "$1" = run ] && no=--no-check; "${NODE}" "${BIN}" "$@" $no; }`;
  const child = spawn('bash', ['-c', `${program}\n${line}`], {
    cwd: place.directory,
    env: place.environment,
  });
  child.stdin.end();
  return collect(child);
}

describe('row 37: a standard output that takes nothing', () => {
  // The program says its code itself, so that what a pipeline makes of it does not matter.
  const say = (command: string) => `{ ${command}; echo "$?" > code.txt; }`;
  it.each<[name: string, line: (command: string) => string]>([
    [
      'stdout is a pipe whose reader has gone',
      (command) => `${say(`${command} 2>err.txt`)} | head -c 1 >/dev/null`,
    ],
    ['both are pipes whose reader has gone', (command) => `${say(`${command} 2>&1`)} | head -c 1 >/dev/null`],
    ['stdout is closed', (command) => say(`${command} >&- 2>err.txt`)],
    ['both are closed', (command) => say(`${command} >&- 2>&-`)],
    ['stderr is full', (command) => say(`${command} >/dev/null 2>/dev/full`)],
  ])('row 37: %s: no stack, and the code of the outcome', async (_name, line) => {
    const place = await setUp();
    for (const [command, code] of [
      ['luau-exec run good.luau -vv', 0],
      ['luau-exec run good.luau --json', 0],
      ['luau-exec run bad.luau', 1],
      ['luau-exec run bad.luau --json', 1],
      ['luau-exec run none.luau', 2],
      ['luau-exec logs @last', 0],
      ['luau-exec --help', 0],
      ['luau-exec --version', 0],
    ] as const) {
      place.write({ 'err.txt': '', 'code.txt': '' });
      const { stdout, stderr } = await runShell(place, line(command));
      const read = (name: string) => readFileSync(join(place.directory, name), 'utf8');
      expect({ command, code: read('code.txt') }).toEqual({ command, code: `${code}\n` });
      expect(stdout + stderr + read('err.txt')).not.toMatch(/\n {4}at |EPIPE|Unhandled/);
    }
  });

  it.each([
    ['run good.luau', 74],
    ['run good.luau --json', 74],
    ['run good.luau --logs stdout', 74],
    ['run good.luau bad.luau', 74],
    // Nothing of these goes to standard output.
    ['run bad.luau', 1],
    ['run none.luau', 2],
    // And here the disk with the files is full.
    ['run good.luau --logs /dev/full >/dev/null', 74],
    ['run good.luau --id-file /dev/full >/dev/null', 74],
    ['logs @last', 74],
    ['status @last', 74],
    ['config', 74],
    ['emulate --port 0', 74],
    ['--help', 74],
    ['--version', 74],
  ])('row 37: %s on a full disk', async (argv, code) => {
    const place = await setUp();
    if (argv.includes('@last')) await place.run(['run', 'good.luau', '-q']);
    const { exitCode, stderr } = await runShell(place, `exec >/dev/full; luau-exec ${argv}`);
    expect(exitCode).toBe(code);
    expect(stderr).not.toMatch(/\n {4}at /);
    if (code === 74) expect(stderr).toMatch(/^error: .*(?:could not be written: |cannot write .*)ENOSPC/m);
  });

  it('row 37: with nowhere left to say it, the code alone tells of a full disk', async () => {
    const result = await runShell(await setUp(), 'luau-exec run good.luau --json >/dev/full 2>/dev/full');
    expect(result).toMatchObject({ exitCode: 74, stdout: '', stderr: '' });
  });

  it('row 37: results are printed also where the file for the logs is full', async () => {
    const place = await setUp();
    const { exitCode, stdout } = await place.run(['run', 'good.luau', '--json', '--logs', '/dev/full']);
    expect(exitCode).toBe(74);
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 74,
      outcome: 'io',
      results: ['y'.repeat(200_000)],
      error: { id: 'LX074' },
    });
  });
});

describe('row 38: 5 MB of JSON into a slow pipe', () => {
  // More than the emulator lets a script return.
  const value = 'é"\\\n'.repeat(FIVE_MB / 5);

  async function setUpLarge(): Promise<Workplace> {
    const emulator = await startEmulator({
      scripts: { A: {} },
      faults: [
        {
          request: 'getTask',
          times: 'always',
          do: { patch: { state: 'COMPLETE', output: { results: [value] } } },
        },
      ],
    });
    const place = openPlace();
    Object.assign(place.environment, emulator.env);
    place.write({ 'a.luau': 'A' });
    return place;
  }

  it('row 38: is complete to the byte through a pipe that is read piece by piece', async () => {
    const place = await setUpLarge();
    const expected = `${JSON.stringify(value)}\n`;
    const sha256 = createHash('sha256').update(expected).digest('hex');
    const slowly = '(sleep 0.2; for i in 1 2 3; do head -c 100000; sleep 0.05; done; cat)';
    const line = `set -o pipefail; luau-exec run a.luau -q | ${slowly} | sha256sum`;
    const result = await runShell(place, line);
    expect(result).toMatchObject({ exitCode: 0, stdout: `${sha256}  -\n`, stderr: '' });
    expect(Buffer.byteLength(expected)).toBeGreaterThan(FIVE_MB);
  });

  it('row 38: as an envelope it is one document', async () => {
    const place = await setUpLarge();
    const child = place.start(['run', 'a.luau', '--json']);
    child.stdin.end();
    const result = collect(child);
    child.stdout.pause();
    setTimeout(() => child.stdout.resume(), 200);
    const { exitCode, stdout, stderr } = await result;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const { results } = JSON.parse(stdout);
    expect(results).toHaveLength(1);
    expect(results[0] === value).toBe(true);
  });

  it('row 38: a reader that leaves in the middle changes nothing', async () => {
    const place = await setUpLarge();
    const line = 'set -o pipefail; luau-exec run a.luau -q | head -c 1000000 | wc -c';
    expect(await runShell(place, line)).toMatchObject({ exitCode: 0, stdout: '1000000\n', stderr: '' });
  });
});

describe('row 39: a script from standard input', () => {
  it.each<[name: string, input: string | Uint8Array, id: string, headline: string]>([
    ['nothing', '', 'LX008', 'the script on stdin is empty'],
    ['5 MB', 'x'.repeat(FIVE_MB), 'LX004', 'the script on stdin is more than 4 MB, Open Cloud accepts 4 MB'],
    [
      'bytes that are no UTF-8',
      Buffer.from([0x72, 0xff, 0xfe]),
      'LX008',
      'the script on stdin is not UTF-8 text',
    ],
    [
      'a lone continuation byte',
      Buffer.from([0x2d, 0x2d, 0x80]),
      'LX008',
      'the script on stdin is not UTF-8 text',
    ],
  ])('row 39: %s: exit 2', async (_name, input, id, headline) => {
    const place = openPlace();
    const child = place.start(['run', '-', '--local', '--json']);
    // A program that has seen enough closes its end.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const { exitCode, stdout, stderr } = await collect(child);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: '' });
    expect(JSON.parse(stdout)).toMatchObject({ exitCode: 2, error: { id, message: headline } });
  });

  it('row 39: no standard input at all', async () => {
    const place = openPlace();
    const result = await runShell(place, 'luau-exec run - --local <&-');
    expect(result).toMatchObject({ exitCode: 2, stdout: '' });
    expect(result.stderr).toContain('error: the script on stdin is empty');
  });

  it('row 39: a terminal: a word says what is waited for, and Ctrl-D ends it', async () => {
    const place = openPlace();
    const terminal = spawnTerminal(NODE, [BIN, 'run', '-', '--local', '-q'], {
      cols: 80,
      rows: 24,
      cwd: place.directory,
      env: { ...place.environment, NO_COLOR: '1' },
    });
    let screen = '';
    let hasTyped = false;
    terminal.onData((data) => {
      screen += data;
      if (hasTyped || !screen.includes('end it with Ctrl-D')) return;
      hasTyped = true;
      terminal.write('return 40 + 2\n\x04');
    });
    const exitCode = await new Promise((resolve) => terminal.onExit((end) => resolve(end.exitCode)));
    expect({ exitCode, screen }).toEqual({
      exitCode: 0,
      screen: 'reading the script from the terminal; end it with Ctrl-D\r\nreturn 40 + 2\r\n42\r\n',
    });
  });
});
