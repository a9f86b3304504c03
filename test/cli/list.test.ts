import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import { type CliSession, useCliSessions } from '../helpers/cli-session.ts';
import { readJournalLines } from '../helpers/journal-files.ts';

const open = useCliSessions();

const PATH = /^universes\/11\/places\/22\/versions\/1\/luau-execution-sessions\/\S+\/tasks\/\S+$/;
const MINUTE_MS = 60_000;

interface Listed {
  position: number;
  script: string;
  path: string | null;
  state: string | null;
  [key: string]: unknown;
}
interface Document {
  tasks: Listed[];
  [key: string]: unknown;
}

async function setUp(faults: Fault[] = []): Promise<CliSession> {
  return open({
    files: {
      'quick.luau': 'QUICK',
      'broken.luau': 'BROKEN',
      'slow.luau': 'SLOW',
      '.luauexecrc': 'targets: { staging: { timeout: 60s } }',
    },
    scripts: {
      QUICK: { result: { kind: 'complete', results: [1] } },
      BROKEN: { result: { kind: 'failed', code: 'SCRIPT_ERROR', message: 'TaskScript:1: no' } },
      SLOW: { afterMs: 20_000, result: { kind: 'complete', results: [2] } },
    },
    faults,
  });
}

/** Runs `list --json`; that its document is as the schema says is seen to by the session. */
async function readList(session: CliSession, ...argv: string[]): Promise<Document & { code: number }> {
  const { exitCode, stdout, stderr } = await session.run('list', '--json', ...argv);
  expect(stderr).toBe('');
  expect(stdout.match(/\n/g)).toHaveLength(1);
  const document = JSON.parse(stdout);
  expect(document).toMatchObject({ schema: 'luau-exec.list/v1' });
  expect(document).toMatchObject({ exitCode, ok: exitCode === 0 });
  return { ...document, code: exitCode };
}
const states = ({ tasks }: Document) => tasks.map(({ script, state }) => `${script} ${state}`);

describe('list', () => {
  it('shows what was sent, newest first, with the state last seen, and sends nothing', async () => {
    const session = await setUp();
    await session.run('run', 'quick.luau', '-q');
    await session.run('run', 'broken.luau', '-q');
    await session.run('run', 'slow.luau', '--detach', '-q', '--target', 'staging');
    await session.clock.advance(2 * MINUTE_MS);
    const requests = session.requests.length;
    const { exitCode, stdout, stderr } = await session.run('list');
    expect(exitCode).toBe(0);
    const rows = stdout.split('\n').map((line) => line.split(/ +/));
    expect(rows).toEqual([
      [
        '@1',
        'PROCESSING',
        '-',
        expect.stringMatching(/Z$/),
        'staging',
        expect.stringMatching(PATH),
        'slow.luau',
      ],
      [
        '@2',
        'FAILED',
        'SCRIPT_ERROR',
        expect.any(String),
        '11/22',
        expect.stringMatching(PATH),
        'broken.luau',
      ],
      ['@3', 'COMPLETE', '-', expect.any(String), '11/22', expect.stringMatching(PATH), 'quick.luau'],
      [''],
    ]);
    expect(stderr).toBe('these are the states last seen; luau-exec list --refresh asks for them\n');
    expect(session.requests).toHaveLength(requests);
    expect(await session.run('list', '-q')).toMatchObject({ stdout, stderr: '' });
  });

  it('prints one document that the schema describes', async () => {
    const session = await setUp();
    await session.run('run', 'broken.luau', '-q');
    await session.run('run', 'slow.luau', '--detach', '-q', '--target', 'staging');
    expect(await readList(session)).toMatchObject({
      schema: 'luau-exec.list/v1',
      baseUrl: session.emulator.baseUrl,
      refreshed: false,
      error: null,
      warnings: [],
      tasks: [
        {
          position: 1,
          script: 'slow.luau',
          target: 'staging',
          timeoutSeconds: 60,
          cancellable: false,
          live: false,
          state: 'PROCESSING',
          finished: false,
        },
        {
          position: 2,
          script: 'broken.luau',
          path: expect.stringMatching(PATH),
          universeId: '11',
          placeId: '22',
          versionId: '1',
          target: null,
          timeoutSeconds: 300,
          cancellable: false,
          live: false,
          sentTime: expect.stringMatching(/^2026-11-21T09:/),
          state: 'FAILED',
          finished: true,
          code: 'SCRIPT_ERROR',
          seenTime: expect.stringMatching(/^2026-11-21T09:/),
        },
      ],
    });
  });

  it('needs no key, no ids, and no config file that makes sense', async () => {
    const session = await setUp();
    await session.run('run', 'quick.luau', '-q');
    writeFileSync(join(session.cwd, '.luauexecrc'), '{ not: [yaml');
    const plain = await session.run('list', '-q');
    expect(plain).toMatchObject({ exitCode: 0, stderr: '', stdout: expect.stringContaining('COMPLETE') });
    const keyless = await open({ env: { ROBLOX_API_KEY: undefined, ROBLOX_UNIVERSE_ID: undefined } });
    expect(await keyless.run('list', '-q')).toMatchObject({ exitCode: 0, stdout: '' });
    expect(await keyless.run('list', '--refresh')).toMatchObject({ exitCode: 2 });
  });

  it('counts as @N does: among the tasks of the API in use', async () => {
    const session = await setUp();
    await session.run('run', 'quick.luau', '-q');
    await session.run('run', 'broken.luau', '-q');
    const { tasks } = await readList(session);
    for (const { position, path, taskId } of tasks) {
      const byPosition = await session.run('status', `@${position}`, '--json');
      expect(JSON.parse(byPosition.stdout)).toMatchObject({ task: { path } });
      const byShortId = await session.run('status', String(taskId).slice(0, 8), '--json');
      expect(JSON.parse(byShortId.stdout)).toMatchObject({ task: { path } });
    }
    const elsewhere = await session.run('list', '--base-url', 'http://127.0.0.1:9');
    expect(elsewhere).toMatchObject({ exitCode: 0, stdout: '' });
    expect(elsewhere.stderr).toContain(`hint: luau-exec list --base-url ${session.emulator.baseUrl}\n`);
  });

  it('has several scripts of one call in the order in which they were sent, so @last is the last one named', async () => {
    const scripts = {
      A: {},
      B: {},
      C: { result: { kind: 'failed', code: 'SCRIPT_ERROR', message: 'no' } },
    } as const;
    const session = await open({ files: { 'a.luau': 'A', 'b.luau': 'B', 'c.luau': 'C' }, scripts });
    await session.run('run', 'a.luau', 'b.luau', 'c.luau', 'a.luau', '--concurrency', '2');
    const { stdout } = await session.run('list');
    expect(stdout.match(/\S+\.luau$/gm)).toEqual(['a.luau', 'c.luau', 'b.luau', 'a.luau']);
    expect((await session.run('status', '@2')).exitCode).toBe(1);
    await session.run('run', 'a.luau', 'c.luau', 'b.luau', '--bail', '--concurrency', '1');
    expect((await session.run('list')).stdout.match(/\S+\.luau$/gm)?.slice(0, 2)).toEqual([
      'c.luau',
      'a.luau',
    ]);
  });

  it('--target keeps those of one target, with the positions of all', async () => {
    const session = await setUp();
    await session.run('run', 'slow.luau', '--detach', '-q', '--target', 'staging');
    await session.run('run', 'quick.luau', '-q');
    expect((await readList(session, '--target', 'staging')).tasks).toMatchObject([
      { position: 2, script: 'slow.luau' },
    ]);
    const none = await session.run('list', '--target', 'other');
    expect(none).toMatchObject({ exitCode: 0, stdout: '' });
    expect(none.stderr).toMatch(
      /^no task sent from this machine to \S+ with the target other is remembered: .+\nhint: /,
    );
  });

  it('an empty history says so and how to begin', async () => {
    const session = await setUp();
    const { exitCode, stdout, stderr } = await session.run('list');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '' });
    expect(stderr).toMatch(
      /^no task sent from this machine to \S+ is remembered: .+\nhint: luau-exec run SCRIPT\n$/,
    );
    expect(stderr).toContain('one of --local is not');
    expect((await readList(session)).tasks).toEqual([]);
  });

  it.each([[['--local']], [['--target', 'local']], [['--local', '--refresh']]])(
    'has no tasks of %j',
    async (argv) => {
      const { exitCode, stderr } = await (await setUp()).run('list', ...argv);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('a local run ends with the command that started it');
    },
  );

  it('a run whose create was never answered is unknown, also when asked for', async () => {
    const session = await setUp([{ request: 'createTask', do: { reset: 'after' } }]);
    expect(await session.run('run', 'slow.luau', '-q')).toMatchObject({ exitCode: 9 });
    const { stdout, stderr } = await session.run('list');
    expect(stdout).toMatch(/^@1 {2}unknown {2}- .* 11\/22 {2}- {2}slow\.luau\n$/);
    expect(stderr).toBe('unknown: no answer to the create has come, so the script may be running\n');
    const requests = session.requests.length;
    expect((await readList(session, '--refresh')).tasks).toMatchObject([
      { state: 'unknown', path: null, taskId: null },
    ]);
    expect(session.requests).toHaveLength(requests);
  });

  it('forgets a run 24 h after its end, and @last says so', async () => {
    const session = await setUp();
    await session.run('run', 'quick.luau', '-q');
    await session.clock.advance(23 * 60 * MINUTE_MS);
    expect(states(await readList(session))).toEqual(['quick.luau COMPLETE']);
    await session.clock.advance(61 * MINUTE_MS);
    expect(states(await readList(session))).toEqual([]);
    const last = await session.run('status', '@last');
    expect(last.exitCode).toBe(2);
    expect(last.stderr).toContain('runs are remembered for 24 h after their end');
  });

  it('a journal that cannot be read is no empty history', async () => {
    const session = await setUp();
    writeFileSync(session.stateDirectory, 'a file where the directory should be');
    const { exitCode, stdout, stderr } = await session.run('list');
    expect({ exitCode, stdout }).toEqual({ exitCode: 74, stdout: '' });
    expect(stderr).toContain('error: the journal of the tasks that were sent cannot be read: ENOTDIR');
  });
});

describe('the state last seen', () => {
  it.each([
    ['status', 0],
    ['logs', 0],
    ['wait', 0],
    ['cancel', 0],
  ])('is what %s has learnt', async (command, exitCode) => {
    const session = await setUp();
    await session.run('run', 'slow.luau', '--detach', '-q');
    expect(states(await readList(session))).toEqual(['slow.luau PROCESSING']);
    await session.clock.advance(MINUTE_MS);
    expect(await session.run(command, '-q')).toMatchObject({ exitCode });
    expect(states(await readList(session))).toEqual(['slow.luau COMPLETE']);
  });

  it('is written once for each change, and at most once a minute for a task that goes on', async () => {
    const session = await setUp();
    await session.run('run', 'slow.luau', '--detach', '-q', '--timeout', '300s');
    const events = () => readJournalLines(session.stateDirectory).map(({ event }) => event);
    for (let count = 0; count < 5; count++) await session.run('status', '-q');
    expect(events()).toEqual(['intent', 'created']);
    await session.clock.advance(MINUTE_MS);
    for (let count = 0; count < 5; count++) await session.run('status', '-q');
    expect(events()).toEqual(['intent', 'created', 'seen']);
  });

  it('of a task that was not sent from here is not remembered', async () => {
    const session = await setUp();
    await session.run('run', 'quick.luau', '-q');
    const [task] = (await readList(session)).tasks;
    const other = join(session.cwd, '.other');
    mkdirSync(other);
    const elsewhere = await open({
      env: { LUAU_EXEC_STATE_DIR: other, LUAU_EXEC_BASE_URL: session.emulator.baseUrl },
    });
    expect(await elsewhere.run('status', task?.path ?? '', '-q')).toMatchObject({ exitCode: 0 });
    expect(readJournalLines(other)).toEqual([]);
  });
});

describe('list --refresh', () => {
  it('asks for those that are not known to have finished, and remembers what it learns', async () => {
    const session = await setUp();
    await session.run('run', 'quick.luau', '-q');
    for (let count = 0; count < 3; count++) await session.run('run', 'slow.luau', '--detach', '-q');
    await session.clock.advance(MINUTE_MS);
    const before = session.requests.length;
    const fresh = await readList(session, '--refresh');
    expect(fresh).toMatchObject({ code: 0, refreshed: true });
    const expected = [...Array.from({ length: 3 }, () => 'slow.luau COMPLETE'), 'quick.luau COMPLETE'];
    expect(states(fresh)).toEqual(expected);
    expect(session.requests.slice(before).map((request) => request.slice(0, 3))).toEqual([
      'GET',
      'GET',
      'GET',
    ]);
    expect(states(await readList(session))).toEqual(expected);
    await session.run('list', '--refresh');
    expect(session.requests).toHaveLength(before + 3);
  });

  it('a task that the service does not know is not_found, and may come back', async () => {
    const session = await setUp([{ request: 'getTask', times: 1, do: { answer: { status: 404 } } }]);
    await session.run('run', 'slow.luau', '--detach', '-q');
    const { exitCode, stdout, stderr } = await session.run('list', '--refresh');
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^@1 {2}not_found /);
    expect(stderr).toContain(
      'not_found: the service has no such task any more, or hides it from this API key\n',
    );
    expect(states(await readList(session))).toEqual(['slow.luau PROCESSING']);
    await session.clock.advance(MINUTE_MS);
    expect(states(await readList(session, '--refresh'))).toEqual(['slow.luau COMPLETE']);
  });

  it('a service that cannot be reached is told once, below what is known', async () => {
    const session = await setUp([{ request: 'getTask', times: 'always', do: { answer: { status: 503 } } }]);
    for (let count = 0; count < 6; count++) await session.run('run', 'slow.luau', '--detach', '-q');
    const startMs = session.clock.now();
    const { exitCode, stdout, stderr } = await session.run('list', '--refresh', '-q');
    expect(exitCode).toBe(7);
    expect(session.clock.now() - startMs).toBeLessThan(MINUTE_MS);
    expect(stdout.match(/PROCESSING/g)).toHaveLength(6);
    expect(stderr.match(/error:/g)).toHaveLength(1);
    expect(stderr).toContain('error: the state of all 6 tasks could not be learnt: no good answer for ');
    const document = await readList(session, '--refresh');
    expect(document).toMatchObject({
      code: 7,
      error: { id: 'LX503', httpStatus: 503, hint: 'luau-exec list --refresh' },
    });
    expect(document.tasks).toHaveLength(6);
  });

  it('a key that is refused is not tried on every task', async () => {
    const session = await setUp([{ request: 'getTask', times: 'always', do: { answer: { status: 401 } } }]);
    for (let count = 0; count < 9; count++) await session.run('run', 'slow.luau', '--detach', '-q');
    const before = session.requests.length;
    expect(await readList(session, '--refresh')).toMatchObject({ code: 4, error: { id: 'LX401' } });
    expect(session.requests.length - before).toBeLessThanOrEqual(4);
  });

  it('what goes wrong with one task does not keep the others from being asked', async () => {
    const session = await setUp([{ request: 'getTask', nth: 2, do: { answer: { status: 403 } } }]);
    for (let count = 0; count < 6; count++) await session.run('run', 'slow.luau', '--detach', '-q');
    await session.clock.advance(MINUTE_MS);
    const document = await readList(session, '--refresh');
    expect(document).toMatchObject({
      code: 4,
      error: {
        id: 'LX403',
        message: expect.stringMatching(/^the state of 1 of 6 tasks could not be learnt: /),
      },
    });
    expect(states(document).filter((line) => line.endsWith('COMPLETE'))).toHaveLength(5);
  });

  it('a signal ends it as any other command', async () => {
    const session = await open({
      files: { 'slow.luau': 'SLOW' },
      scripts: { SLOW: { afterMs: 20_000 } },
      intercept: (request, next) => {
        if (request.method === 'GET') session.interrupt('SIGINT');
        return next(request);
      },
    });
    await session.run('run', 'slow.luau', '--detach', '-q');
    const { exitCode, stdout, stderr } = await session.run('list', '--refresh');
    expect({ exitCode, stdout }).toEqual({ exitCode: 130, stdout: '' });
    expect(stderr).toContain('error: stopped');
  });
});
