import { describe, expect, it } from 'vitest';
import { formatTaskPath } from '../../src/open-cloud/task-path.ts';
import { runTask } from '../../src/task/run-task.ts';
import { catchError } from '../helpers/transfer-session.ts';
import { listEvents, useTaskSessions } from './task-session.ts';

const openSession = useTaskSessions();
const MARK = 'luau-exec: wants place version 3 (abcd-1234)';
const FIRED = { kind: 'complete' as const, results: [MARK, 2] };

/** A script and the same behind a guard, which fires or not. */
async function open({ fires = true, guardMs = 3_000, scriptMs = 20_000 } = {}) {
  const done = { kind: 'complete' as const, results: ['done'] };
  const session = await openSession({
    scripts: {
      SCRIPT: { afterMs: scriptMs, result: done },
      GUARDED: { afterMs: guardMs, result: fires ? FIRED : done },
    },
    emulator: { headVersion: 3 },
  });
  const parameters = {
    ...session.parameters('SCRIPT'),
    versionId: '3',
    guarded: { text: 'GUARDED', mark: MARK },
  };
  return { session, parameters };
}

describe('a run behind a guard', () => {
  it('is one task where the guard lets it through', async () => {
    const { session, parameters } = await open({ fires: false });
    const outcome = await runTask(parameters, session);
    expect(outcome).toMatchObject({ verdict: 'ok', task: { results: ['done'] }, versionId: '3' });
    expect(session.sent.filter(({ what }) => what === 'POST')).toHaveLength(1);
    expect(listEvents(session.events)).not.toContain('pinning');
  });

  it('is another one where the guard fires, and the first is over by then', async () => {
    const { session, parameters } = await open();
    const created: string[] = [];
    const outcome = await runTask(parameters, {
      ...session,
      onCreated: ({ path }) => void created.push(formatTaskPath(path)),
    });
    expect(outcome).toMatchObject({ verdict: 'ok', task: { results: ['done'] } });
    expect(created).toHaveLength(2);
    expect(formatTaskPath(outcome.task.path)).toBe(created[1]);
    expect(listEvents(session.events)).toEqual([
      'submitting',
      'created',
      'state PROCESSING',
      'state COMPLETE',
      'pinning',
      'submitting',
      'created',
      'state PROCESSING',
      'state COMPLETE',
      'reading_logs',
      'outcome',
    ]);
    const [first, second] = session.sent.filter(({ what }) => what === 'POST');
    expect((second?.atMs ?? 0) - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(3_000);
    const reads = session.sent.filter(({ what }) => what === 'GET');
    expect(outcome.timing.polls).toBe(reads.length);
    expect(outcome.timing.totalMs).toBeGreaterThanOrEqual(23_000);
  });

  it('is not sent again by whoever has stopped it meanwhile', async () => {
    const { session, parameters } = await open();
    const stop = new AbortController();
    const reason = new Error('the user said so');
    const run = runTask(parameters, {
      ...session,
      stop: stop.signal,
      onEvent: (event) => {
        if (event.type === 'state' && event.state === 'COMPLETE') stop.abort(reason);
      },
    });
    await expect(run).rejects.toBe(reason);
    expect(session.sent.filter(({ what }) => what === 'POST')).toHaveLength(1);
  });

  it('is waited for no longer in all than was asked for', async () => {
    const { session, parameters } = await open({ guardMs: 8_000 });
    const startMs = session.clock.now();
    const error = await catchError(runTask(parameters, { ...session, waitTimeoutMs: 15_000 }));
    expect(error).toMatchObject({ id: 'LX601', kind: 'wait_timeout' });
    expect(session.clock.now() - startMs).toBeLessThan(17_000);
    expect(session.clock.now() - startMs).toBeGreaterThanOrEqual(15_000);
  });

  it('whose guard is not over when the wait is has not been sent again', async () => {
    const { session, parameters } = await open({ guardMs: 60_000 });
    const error = await catchError(runTask(parameters, { ...session, waitTimeoutMs: 10_000 }));
    expect(error).toMatchObject({ id: 'LX601' });
    expect(session.sent.filter(({ what }) => what === 'POST')).toHaveLength(1);
  });

  it('without a version is sent as it is', async () => {
    const { session, parameters } = await open();
    await runTask({ ...parameters, versionId: null }, session);
    expect(session.sent.filter(({ what }) => what === 'POST')).toHaveLength(1);
  });

  it('whose guard took all the time there was is not sent at all', async () => {
    const { session, parameters } = await open();
    const { clock } = session;
    let lateMs = 0;
    const late = { now: () => clock.now() + lateMs, wallNow: clock.wallNow, sleep: clock.sleep };
    const error = await catchError(
      runTask(parameters, {
        ...session,
        clock: late,
        waitTimeoutMs: 15_000,
        onEvent: ({ type }) => {
          if (type === 'pinning') lateMs = 15_000;
        },
      }),
    );
    expect(error).toMatchObject({
      id: 'LX601',
      kind: 'wait_timeout',
      message: 'the time to wait was over before the script was sent to version 3 of the place',
    });
    expect(session.sent.filter(({ what }) => what === 'POST')).toHaveLength(1);
  });

  it('that returned the mark of another guard has run', async () => {
    const { session, parameters } = await open();
    const other = { text: 'GUARDED', mark: 'luau-exec: wants place version 3 (other-1234)' };
    const outcome = await runTask({ ...parameters, guarded: other }, session);
    expect(outcome.task).toMatchObject({ results: [MARK, 2] });
    expect(session.sent.filter(({ what }) => what === 'POST')).toHaveLength(1);
  });
});
