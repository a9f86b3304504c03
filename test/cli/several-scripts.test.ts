import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { API_KEY, type CliSession, useCliSessions } from '../helpers/cli-session.ts';
import type { ScriptedRun } from '../helpers/scripted-luau.ts';

const open = useCliSessions();
const FILES = { 'a.luau': 'SLOW', 'b.luau': 'QUICK', 'c.luau': 'BAD', 'd.luau': 'QUICK' };
const SCRIPTS: Readonly<Record<string, ScriptedRun>> = {
  SLOW: { afterMs: 20_000, result: { kind: 'complete', results: ['slow'] } },
  QUICK: { afterMs: 2_000, result: { kind: 'complete', results: ['quick'] } },
  BAD: { afterMs: 4_000, result: { kind: 'failed', code: 'SCRIPT_ERROR', message: 'TaskScript:1: no' } },
};

async function timed(session: CliSession, ...argv: string[]) {
  const startMs = session.clock.now();
  const result = await session.run(...argv);
  return { ...result, tookMs: session.clock.now() - startMs };
}

describe('several scripts', () => {
  it('run three at a time and are printed in the order of their names', async () => {
    const session = await open({ files: FILES, scripts: SCRIPTS });
    const { exitCode, stdout, stderr, tookMs } = await timed(session, 'run', ...Object.keys(FILES));
    expect(exitCode).toBe(1);
    expect(stdout).toBe('"slow"\n"quick"\n"quick"\n');
    // Together they take hardly longer than the slowest.
    expect(tookMs).toBeLessThan(25_000);
    expect(stderr).toMatch(/^a\.luau: submitting\n[\s\S]*\nb\.luau: complete\n[\s\S]*\na\.luau: complete\n/);
    expect(stderr.split('\n').slice(-7)).toEqual([
      '',
      expect.stringMatching(/^a\.luau {2}complete {3,4}2\d\.\d s$/),
      expect.stringMatching(/^b\.luau {2}complete {5}\d\.\d s$/),
      expect.stringMatching(/^c\.luau {2}failed {7}\d\.\d s {2}c\.luau:1: no$/),
      expect.stringMatching(/^d\.luau {2}complete {5}\d\.\d s$/),
      '4 scripts: 3 complete, 1 failed',
      '',
    ]);
  });

  it('tell a warning of the settings once, and leave none of it to what comes after', async () => {
    const session = await open({
      files: { ...FILES, '.luauexecrc': `apiKey: "${API_KEY}"\n` },
      scripts: SCRIPTS,
      env: { ROBLOX_API_KEY: undefined },
    });
    const tell = async (...argv: string[]) => JSON.parse((await session.run(...argv, '--json')).stdout);
    const idsOf = ({ warnings }: { warnings: { id: string }[] }) => warnings.map(({ id }) => id);
    const { runs } = await tell('run', 'b.luau', 'd.luau', 'b.luau', '--detach');
    expect(runs.map(idsOf)).toEqual([['LX013'], [], []]);
    expect(idsOf(await tell('run', 'none.luau'))).toEqual([]);
  });

  it.each([
    ['1', 48_000],
    ['2', 24_000],
    ['10', 24_000],
  ])('--concurrency %s', async (count, longestMs) => {
    const session = await open({ files: FILES, scripts: SCRIPTS });
    const argv = ['run', ...Object.keys(FILES), '--concurrency', count, '--json'];
    const { exitCode, stdout, tookMs } = await timed(session, ...argv);
    expect(exitCode).toBe(1);
    expect(tookMs).toBeLessThan(longestMs);
    expect(tookMs).toBeGreaterThan(count === '1' ? 28_000 : 20_000);
    const { runs } = JSON.parse(stdout);
    expect(runs.map(({ script }: { script: { name: string } }) => script.name)).toEqual(Object.keys(FILES));
  });

  it.each(['0', '11', '-1', 'x', '', '1.5', '1e1'])(
    '--concurrency %j is refused, and nothing is sent',
    async (count) => {
      const session = await open({ files: FILES, scripts: SCRIPTS });
      const { exitCode, stderr } = await session.run('run', 'a.luau', `--concurrency=${count}`);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('is not a number from 1 to 10');
      expect(session.requests).toEqual([]);
    },
  );

  it('with --bail sends nothing after the first that failed, and waits for those that run', async () => {
    const session = await open({ files: FILES, scripts: SCRIPTS });
    const argv = ['run', 'c.luau', 'a.luau', 'b.luau', 'd.luau', '--bail', '--concurrency', '2', '--json'];
    const { exitCode, stdout } = await session.run(...argv);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout).runs).toMatchObject([
      { script: { name: 'c.luau' }, outcome: 'script_failed' },
      { script: { name: 'a.luau' }, outcome: 'ok', results: ['slow'] },
      { script: { name: 'b.luau' }, outcome: 'skipped', task: null, error: { id: 'LX605' } },
      { script: { name: 'd.luau' }, outcome: 'skipped', ok: false, exitCode: 1 },
    ]);
    expect(session.requests.filter((request) => request.startsWith('POST'))).toHaveLength(2);
  });

  it('with --bail tells of those that were not sent in the summary alone', async () => {
    const session = await open({ files: FILES, scripts: SCRIPTS });
    const { stderr } = await session.run('run', 'c.luau', 'b.luau', '--bail', '--concurrency', '1');
    expect(stderr).not.toContain('--bail');
    expect(stderr).toMatch(/\nb\.luau {2}not sent\n2 scripts: 1 failed, 1 not sent\n$/);
  });

  it('are all told of when a signal comes, sent or not', async () => {
    let looks = 0;
    const session = await open({
      files: FILES,
      scripts: SCRIPTS,
      intercept: (request, next) => {
        if (request.method === 'GET' && ++looks === 6) session.interrupt('SIGINT');
        return next(request);
      },
    });
    const argv = ['run', 'a.luau', 'a.luau', 'a.luau', '--concurrency', '2', '--json'];
    const { exitCode, stdout } = await session.run(...argv);
    expect(exitCode).toBe(130);
    expect(JSON.parse(stdout).runs).toMatchObject([
      { outcome: 'interrupted', task: { state: 'PROCESSING' } },
      { outcome: 'interrupted', task: { state: 'PROCESSING' } },
      { outcome: 'interrupted', task: null },
    ]);
  });

  it.each([
    ['results', [], 74, ['io', 'io', 'script_failed', 'io']],
    ['events', ['--output', 'ndjson'], 74, ['io', 'io', 'script_failed', 'io']],
    ['the document', ['--json'], 1, ['ok', 'ok', 'script_failed', 'ok']],
  ])(
    'all come to their end, and into files, where standard output is full: %s',
    async (_name, words, exitCode, outcomes) => {
      const session = await open({ files: FILES, scripts: SCRIPTS, stdoutFailure: 'ENOSPC' });
      const result = await session.run(
        ...[
          'run',
          ...Object.keys(FILES),
          '--output=json=a.json',
          '--output=ndjson=events',
          '--output=junit=x',
        ],
        ...words,
      );
      expect(result).toMatchObject({ exitCode });
      expect(result.stderr.match(/^error: the output could not be written: ENOSPC$/gm)).toHaveLength(1);
      const read = (name: string) => readFileSync(join(session.cwd, name), 'utf8').trimEnd();
      const { runs } = JSON.parse(read('a.json'));
      expect(runs.map(({ outcome }: { outcome: string }) => outcome)).toEqual(outcomes);
      const types = read('events')
        .split('\n')
        .map((line) => JSON.parse(line).type);
      expect(types.filter((type) => type === 'ended')).toHaveLength(4);
      expect(types.indexOf('result')).toBe(types.length - 1);
      expect(read('x').match(/<\?xml/g)).toHaveLength(1);
    },
  );

  it('have a summary also where all of them were refused', async () => {
    const session = await open({
      files: FILES,
      faults: [{ request: 'createTask', times: 2, do: { answer: { status: 400 } } }],
    });
    const { exitCode, stderr } = await session.run('run', 'a.luau', 'b.luau');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/\na\.luau {2}refused .*\nb\.luau {2}refused .*\n2 scripts: 2 refused\n$/);
  });

  it('are told of in the summary alone, where a signal came before they were sent', async () => {
    const session = await open({
      files: FILES,
      scripts: SCRIPTS,
      intercept: (request, next) => {
        if (request.method === 'GET') session.interrupt('SIGINT');
        return next(request);
      },
    });
    const { stderr } = await session.run('run', 'a.luau', 'b.luau', 'd.luau', '--concurrency', '1');
    expect(stderr.match(/^error: .*$/gm)).toEqual([
      expect.stringMatching(/^error: stopped waiting; the script/),
    ]);
    expect(stderr).toMatch(/\nd\.luau {2}interrupted .* nothing was created\n3 scripts: 3 interrupted\n$/);
  });

  it('a bug of ours in one of them costs nothing of the others', async () => {
    let looks = 0;
    const session = await open({
      files: FILES,
      scripts: SCRIPTS,
      intercept: (request, next) => {
        if (request.method === 'GET' && ++looks === 1) throw new TypeError('a bug');
        return next(request);
      },
    });
    const { exitCode, stdout } = await session.run('run', 'a.luau', 'b.luau', 'd.luau', '--output', 'ndjson');
    expect(exitCode).toBe(70);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.at(-1).result.runs).toMatchObject([
      {
        script: { name: 'a.luau' },
        outcome: 'internal',
        error: { id: 'LX900' },
        task: { state: 'PROCESSING' },
      },
      { outcome: 'ok', results: ['quick'] },
      { outcome: 'ok', results: ['quick'] },
    ]);
  });

  it('--detach prints a path for each, in order', async () => {
    const session = await open({ files: FILES, scripts: SCRIPTS });
    const { exitCode, stdout } = await session.run(
      'run',
      'a.luau',
      'b.luau',
      '--detach',
      '-q',
      '--id-file',
      'ids',
    );
    expect(exitCode).toBe(0);
    expect(stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(readFileSync(join(session.cwd, 'ids'), 'utf8').trimEnd().split('\n').sort()).toEqual(
      stdout.trimEnd().split('\n').sort(),
    );
  });
});

describe('directories and patterns', () => {
  const TREE = {
    'tests/b.luau': 'QUICK',
    'tests/a.luau': 'QUICK',
    'tests/deep/c.luau': 'QUICK',
    'tests/notes.md': 'no script',
    'tests/node_modules/x/d.luau': 'QUICK',
    'tests/.hidden/e.luau': 'QUICK',
    'tests/[x].luau': 'QUICK',
  };

  async function listRuns(...argv: string[]) {
    const session = await open({ files: TREE, scripts: SCRIPTS });
    const { stdout } = await session.run('run', ...argv, '--json');
    const document = JSON.parse(stdout);
    const runs: { script: { name: string } }[] = document.runs ?? [document];
    return runs.map(({ script }) => script.name);
  }

  it.each([
    ['a directory', ['tests'], ['tests/[x].luau', 'tests/a.luau', 'tests/b.luau', 'tests/deep/c.luau']],
    ['a pattern', ['tests/*.luau'], ['tests/[x].luau', 'tests/a.luau', 'tests/b.luau']],
    ['a pattern at any depth', ['**/c.luau'], ['tests/deep/c.luau']],
    ['a file whose name looks like a pattern', ['tests/[x].luau'], ['tests/[x].luau']],
    [
      'what was named before',
      ['tests/b.luau', './tests/*.luau'],
      ['tests/b.luau', 'tests/[x].luau', 'tests/a.luau'],
    ],
    ['a file that is named twice', ['tests/b.luau', 'tests/b.luau'], ['tests/b.luau', 'tests/b.luau']],
  ])('%s', async (_name, argv, expected) => expect(await listRuns(...argv)).toEqual(expected));

  it.each([
    ['tests/*.lua', 'no file matches tests/*.lua'],
    ['tests/.hidden/..', 'there is no .luau file'],
    ['{', 'no file matches {'],
    ['', 'the name of a script is empty'],
  ])('%s finds nothing, and nothing is sent', async (pattern, headline) => {
    const session = await open({ files: { 'tests/notes.md': 'x', 'tests/.hidden/e.luau': 'QUICK' } });
    const { exitCode, stderr } = await session.run('run', pattern);
    expect(exitCode).toBe(2);
    expect(stderr).toContain(`error: ${headline}`);
    expect(session.requests).toEqual([]);
  });
});
