import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';

const open = useCliSessions();

const LOGS: NonNullable<NonNullable<CliSessionOptions['scripts']>[string]['logs']> = [
  { level: 'OUTPUT', message: 'begin' },
  { level: 'INFO', message: 'info', atMs: 1_000 },
  { level: 'UNSPECIFIED', message: 'who knows', atMs: 2_000 },
  { level: 'WARNING', message: 'TaskScript:1: careful\nsecond line', atMs: 3_000 },
  { level: 'ERROR', message: 'a thread fails', atMs: 4_000 },
  { level: 'OUTPUT', message: '::error::\x1b[2Jend', atMs: 5_000 },
];

async function openSession() {
  return open({
    files: { 'a.luau': 'A' },
    scripts: { A: { logs: LOGS, afterMs: 5_000, result: { kind: 'complete', results: [1] } } },
  });
}

/** A session whose last task has printed `LOGS`. */
async function openFinished() {
  const session = await openSession();
  await session.run('run', 'a.luau');
  return session;
}

describe.each(['run', 'wait'])('%s --log-level', (command) => {
  const start = async (...words: string[]) => {
    const session = command === 'run' ? await openSession() : await openFinished();
    const task = command === 'run' ? 'a.luau' : '@last';
    return { ...(await session.run(command, task, '-q', ...words)), cwd: session.cwd };
  };
  const SHOWN = 'who knows\n[warning] a.luau:1: careful\nsecond line\n[error] a thread fails\n';

  it('shows messages of that level and above, on either stream', async () => {
    expect(await start('--log-level', 'warning')).toMatchObject({
      exitCode: 0,
      stdout: '1\n',
      stderr: SHOWN,
    });
    expect(await start('--log-level', 'warning', '--logs', 'stdout')).toMatchObject({
      stdout: `${SHOWN}1\n`,
      stderr: '',
    });
  });

  it('leaves the envelope whole, and a file of --logs', async () => {
    const { stdout } = await start('--log-level', 'error', '--json');
    expect(JSON.parse(stdout).logs).toMatchObject({ leftOut: 0, messages: { length: 6 } });
    const { cwd, stderr } = await start('--log-level', 'error', '--logs', 'out.log');
    expect(stderr).toBe('');
    expect(readFileSync(join(cwd, 'out.log'), 'utf8')).toMatch(/^begin\ninfo\nwho knows\n/);
  });

  it('refuses a level that there is none of', async () => {
    expect(await start('--log-level', 'debug')).toMatchObject({
      exitCode: 2,
      stderr:
        'error: --log-level "debug" is not a level of log messages\n\nhint: use output, info, warning or error\n',
    });
  });
});

it('an error that ended the script is told at any --log-level', async () => {
  const message = 'TaskScript:1: failed';
  const session = await open({
    files: { 'a.luau': 'A' },
    scripts: {
      A: {
        logs: [
          { level: 'OUTPUT', message: 'begin' },
          { level: 'ERROR', message },
        ],
        result: { kind: 'failed', code: 'SCRIPT_ERROR', message },
      },
    },
  });
  const { exitCode, stderr } = await session.run('run', 'a.luau', '-q', '--log-level', 'error');
  expect(exitCode).toBe(1);
  expect(stderr).toContain('error: a.luau:1: failed\n');
  expect(stderr).not.toContain('begin');
});
