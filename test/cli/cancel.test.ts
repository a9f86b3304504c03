import { rmSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import type { CliSession } from '../helpers/cli-session.ts';
import { measure, startRun, useControlSessions } from '../helpers/control-session.ts';

const openSession = useControlSessions();

const LOOP = 'local n = 0\nwhile true do\n  n += 1\n  print("tick", n)\n  task.wait(0.5)\nend\n';
const FILES = { 'loop.luau': LOOP };

describe('luau-exec cancel', () => {
  test('stops a run, and every command says that it was cancelled', async () => {
    const session = await openSession({ files: FILES });
    const { running } = await startRun(session, ['loop.luau', '--cancellable']);
    await session.clock.sleep(5_000);
    expect(await session.run('cancel')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'cancelling\nthe run was cancelled; the state of its task is FAILED\n',
    });
    const run = await running;
    expect(run.exitCode).toBe(3);
    expect(run.stderr).toMatch(
      /tick 10\n(tick \d+\n)*\[warning\] luau-exec: cancelling this run\nerror: the task was cancelled\n/,
    );
    const json = JSON.parse((await session.run('status', '--json')).stdout);
    expect(json).toMatchObject({
      exitCode: 3,
      outcome: 'cancelled',
      task: { state: 'FAILED' },
      error: { id: 'LX202', code: 'SCRIPT_ERROR', message: 'the task was cancelled' },
    });
    expect(await session.run('wait')).toMatchObject({ exitCode: 3 });
    expect((await session.run('list')).stdout).toMatch(/^@1 {2}FAILED {2}CANCELLED /);
    const [listed] = JSON.parse((await session.run('list', '--json')).stdout).tasks;
    expect(listed).toMatchObject({ code: 'CANCELLED', cancellable: true, live: false });
    expect(await session.run('cancel')).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: 'the task has finished already: FAILED\n',
    });
  });

  test('finds a run by the script that the service has kept, where the journal does not know it', async () => {
    const session = await openSession({ files: FILES });
    const { running, path } = await startRun(session, ['loop.luau', '--cancellable']);
    rmSync(session.stateDirectory, { recursive: true });
    await session.clock.sleep(1_000);
    expect(await session.run('cancel', path)).toMatchObject({ exitCode: 0 });
    expect((await running).exitCode).toBe(3);
  });

  test.each([
    ['from the journal', false],
    ['from its script', true],
  ])('knows %s that a run cannot be stopped', async (_, isForgotten) => {
    const session = await openSession({ files: FILES });
    const { running, path } = await startRun(session, ['loop.luau', '--live', '--timeout', '20s']);
    if (isForgotten) rmSync(session.stateDirectory, { recursive: true });
    const result = await session.run('cancel', path);
    expect(result.exitCode).toBe(11);
    expect(result.stderr).toBe(
      [
        'error: this run cannot be cancelled: Open Cloud has no operation for it, and it was not sent with --cancellable',
        '  its time-out is 20 s, so a script that has started ends by itself by about 2026-11-21T09:01:05Z',
        '',
        `hint: luau-exec wait ${path}`,
        '',
      ].join('\n'),
    );
    expect((await running).exitCode).toBe(1);
  });

  test('tells of a run that ended by itself meanwhile', async () => {
    const session = await openSession({ files: { 'short.luau': 'task.wait(50)\nreturn 1' } });
    const { running } = await startRun(session, ['short.luau', '--cancellable', '--cancel-poll', '60s']);
    await session.clock.sleep(1_000);
    const result = await session.run('cancel', '--wait', '2m');
    expect(result).toMatchObject({ exitCode: 0 });
    expect(result.stderr).toBe('cancelling\nthe run ended by itself before it could be stopped: COMPLETE\n');
    expect((await running).stdout).toBe('1\n');
  });

  test('says what a run does that does not hear of it', async () => {
    const session = await openSession({
      files: FILES,
      faults: [
        { request: 'MemoryStoreSortedMap:GetAsync', times: 'always', do: { answer: { status: 503 } } },
      ],
    });
    const { running, path } = await startRun(session, ['loop.luau', '--cancellable', '--timeout', '60s']);
    const result = await session.run('cancel', '--wait', '10s');
    expect(result.exitCode).toBe(11);
    expect(result.stderr).toBe(
      [
        'cancelling',
        'error: told to stop, and still running after 10 s',
        '  the script does not yield, or has not started yet: one that never yields is ended by its time-out alone',
        '  its time-out is 60 s, so a script that has started ends by itself by about 2026-11-21T09:01:45Z',
        '',
        `hint: luau-exec wait ${path}`,
        '',
      ].join('\n'),
    );
    const { exitCode, stderr } = await running;
    expect(exitCode).toBe(1);
    expect(stderr.match(/\[warning\] luau-exec: cancelling may not work: .*/g)).toHaveLength(1);
  });

  test('needs the scope for it', async () => {
    const session = await openSession({
      files: { 'short.luau': 'task.wait(3)' },
      faults: [
        {
          request: 'updateSortedMapItem',
          do: { answer: { status: 403, body: { code: 'PERMISSION_DENIED' } } },
        },
      ],
    });
    const { running } = await startRun(session, ['short.luau', '--cancellable']);
    const result = await session.run('cancel');
    expect(result.exitCode).toBe(4);
    expect(result.stderr).toContain('needed: scope memory-store.sorted-map:write');
    expect((await running).exitCode).toBe(0);
  });
});

describe('a run whose create was never answered', () => {
  const STORE = 'game:GetService("DataStoreService"):GetDataStore("count")';
  const files = {
    'count.luau': `while true do ${STORE}:IncrementAsync("n") task.wait(0.5) end`,
    'pace.luau': `
local store = ${STORE}
task.wait(5)
local before = store:GetAsync("n")
task.wait(5)
return before, (store:GetAsync("n"))`,
  };
  const LOST: Fault = { request: 'createTask', do: { reset: 'after' } };
  const TOLD =
    '  it has been told to stop: if it runs, or starts within 10 minutes, it stops when it next yields\n';

  /** How often the script counted in five seconds, some seconds from now. */
  async function measurePace(session: CliSession): Promise<number> {
    const [before, after] = JSON.parse((await session.run('run', 'pace.luau', '--json')).stdout).results;
    return after - before;
  }

  test('is stopped by cancel', async () => {
    const session = await openSession({ files, faults: [LOST] });
    const run = await session.run('run', 'count.luau', '--cancellable');
    expect(run.exitCode).toBe(9);
    expect(run.stderr).toContain('  luau-exec cancel tells it to stop all the same\n');
    expect((await session.run('status')).stderr).toContain(
      '  luau-exec cancel tells it to stop all the same\n',
    );
    expect(await measurePace(session)).toBe(10);

    const cancelled = await session.run('cancel', '@2');
    expect(cancelled.exitCode).toBe(9);
    expect(cancelled.stderr).toMatch(
      /^error: count\.luau was sent at \S+ but no answer came: it may be running\n/,
    );
    expect(cancelled.stderr).toContain(TOLD);
    expect(await measurePace(session)).toBe(0);
  });

  test('is not where it cannot be', async () => {
    const session = await openSession({ files, faults: [LOST] });
    const run = await session.run('run', 'count.luau', '--timeout', '5s');
    expect(run.stderr).not.toContain('cancel');
    const cancelled = await session.run('cancel');
    expect(cancelled.exitCode).toBe(9);
    expect(cancelled.stderr).not.toContain('stop');
    expect(session.requests.filter((request) => request.includes('memory-store'))).toEqual([]);
  });

  test('tells why it cannot be told', async () => {
    const answer = { status: 403, body: { code: 'PERMISSION_DENIED' } };
    const session = await openSession({
      files,
      faults: [LOST, { request: 'updateSortedMapItem', do: { answer } }],
    });
    await session.run('run', 'count.luau', '--cancellable', '--timeout', '5s');
    expect(await session.run('cancel')).toMatchObject({ exitCode: 4 });
  });

  test.each([
    ['is stopped by Ctrl-C', [], TOLD],
    [
      'is told of where Ctrl-C cannot stop it',
      [
        {
          request: 'updateSortedMapItem',
          do: { answer: { status: 403, body: { code: 'PERMISSION_DENIED' } } },
        },
      ],
      '  it could not be told to stop: the key may not do this in universe 11 (403)\n  luau-exec cancel tells it to stop all the same\n',
    ],
  ] satisfies [string, Fault[], string][])('%s', async (_, faults, fact) => {
    let interrupt = () => {};
    const session = await openSession({
      files,
      faults: [{ request: 'createTask', do: { never: true, after: true } }, ...faults],
      intercept: (request, next) => {
        const answer = next(request);
        // The next one would be the second time.
        if (request.method === 'POST') interrupt();
        return answer;
      },
    });
    interrupt = () => session.interrupt('SIGINT');
    const run = await session.run('run', 'count.luau', '--cancellable', '--timeout', '60s');
    expect(run.exitCode).toBe(9);
    expect(run.stderr).toContain(fact);
  });
});

describe('Ctrl-C', () => {
  test('cancels a run that can be, waits until it has stopped, and shows what it printed', async () => {
    const session = await openSession({ files: FILES });
    const { running } = await startRun(session, ['loop.luau', '--cancellable']);
    await session.clock.sleep(3_000);
    session.interrupt('SIGINT');
    const { exitCode, stderr } = await running;
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/\ncancelling\n/);
    expect(stderr).toMatch(/tick 6\n/);
    expect(stderr).toMatch(/error: the task was cancelled\n/);
  });

  test('a second time ends the waiting', async () => {
    const session = await openSession({ files: FILES });
    const { running, path } = await startRun(session, ['loop.luau', '--cancellable', '--cancel-poll', '30s']);
    await session.clock.sleep(3_000);
    session.interrupt('SIGINT');
    await session.clock.sleep(1_000);
    session.interrupt('SIGINT');
    const { exitCode, stderr } = await running;
    expect(exitCode).toBe(130);
    expect(stderr).toContain(
      [
        'error: stopped waiting; the run was told to stop, and whether it has is not known',
        '  a script that goes on ends by itself after at most 345 s',
        '',
        `hint: luau-exec wait ${path}`,
      ].join('\n'),
    );
  });

  test('says why a run could not be cancelled, and stops waiting', async () => {
    const session = await openSession({
      files: FILES,
      faults: [
        {
          request: 'updateSortedMapItem',
          do: { answer: { status: 403, body: { code: 'PERMISSION_DENIED' } } },
        },
      ],
    });
    const { running } = await startRun(session, ['loop.luau', '--cancellable']);
    await session.clock.sleep(1_000);
    session.interrupt('SIGTERM');
    const { exitCode, stderr } = await running;
    expect(exitCode).toBe(143);
    expect(stderr).toMatch(
      /error: stopped waiting; the run could not be cancelled: the key may not do this in universe 11 \(403\)\n {2}needed: scope memory-store\.sorted-map:write/,
    );
  });

  test('gives up after 30 s', async () => {
    const session = await openSession({ files: FILES });
    const { running } = await startRun(session, ['loop.luau', '--cancellable', '--cancel-poll', '60s']);
    await session.clock.sleep(3_000);
    session.interrupt('SIGINT');
    const [ms, { exitCode, stderr }] = await measure(session, () => running);
    expect(exitCode).toBe(130);
    expect(ms).toBeGreaterThanOrEqual(30_000);
    expect(ms).toBeLessThan(32_000);
    expect(stderr).toContain('the run could not be cancelled: told to stop, and still running after 30 s');
  });

  test('stops all runs of a call', async () => {
    const session = await openSession({ files: { ...FILES, 'other.luau': LOOP } });
    const { running } = await startRun(session, ['loop.luau', 'other.luau', '--cancellable', '--json']);
    await session.clock.sleep(3_000);
    session.interrupt('SIGINT');
    const { exitCode, stdout } = await running;
    expect(exitCode).toBe(3);
    const { runs } = JSON.parse(stdout);
    expect(runs.map(({ outcome }: { outcome: string }) => outcome)).toEqual(['cancelled', 'cancelled']);
  });
});

describe('settings', () => {
  test.each([
    ['a config file', { files: { ...FILES, '.luauexecrc': 'cancellable: true\ncancelPoll: 1s\n' } }, []],
    ['the environment', { files: FILES, env: { LUAU_EXEC_CANCELLABLE: '1' } }, []],
  ])('of %s make runs cancellable', async (_, options, argv) => {
    const session = await openSession(options);
    const { running } = await startRun(session, ['loop.luau', ...argv]);
    expect(await session.run('cancel')).toMatchObject({ exitCode: 0 });
    expect((await running).exitCode).toBe(3);
  });

  test('of a config file can be taken back', async () => {
    const session = await openSession({
      files: { 'one.luau': 'return 1', '.luauexecrc': '{"cancellable": true, "live": true}' },
    });
    const { running } = await startRun(session, ['one.luau', '--no-cancellable', '--no-live']);
    expect((await running).stdout).toBe('1\n');
    const { requests } = session;
    const [source] = await Promise.all([session.run('bundle', 'one.luau')]);
    expect(source.stdout).toBe('return 1');
    expect(requests.some((request) => request.includes('memory-store'))).toBe(false);
  });
});
