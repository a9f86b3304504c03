import { describe, expect, it } from 'vitest';
import { readAsRunner } from '../helpers/actions-runner.ts';
import { type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';

const open = useCliSessions();
const ATTACKS = [
  '::error::x',
  ' ::add-mask::a',
  'x ##[error]y',
  '\t \u00a0::set-output name=a::b',
  '###[warning]z',
  '##[add-mask]a ##[group]b',
  '#\u200d#\ufe0f[error]invisible joiners',
  '\u200c:\u200d:error::invisible joiners',
  '\r::error::after a carriage return',
  'first\n::error::on a second line\n ##[error]on a third',
  '\u2028::error::after a line separator',
  '\u001b[0m::error::after an escape',
  // What comes after this one would go unseen, so it is the last.
  '::stop-commands::mine',
];
const HOSTILE = ATTACKS.join('\n');
const SCRIPTS: NonNullable<CliSessionOptions['scripts']> = {
  LOUD: {
    logs: ATTACKS.flatMap((message) => [
      { level: 'OUTPUT', message },
      { level: 'WARNING', message },
      { level: 'ERROR', message },
      { level: 'INFO', message },
    ]),
    result: { kind: 'complete', results: [HOSTILE, { [HOSTILE]: ATTACKS }, '##[error]x', '\\##[error]x'] },
  },
  BAD: {
    logs: [{ level: 'ERROR', message: `TaskScript:1: ${HOSTILE}\nStack Begin\n${HOSTILE}\nStack End` }],
    result: { kind: 'failed', code: 'SCRIPT_ERROR', message: `TaskScript:1: ${HOSTILE}` },
  },
  BROKEN: { result: { kind: 'failed', code: 'INTERNAL_ERROR', message: HOSTILE } },
};
const ON_GITHUB = { GITHUB_ACTIONS: 'true', CI: 'true' };

const openLoud = (options: CliSessionOptions = {}) =>
  open({
    files: { 'a.luau': 'LOUD', 'bad.luau': 'BAD', 'broken.luau': 'BROKEN', '::error::x.luau': 'LOUD' },
    scripts: SCRIPTS,
    env: ON_GITHUB,
    ...options,
  });

/** What this tool says to the runner itself: folds, and annotations under a title that no attack has. */
const OWN =
  /^::(?:group::log messages.*|endgroup::|error (?:file=[^:,]+,line=\d+,)?title=luau-exec LX\d{3}::.*)$/;

/** Both streams, each as the runner reads it; it takes their lines in any order. */
function expectNoCommand({ stdout, stderr }: { stdout: string; stderr: string }): void {
  for (const output of [stdout, stderr, `${stdout}${stderr}`, `${stderr}${stdout}`]) {
    const { commands, ...rest } = readAsRunner(output);
    expect(commands.filter((command) => !OWN.test(command))).toEqual([]);
    expect(rest).toEqual({ suspects: [], isStopped: false });
  }
  expect(readAsRunner(stdout).commands).toEqual([]);
}

const BLOCK = /^::stop-commands::([0-9a-f-]{36})\n((?:\| .*\n)+)::\1::\n/m;

describe('the reader of this test', () => {
  it('finds every one of the attacks where nothing guards against them', () => {
    for (const attack of [
      '::error::x',
      ' ::add-mask::a',
      'x ##[error]y',
      '###[warning]z',
      '#\u200d#[error]y',
    ]) {
      expect(readAsRunner(attack).commands).toEqual([attack]);
    }
    const stopped = '::stop-commands::t\n::error::x\n::t::\n::error::y';
    expect(readAsRunner(stopped)).toEqual({
      commands: ['::error::y'],
      suspects: ['::error::x'],
      isStopped: false,
    });
  });

  it('finds them in the output too, off GitHub', async () => {
    const session = await openLoud({ env: {} });
    const { stdout, stderr } = await session.run('run', 'a.luau');
    expect(readAsRunner(stderr).commands.length).toBeGreaterThan(10);
    expect(readAsRunner(stdout).commands.length).toBeGreaterThan(0);
    expect(stderr).toContain('\n::error::x\n');
  });
});

describe('row 29: on GitHub, no workflow command reaches the runner', () => {
  it.each([
    ['run', ['run', 'a.luau'], 0],
    ['run -q', ['run', 'a.luau', '-q'], 0],
    ['run -vv', ['run', 'a.luau', '-vv'], 0],
    ['run in colour', ['run', 'a.luau', '--color'], 0],
    ['logs on stdout', ['run', 'a.luau', '--logs', 'stdout'], 0],
    ['several scripts, one with a hostile name', ['run', 'a.luau', '::error::x.luau'], 0],
    ['a script error', ['run', 'bad.luau'], 1],
    ['a failure that quotes the service', ['run', 'broken.luau', '-v'], 3],
    ['one JSON envelope', ['run', 'a.luau', '--json'], 0],
    ['the JSON envelope of an error', ['run', 'bad.luau', '--json'], 1],
    ['a script that does not exist', ['run', '::error::none.luau'], 2],
    ['an unknown option', ['run', '--::error::x'], 2],
    ['an unknown command', ['\n::error::x'], 2],
  ])('row 29: %s', async (_name, argv, exitCode) => {
    const session = await openLoud();
    const result = await session.run(...argv);
    expect(result.exitCode).toBe(exitCode);
    expectNoCommand(result);
  });

  it.each(['status', 'logs', 'wait'])('row 29: %s', async (command) => {
    const session = await openLoud();
    for (const script of ['a.luau', 'bad.luau', 'broken.luau']) {
      await session.run('run', script, '--detach');
      await session.clock.advance(1_000);
      for (const argv of [[command], [command, '--json']]) expectNoCommand(await session.run(...argv));
    }
  });

  it('row 29: states, times and refusals of the service', async () => {
    const session = await openLoud({
      faults: [
        { request: 'getTask', do: { state: '::ERROR::X', patch: { updateTime: HOSTILE } } },
        { request: 'getTask', nth: 2, do: { state: HOSTILE } },
        { request: 'getTask', nth: 3, do: { answer: { body: `<html><title>${HOSTILE}</title>` } } },
        { request: 'createTask', nth: 2, do: { answer: { status: 403, body: { message: HOSTILE } } } },
        { request: 'createTask', nth: 3, do: { answer: { status: 400, body: HOSTILE } } },
      ],
    });
    expectNoCommand(await session.run('run', 'a.luau', '-vv'));
    const refused = await session.run('run', 'a.luau', '-vv');
    expect(refused.exitCode).toBe(4);
    expectNoCommand(refused);
    const bad = await session.run('run', 'a.luau', '-v');
    expect(bad.exitCode).toBe(2);
    expectNoCommand(bad);
  });
});

describe('row 29: and the words stay readable', () => {
  it('row 29: log lines are marked and stand between the lines that turn commands off and on', async () => {
    const session = await open({
      files: { 'a.luau': 'A' },
      scripts: {
        A: {
          logs: [
            { level: 'OUTPUT', message: 'plain\n::error::x' },
            { level: 'WARNING', message: 'x ##[error]y' },
          ],
          result: { kind: 'complete', results: ['a ##[error]b', 1] },
        },
      },
      env: ON_GITHUB,
    });
    const { stdout, stderr } = await session.run('run', 'a.luau');
    expect(BLOCK.exec(stderr)?.[2]).toBe('| plain\n| ::error::x\n| [warning] x \\u0023#[error]y\n');
    expect(stderr).toMatch(/^submitting\ncreated /);
    expect(stderr).toMatch(/::\ncomplete in .*\n$/);
    // Data stays JSON with the same values.
    expect(stdout).toBe('"a \\u0023#[error]b"\n1\n');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(['a ##[error]b', 1]);
    const onStdout = await session.run('run', 'a.luau', '--logs', 'stdout', '-q');
    expect(onStdout.stderr).toBe('');
    expect(BLOCK.exec(onStdout.stdout)?.index).toBe(0);
    // The word that turns commands on again is never used twice.
    const tokens = [stderr, onStdout.stdout].map((output) => BLOCK.exec(output)?.[1]);
    expect(new Set(tokens).size).toBe(2);
  });

  it('row 29: a script that prints nothing has no such lines', async () => {
    const session = await open({ files: { 'a.luau': 'A' }, scripts: { A: {} }, env: ON_GITHUB });
    const { stderr } = await session.run('run', 'a.luau', '-q');
    expect(stderr).toBe('');
  });

  it('row 29: JSON holds exactly what was said', async () => {
    const session = await openLoud();
    const envelope = JSON.parse((await session.run('run', 'a.luau', '--json')).stdout);
    const messages = envelope.logs.messages.map(({ message }: { message: string }) => message);
    expect(messages).toEqual(ATTACKS.flatMap((attack) => [attack, attack, attack, attack]));
    const results = [HOSTILE, { [HOSTILE]: ATTACKS }, '##[error]x', '\\##[error]x'];
    expect(envelope.results).toEqual(results);
    const { stdout } = await session.run('run', 'a.luau', '--logs', 'none');
    expect(
      stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual(results);
  });

  it.each([undefined, '', 'false', '1', 'TRUE'])(
    'row 29: nothing of it is done with GITHUB_ACTIONS=%s',
    async (value) => {
      const session = await openLoud({ env: { GITHUB_ACTIONS: value, CI: 'true' } });
      const { stderr } = await session.run('run', 'a.luau');
      expect(stderr).toContain('\n::error::x\n');
      expect(stderr).not.toMatch(BLOCK);
    },
  );
});
