import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn as spawnTerminal } from '@lydell/node-pty';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import { BIN, collect, NODE, useWorkplaces } from '../helpers/bin.ts';
import { useCliSessions } from '../helpers/cli-session.ts';
import { useLiveEmulators } from '../helpers/live-emulator.ts';
import type { ScriptedRun } from '../helpers/scripted-luau.ts';

const openSession = useCliSessions();
const openPlace = useWorkplaces();
const openEmulator = useLiveEmulators();

/** Each attack, and the words of it that a reader has to see. */
const ATTACKS: [name: string, text: string, seen: string][] = [
  ['ESC', 'a\u001bcb', 'a\\x1bcb'],
  ['OSC 52, which writes the clipboard', '\u001b]52;c;ZXZpbA==\u0007', '\\x1b]52;c;ZXZpbA==\\x07'],
  [
    'OSC 8, a link',
    '\u001b]8;;https://evil.example\u001b\\x\u001b]8;;\u001b\\',
    '\\x1b]8;;https://evil.example\\x1b\\x',
  ],
  ['OSC 0, the title', '\u001b]0;title\u009c', '\\x1b]0;title\\x9c'],
  ['CSI 2J', '\u001b[2J\u001b[H', '\\x1b[2J\\x1b[H'],
  ['colours', '\u001b[31mred\u001b[0m', '\\x1b[31mred\\x1b[0m'],
  ['an alternate screen', '\u001b[?1049h', '\\x1b[?1049h'],
  ['DECRQSS, which answers as if typed', '\u001bP$q"p\u001b\\', '\\x1bP$q"p\\x1b\\'],
  ['C1', '\u009b2J\u0090\u0085x', '\\x9b2J\\x90\\x85x'],
  ['CR', 'error\rfine ', 'error\\rfine'],
  ['BS', 'rm\b\bls', 'rm\\x08\\x08ls'],
  ['DEL, BEL and NUL', '\u007f\u0007\u0000', '\\x7f\\x07\\x00'],
  ['FF and VT', '\f\v', '\\x0c\\x0b'],
  ['bidi marks', 'a\u202egnp.exe\u202c \u2066b\u2069 \u200f', 'a\\u{202e}gnp.exe\\u{202c}'],
  ['what nobody sees', 'pay\u200bpal \u00adx \ufeff\u2060\u{e0041}', 'pay\\u{200b}pal \\xadx \\u{feff}'],
  ['line separators', 'a\u2028b\u2029c', 'a\\u{2028}b\\u{2029}c'],
  ['lone surrogates', '\ud800x\udfff', '\\u{d800}x\\u{dfff}'],
];
const TEXTS = ATTACKS.map(([, text]) => text);
const PLAIN = 'plain\ttabbed\nsecond line é 漢 👩‍👩‍👧';
const HOSTILE = TEXTS.join(' ');
const RESULTS = [HOSTILE, { [HOSTILE]: TEXTS }];
// A cut never runs through a word, so it has some.
const LONG_LINE = 'word '.repeat(200_000);
/** More than a task's logs hold in the emulator; nobody knows that it is more than they hold at Roblox. */
const LONG_LOGS: Fault = {
  request: 'listLogs',
  do: {
    answer: {
      body: { luauExecutionSessionTaskLogs: [{ structuredMessages: [{ message: `${LONG_LINE}\nshort` }] }] },
    },
  },
};

const SCRIPTS: Record<string, ScriptedRun> = {
  LOUD: {
    logs: [PLAIN, ...TEXTS].map((message) => ({ level: 'OUTPUT', message })),
    result: { kind: 'complete', results: RESULTS },
  },
  WARN: {
    logs: TEXTS.flatMap((message) => [
      { level: 'WARNING', message },
      { level: 'ERROR', message },
    ]),
  },
  BAD: {
    logs: [{ level: 'ERROR', message: `TaskScript:1: ${HOSTILE}` }],
    result: { kind: 'failed', code: 'SCRIPT_ERROR', message: `TaskScript:1: ${HOSTILE}` },
  },
  BROKEN: { result: { kind: 'failed', code: 'INTERNAL_ERROR', message: HOSTILE } },
  LONG: {},
  SLOW: { afterMs: 700, logs: [{ level: 'OUTPUT', message: HOSTILE }] },
};

interface Screen {
  /** What came to the terminal, with its line ends made plain again. */
  text: string;
  exitCode: number | null;
}

/** What the program is started with, for an emulator that knows SCRIPTS. */
async function prepare(script: string) {
  const place = openPlace();
  const faults = script === 'LONG' ? [LONG_LOGS] : [];
  const { env } = await openEmulator({ scripts: SCRIPTS, faults });
  return { cwd: place.directory, env: { ...place.environment, ...env } };
}

// The kernel writes a carriage return before each line feed.
const readScreen = (text: string) => text.replaceAll('\r\n', '\n');

/** Runs the program on a terminal of script(1), which hands on every byte; it has no columns, and so no spinner. */
async function runOnTerminal(script: string, ...argv: string[]): Promise<Screen> {
  const command = `"${NODE}" "${BIN}" run -e ${script} --no-check ${argv.join(' ')}`;
  const child = spawn('script', ['-qefc', command, '/dev/null'], await prepare(script));
  child.stdin.end();
  const { exitCode, stdout } = await collect(child);
  return { exitCode, text: readScreen(stdout) };
}

/** Runs the program on a terminal of 80 columns, as a person has it. */
async function runUnderSpinner(script: string): Promise<Screen> {
  const size = { cols: 80, rows: 24 };
  const terminal = spawnTerminal(NODE, [BIN, 'run', '-e', script, '--no-check'], {
    ...size,
    ...(await prepare(script)),
  });
  let text = '';
  terminal.onData((data) => {
    text += data;
  });
  return new Promise((resolve) => {
    terminal.onExit(({ exitCode }) => resolve({ text: readScreen(text), exitCode }));
  });
}

const ESC = '\u001b';
const OUR_COLOURS = new RegExp(`${ESC}\\[(?:[0-9]{1,2})m`, 'g');
const OUR_SPINNER = new RegExp(`\r${ESC}\\[K|${ESC}\\[(?:\\?(?:25|2026)[hl]|2K|1?G|[0-9]+A)`, 'g');
const DANGEROUS = /(?!\n|\t|\u200d)[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;

describe('row 28: a terminal gets printable text, line feeds and tabs', () => {
  it('row 28: of log messages and results', async () => {
    const { text, exitCode } = await runOnTerminal('LOUD', '-q', '--no-color');
    expect(exitCode).toBe(0);
    expect(text).not.toMatch(DANGEROUS);
    expect(text).toContain(PLAIN);
    for (const [, , seen] of ATTACKS) expect(text).toContain(seen);
  });

  it.each([
    ['log messages and results in colour', 'LOUD', 0],
    ['warnings and errors in colour', 'WARN', 0],
    ['a script error', 'BAD', 1],
    ['words of the service', 'BROKEN', 3],
  ])('row 28: of %s, but for our own colours', async (_name, script, expected) => {
    const { text, exitCode } = await runOnTerminal(script, '-q', '--color');
    expect(exitCode).toBe(expected);
    expect(text).toMatch(OUR_COLOURS);
    expect(text.replace(OUR_COLOURS, '')).not.toMatch(DANGEROUS);
  });

  it('row 28: under a spinner, but for what draws it', async () => {
    const { text, exitCode } = await runUnderSpinner('SLOW');
    expect(exitCode).toBe(0);
    expect(text).toContain(`${ESC}[?25l`);
    expect(text.replace(OUR_COLOURS, '').replace(OUR_SPINNER, '')).not.toMatch(DANGEROUS);
    expect(text).toContain('\\x1b[2J');
  });

  it('row 28: and of a line of a megabyte its beginning', async () => {
    const { text, exitCode } = await runOnTerminal('LONG', '-q', '--no-color');
    expect(exitCode).toBe(0);
    expect(text.length).toBeGreaterThan(9_000);
    expect(text.length).toBeLessThan(11_000);
    expect(text).toMatch(/ more characters, all of them with --json\)\nshort\nwarning: /);
  });
});

describe('row 28: a pipe gets the same, and JSON is exact', () => {
  const run = async (script: string, ...argv: string[]) => {
    const faults = script === 'LONG' ? [LONG_LOGS] : [];
    const session = await openSession({ files: { 'a.luau': script }, scripts: SCRIPTS, faults });
    return { session, ...(await session.run('run', 'a.luau', ...argv)) };
  };

  it.each(['LOUD', 'WARN', 'BAD', 'BROKEN', 'SLOW'])('row 28: through a pipe (%s)', async (script) => {
    const { session, stdout, stderr } = await run(script, '-v');
    expect(`${stdout}${stderr}`).not.toMatch(DANGEROUS);
    for (const command of ['status', 'logs', 'wait']) {
      const later = await session.run(command);
      expect(`${later.stdout}${later.stderr}`).not.toMatch(DANGEROUS);
    }
  });

  it('row 28: a long line is whole', async () => {
    const { stderr } = await run('LONG', '-q');
    expect(stderr.startsWith(`${LONG_LINE}\nshort\nwarning: `)).toBe(true);
  });

  it('row 28: JSON has every character, and none of them raw', async () => {
    const { session, stdout } = await run('LOUD', '--json');
    const messages = [PLAIN, ...TEXTS];
    for (const json of [stdout, (await session.run('logs', '--json')).stdout]) {
      expect(json).not.toMatch(DANGEROUS);
      const envelope = JSON.parse(json);
      expect(envelope.logs.messages.map(({ message }: { message: string }) => message)).toEqual(messages);
      expect(envelope.results).toEqual(RESULTS);
    }
    const long = JSON.parse((await run('LONG', '--json')).stdout);
    expect(long.logs.messages[0].message === `${LONG_LINE}\nshort`).toBe(true);
    const bare = await run('LOUD', '-q');
    expect(
      bare.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(RESULTS);
  });

  it('row 28: a file of --logs has what the script printed', async () => {
    const { session } = await run('LOUD', '--logs', 'logs.txt');
    const expected = [PLAIN, ...TEXTS].map((message) => `${message}\n`).join('');
    expect(readFileSync(join(session.cwd, 'logs.txt'), 'utf8')).toBe(Buffer.from(expected).toString());
  });
});
