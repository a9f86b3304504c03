import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn as spawnTerminal } from '@lydell/node-pty';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import { BIN, collect, NODE, useWorkplaces, type Workplace, waitForText } from '../helpers/bin.ts';
import { readJournalLines } from '../helpers/journal-files.ts';
import { type LoopbackEmulator, useLoopbackEmulators } from '../helpers/loopback-emulator.ts';
import type { ScriptedRun } from '../helpers/scripted-luau.ts';

const openPlace = useWorkplaces();
const startEmulator = useLoopbackEmulators();

const LONG = 'LONG';
const QUICK = 'QUICK';
const DONE: ScriptedRun = { result: { kind: 'complete', results: ['done'] } };
const SCRIPTS: Record<string, ScriptedRun> = { [LONG]: { afterMs: 60_000 }, [QUICK]: DONE };
const PATH =
  /universes\/11\/places\/22\/versions\/1\/luau-execution-sessions\/[0-9a-f-]{36}\/tasks\/[0-9a-f-]{36}/;
const CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
type Signal = keyof typeof CODES;

async function setUp(faults: Fault[] = []): Promise<{ place: Workplace; emulator: LoopbackEmulator }> {
  const emulator = await startEmulator({ scripts: SCRIPTS, faults });
  const place = openPlace();
  Object.assign(place.environment, emulator.env);
  place.write({ 'long.luau': LONG, 'quick.luau': QUICK });
  return { place, emulator };
}

function readJournal(place: Workplace): Record<string, unknown>[] {
  return readJournalLines(join(place.directory, 'home', '.local', 'state', 'luau-exec'));
}

// The pipes and sockets that Node gives to a child hold some 200 KiB.
const FULL_PIPE_BYTES = 1_048_576;

interface Moment {
  name: string;
  script: string;
  faults?: Fault[];
  /** What stderr says, at -vv, when the moment has come; without it the moment is when an answer is held back. */
  sign?: RegExp;
  signals: Signal[];
  /** What of the task is known in the end. */
  knows: 'nothing' | 'its path' | 'its end';
  headline: string;
}

const THROTTLED: Fault['do'] = {
  answer: { status: 429, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '38' } },
};
const moments: Moment[] = [
  {
    name: 'before the create, which a limit holds back',
    script: 'long.luau',
    faults: [{ request: 'createTask', do: THROTTLED }],
    sign: /^POST .* 429 /m,
    signals: ['SIGINT'],
    knows: 'nothing',
    headline: 'stopped before the script was sent; nothing was created',
  },
  {
    name: 'in the create, which is answered half a second later',
    script: 'long.luau',
    faults: [{ request: 'createTask', do: { delayMs: 500 } }],
    signals: ['SIGINT', 'SIGTERM'],
    knows: 'its path',
    headline: 'stopped waiting; the script goes on for at most 345 s',
  },
  {
    name: 'between two reads',
    script: 'long.luau',
    sign: /(?:^GET .* 200 .*\n){8}/m,
    signals: ['SIGINT', 'SIGTERM', 'SIGHUP'],
    knows: 'its path',
    headline: 'stopped waiting; the script goes on for at most 345 s',
  },
  {
    name: 'in a read that is never answered',
    script: 'long.luau',
    faults: [{ request: 'getTask', nth: 2, do: { never: true } }],
    signals: ['SIGINT'],
    knows: 'its path',
    headline: 'stopped waiting; the script goes on for at most 345 s',
  },
  {
    name: 'while the logs are read',
    script: 'quick.luau',
    faults: [{ request: 'listLogs', do: { never: true } }],
    signals: ['SIGINT'],
    knows: 'its end',
    headline: 'stopped before the logs were read; the task has finished: COMPLETE',
  },
];
const cases = moments.flatMap((moment) =>
  moment.signals.flatMap((signal) => ['human', 'json'].map((format) => ({ ...moment, signal, format }))),
);

describe('row 36: the first signal', () => {
  it.each(cases)('row 36: $signal $name ($format)', async (given) => {
    const { script, faults, sign, signal, format, knows, headline } = given;
    const { place, emulator } = await setUp(faults);
    const argv = ['run', script, '-vv', '--id-file', 'ids.txt', ...(format === 'json' ? ['--json'] : [])];
    const child = place.start(argv);
    child.stdin.end();
    const result = collect(child);
    await (sign ? waitForText(child.stderr, sign) : emulator.untilStalled());
    const sentAtMs = performance.now();
    child.kill(signal);
    const { exitCode, signal: diedBy, stdout, stderr } = await result;
    const tookMs = performance.now() - sentAtMs;

    expect({ exitCode, diedBy }).toEqual({ exitCode: null, diedBy: signal });
    expect(tookMs).toBeLessThan(given.name.startsWith('in the create') ? 1_500 : 1_000);
    const journal = readJournal(place);
    const path = journal.find(({ event }) => event === 'created')?.taskPath ?? null;
    expect(path === null).toBe(knows === 'nothing');
    expect(readFileSync(join(place.directory, 'ids.txt'), 'utf8')).toBe(path === null ? '' : `${path}\n`);
    const hint = path === null ? null : `luau-exec wait ${path}`;
    if (format === 'json') {
      expect(stdout.match(/\n/g)).toHaveLength(1);
      expect(JSON.parse(stdout)).toMatchObject({
        exitCode: CODES[signal],
        outcome: 'interrupted',
        task: path === null ? null : { path, state: knows === 'its end' ? 'COMPLETE' : 'PROCESSING' },
        error: { id: 'LX602', message: headline, hint, taskPath: path },
      });
    } else {
      expect(stdout).toBe('');
      expect(stderr).toContain(`error: ${headline}\n`);
      if (hint !== null) expect(stderr).toContain(`hint: ${hint}\n`);
    }
    expect(emulator.jobs).toHaveLength(knows === 'nothing' ? 0 : 1);
  });

  it('row 36: a create that was refused or never sent is not @last', async () => {
    const { place } = await setUp([{ request: 'createTask', nth: 2, do: { answer: { status: 403 } } }]);
    expect(await place.run(['run', 'quick.luau', '-q'])).toMatchObject({ exitCode: 0 });
    expect(await place.run(['run', 'quick.luau', '-q'])).toMatchObject({ exitCode: 4 });
    expect(readJournal(place).map(({ event }) => event)).toEqual([
      'intent',
      'created',
      'seen',
      'intent',
      'not_created',
    ]);
    expect(await place.run(['wait', '@last', '-q'])).toMatchObject({ exitCode: 0, stdout: '"done"\n' });
    expect(await place.run(['wait', '@2', '-q'])).toMatchObject({ exitCode: 2 });
  });
});

describe('row 36: the second signal', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'row 36: %s ends a create without an answer at once',
    async (signal) => {
      const { place, emulator } = await setUp([{ request: 'createTask', do: { never: true, after: true } }]);
      const child = place.start(['run', 'long.luau', '--json', '-vv']);
      child.stdin.end();
      const result = collect(child);
      await emulator.untilStalled();
      child.kill('SIGINT');
      // A process that is sent a signal twice in a row may see one.
      await new Promise((resolve) => setTimeout(resolve, 100));
      const sentAtMs = performance.now();
      child.kill(signal);
      const { exitCode, signal: diedBy, stdout } = await result;
      expect(performance.now() - sentAtMs).toBeLessThan(500);
      expect({ exitCode, diedBy, stdout }).toEqual({ exitCode: null, diedBy: signal, stdout: '' });
      const later = await place.run(['wait', '@last', '--json']);
      expect(later.exitCode).toBe(9);
      expect(JSON.parse(later.stdout)).toMatchObject({ exitCode: 9, error: { id: 'LX510' } });
      expect(emulator.jobs).toHaveLength(1);
    },
  );
});

const HIDE_CURSOR = '\x1b[?25l';
const SHOW_CURSOR = '\x1b[?25h';

/** Runs the program in a pseudo-terminal, where `type` sees what is on it and may use the keyboard. */
function runInTerminal(place: Workplace, argv: string[], type: (screen: string) => string | null) {
  return watchTerminal(place, [NODE, BIN, ...argv, '--no-check'], type);
}

/**
 * The same as the child of a shell, as people have it. The kernel hangs a terminal up when the first process on it
 * dies, and what that process wrote last may then be lost; a shell lives on, and dies of the signal that its child
 * died of.
 */
function runUnderShell(place: Workplace, argv: string[], type: (screen: string) => string | null) {
  return watchTerminal(
    place,
    ['bash', '-c', '"$@"; sleep 0.1', 'bash', NODE, BIN, ...argv, '--no-check'],
    type,
  );
}

function watchTerminal(
  place: Workplace,
  [program = '', ...args]: string[],
  type: (screen: string) => string | null,
) {
  const terminal = spawnTerminal(program, args, {
    cols: 200,
    rows: 24,
    cwd: place.directory,
    env: place.environment,
  });
  let screen = '';
  terminal.onData((data) => {
    screen += data;
    const keys = type(screen);
    if (keys !== null) terminal.write(keys);
  });
  const ended = new Promise<{ screen: string; exitCode: number; signal: number | undefined }>((resolve) => {
    terminal.onExit(({ exitCode, signal }) => resolve({ screen, exitCode, signal }));
  });
  return { terminal, ended };
}

/** Types Ctrl-C once, when `sign` is on the screen. */
function typeOnce(sign: string): (screen: string) => string | null {
  let hasTyped = false;
  return (screen) => {
    if (hasTyped || !screen.includes(sign)) return null;
    hasTyped = true;
    return '\x03';
  };
}

function expectCursor(screen: string): void {
  expect(screen).toContain(HIDE_CURSOR);
  expect(screen.lastIndexOf(SHOW_CURSOR)).toBeGreaterThan(screen.lastIndexOf(HIDE_CURSOR));
}

describe('row 36: at a terminal', () => {
  it('row 36: Ctrl-C gives the cursor back, prints the line that goes on, and is what the process dies of', async () => {
    const { place } = await setUp();
    const { screen, signal } = await runInTerminal(place, ['run', 'long.luau'], typeOnce(HIDE_CURSOR)).ended;
    expect(signal).toBe(2);
    expectCursor(screen);
    expect(screen).toMatch(new RegExp(`hint.*: luau-exec wait ${PATH.source}`));
    expect(screen.match(new RegExp(PATH.source, 'g'))?.at(-1)).toBe(readJournal(place)[1]?.taskPath);
  });

  it('row 36: Ctrl-C twice in a create without an answer gives the cursor back, too', async () => {
    const { place } = await setUp([{ request: 'createTask', do: { never: true } }]);
    const startedAtMs = performance.now();
    const { terminal, ended } = runInTerminal(place, ['run', 'long.luau'], typeOnce(HIDE_CURSOR));
    // The terminal shows the first as ^C; the second comes while the answer is still waited for.
    let second = '';
    terminal.onData((data) => {
      second += data;
      if (second.includes('^C')) {
        second = '';
        setTimeout(() => terminal.write('\x03'), 100);
      }
    });
    const { screen, signal } = await ended;
    expect(signal).toBe(2);
    expect(performance.now() - startedAtMs).toBeLessThan(2_000);
    expectCursor(screen);
  });

  it('row 36: Ctrl-C while the script is being typed', async () => {
    const { place, emulator } = await setUp();
    const { screen, signal } = await runUnderShell(place, ['run', '-'], typeOnce('end it with Ctrl-D')).ended;
    expect(signal).toBe(2);
    expect(screen).toContain('error');
    expect(screen).toContain('stopped');
    expect(emulator.jobs).toEqual([]);
  });
});

describe('row 36: a terminal that is closed', () => {
  it.each([[[]], [['--json', '-vv']]])('row 36: the process dies of SIGHUP (%j)', async (argv) => {
    const { place } = await setUp();
    let hasHungUp = false;
    const { terminal, ended } = runInTerminal(place, ['run', 'long.luau', ...argv], (screen) => {
      if (hasHungUp || !/processing|GET /.test(screen)) return null;
      hasHungUp = true;
      if ('destroy' in terminal && typeof terminal.destroy === 'function') terminal.destroy();
      return null;
    });
    expect(await ended).toMatchObject({ signal: 1 });
    expect(readJournal(place).map(({ event }) => event)).toEqual(['intent', 'created']);
  });

  it('row 36: a signal is what the process dies of, though its envelope cannot be written', async () => {
    const { place } = await setUp();
    const full = openSync('/dev/full', 'w');
    const child = spawn(NODE, [BIN, 'run', 'long.luau', '--no-check', '--json', '-vv'], {
      cwd: place.directory,
      env: place.environment,
      stdio: ['ignore', full, 'pipe'],
    });
    closeSync(full);
    try {
      const death = once(child, 'close');
      if (child.stderr) await waitForText(child.stderr, /^GET .* 200 /m);
      child.kill('SIGHUP');
      expect(await death).toEqual([null, 'SIGHUP']);
    } finally {
      child.kill('SIGKILL');
    }
  });
});

describe('row 36: while standard input is read', () => {
  it('row 36: SIGINT does not wait for the rest of a script', async () => {
    const { place, emulator } = await setUp();
    const child = place.start(['run', '-', '--json']);
    const result = collect(child);
    child.stdin.on('error', () => undefined);
    // When all of this is gone, the process is reading.
    await new Promise((resolve) => child.stdin.write('-'.repeat(FULL_PIPE_BYTES), resolve));
    const sentAtMs = performance.now();
    child.kill('SIGINT');
    const { signal, stdout } = await result;
    expect(performance.now() - sentAtMs).toBeLessThan(1_000);
    expect(signal).toBe('SIGINT');
    expect(JSON.parse(stdout)).toMatchObject({
      exitCode: 130,
      outcome: 'interrupted',
      error: { id: 'LX602' },
    });
    expect(emulator.jobs).toEqual([]);
  });
});

describe('row 36: SIGKILL', () => {
  it('row 36: between two reads: wait @last takes the run up and ends it', async () => {
    const emulator = await startEmulator({
      scripts: { SLOW: { ...DONE, afterMs: 800 } },
    });
    const place = openPlace();
    Object.assign(place.environment, emulator.env);
    place.write({ 'slow.luau': 'SLOW' });
    const child = place.start(['run', 'slow.luau']);
    const result = collect(child);
    await waitForText(child.stderr, /^processing$/m);
    child.kill('SIGKILL');
    expect(await result).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    expect(await place.run(['wait', '@last', '-q'])).toEqual({
      exitCode: 0,
      signal: null,
      stdout: '"done"\n',
      stderr: '',
    });
    expect(emulator.jobs).toHaveLength(1);
  });

  it('row 36: in the create: wait, status and logs of @last say that it may be running, and send nothing', async () => {
    const { place, emulator } = await setUp([
      { request: 'createTask', nth: 2, do: { never: true, after: true } },
    ]);
    // @last is the intent without an answer, not the run before it.
    expect(await place.run(['run', 'quick.luau', '-q'])).toMatchObject({ exitCode: 0 });
    const child = place.start(['run', 'quick.luau']);
    const result = collect(child);
    await emulator.untilStalled();
    child.kill('SIGKILL');
    expect(await result).toMatchObject({ exitCode: null, signal: 'SIGKILL' });
    for (const command of ['wait', 'status', 'logs', 'cancel']) {
      const later = await place.run([command, '@last', '-vv']);
      expect(later).toMatchObject({ exitCode: 9, stdout: '' });
      expect(later.stderr).toMatch(
        /^error: quick\.luau was sent at \S+ but no answer came: it may be running$/m,
      );
      expect(later.stderr).toContain('LX510');
      expect(later.stderr).not.toMatch(/^(?:GET|POST) /m);
    }
    expect(await place.run(['wait', '@2', '-q'])).toMatchObject({ exitCode: 0, stdout: '"done"\n' });
    expect(emulator.jobs).toHaveLength(2);
  });
});
