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

async function openSession(options: CliSessionOptions = {}) {
  return open({
    files: { 'a.luau': 'A' },
    scripts: { A: { logs: LOGS, afterMs: 5_000, result: { kind: 'complete', results: [1] } } },
    ...options,
  });
}

/** A session whose last task has printed `LOGS`. */
async function openFinished(options: CliSessionOptions = {}) {
  const session = await openSession(options);
  await session.run('run', 'a.luau');
  session.requests.length = 0;
  return session;
}

describe('logs', () => {
  it('shows the messages that pass, and that is all', async () => {
    const session = await openFinished();
    expect(await session.run('logs', '--level', 'warning')).toEqual({
      exitCode: 0,
      stdout: 'who knows\n[warning] a.luau:1: careful\nsecond line\n[error] a thread fails\n',
      stderr: '',
    });
    expect((await session.run('logs', '--tail', '1')).stdout).toBe('::error::\\x1b[2Jend\n');
    expect((await session.run('logs', '--since', '2s', '--level', 'error')).stdout).toBe(
      '[error] a thread fails\n',
    );
  });

  it('searches what it shows: positions are those of the files, and a match is of the whole message', async () => {
    const session = await openFinished();
    const { stdout } = await session.run('logs', '--grep', '^a\\.luau:1');
    expect(stdout).toBe('[warning] a.luau:1: careful\nsecond line\n');
    expect(await session.run('logs', '--grep', 'TaskScript')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: '--grep left out all 6 log messages\n',
    });
  });

  it('says which options left nothing, but for -q', async () => {
    const session = await openFinished();
    const words = ['logs', '--level', 'error', '--since', '2099-01-01T00:00:00Z', '--grep', 'nobody'];
    const { stderr, stdout } = await session.run(...words);
    expect({ stderr, stdout }).toEqual({
      stderr: '--level, --grep, --since left out all 6 log messages\n',
      stdout: '',
    });
    expect((await session.run(...words, '-q')).stderr).toBe('');
  });

  it('counts as the warnings do', async () => {
    const logs = Array.from({ length: 1_200 }, () => ({ level: 'OUTPUT', message: 'again' }) as const);
    const session = await open({ files: { 'a.luau': 'A' }, scripts: { A: { logs } } });
    await session.run('run', 'a.luau', '-q');
    const { stderr } = await session.run('logs', '--level', 'error');
    expect(stderr).toBe('--level left out all 1,200 log messages\n');
  });

  it('puts the time before each line', async () => {
    const session = await openFinished();
    const { stdout } = await session.run('logs', '--timestamps', '--level', 'warning', '--grep', 'careful');
    const [first = '', second = '', ...rest] = stdout.split('\n');
    expect(first).toMatch(/^2026-11-21T09:00:\d\d\.\d{3}Z \[warning\] a\.luau:1: careful$/);
    expect(second).toBe(`${first.slice(0, 24)} second line`);
    expect(rest).toEqual(['']);
  });

  it('filters the envelope too, which says how many are left out', async () => {
    const session = await openFinished();
    const read = async (...words: string[]) =>
      JSON.parse((await session.run('logs', '--json', ...words)).stdout);
    expect((await read()).logs).toMatchObject({ leftOut: 0, complete: true, missingEstimate: null });
    const { logs, ok } = await read('--level', 'error', '--timestamps');
    expect(ok).toBe(true);
    expect(logs).toMatchObject({
      messages: [
        { level: 'UNSPECIFIED', message: 'who knows' },
        { level: 'ERROR', message: 'a thread fails' },
      ],
      leftOut: 4,
    });
    expect(await read('--grep', 'nobody')).toMatchObject({ ok: true, logs: { messages: [], leftOut: 6 } });
  });

  it('guards what it shows on GitHub', async () => {
    const session = await openFinished({ env: { GITHUB_ACTIONS: 'true' } });
    const { stdout } = await session.run('logs', '--tail', '1');
    expect(stdout).toMatch(/^::stop-commands::(\S+)\n\| ::error::\\x1b\[2Jend\n::\1::\n$/);
    const timed = await session.run('logs', '--tail', '1', '--timestamps');
    expect(timed.stdout).toMatch(/^::stop-commands::(\S+)\n\| 2026-\S+Z ::error::\\x1b\[2Jend\n::\1::\n$/);
  });

  it.each([
    ['--level', 'loud'],
    ['--grep', '('],
    ['--since', 'then'],
    ['--tail', 'some'],
  ])('refuses %s %s before it asks for anything', async (flag, value) => {
    const session = await openFinished();
    const { exitCode, stdout, stderr } = await session.run('logs', flag, value);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toMatch(new RegExp(`^error: ${flag} .*\\n[\\s\\S]*\\nhint: `));
    expect(session.requests).toEqual([]);
  });

  it('looks for lost messages among all of them', async () => {
    const logs = Array.from({ length: 12_000 }, (_, index) => ({
      level: 'OUTPUT' as const,
      message: `line ${index}`,
    }));
    const session = await openFinished({ scripts: { A: { logs } } });
    const { stdout, stderr } = await session.run('logs', '--tail', '1');
    expect(stdout).toBe('line 11999\n');
    expect(stderr).toMatch(
      /^warning: early log messages are probably missing: the [\d,]+ messages here fill/,
    );
  });
});
