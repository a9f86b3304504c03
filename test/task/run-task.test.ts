import { expect, test } from 'vitest';
import { LuauExecError } from '../../src/errors.ts';
import { formatTaskPath, parseTaskPath } from '../../src/open-cloud/task-path.ts';
import { resumeTask, runTask, submitTask } from '../../src/task/run-task.ts';
import { answer, exchangeError } from '../open-cloud/answers.ts';
import { listEvents, useTaskSessions } from './task-session.ts';

const openSession = useTaskSessions();

async function catchError(work: Promise<unknown>): Promise<LuauExecError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (error instanceof LuauExecError) return error;
  throw new Error('no LuauExecError was thrown', { cause: error });
}

test('a script runs to its end: results, logs, events in order, timing', async () => {
  const session = await openSession({
    scripts: {
      'print(1) return 2': {
        afterMs: 7_000,
        logs: [{ level: 'OUTPUT', message: '1' }],
        result: { kind: 'complete', results: [2] },
      },
    },
    emulator: { bootDelayMs: 4_000 },
  });
  const createdPaths: string[] = [];
  const outcome = await runTask(session.parameters('print(1) return 2'), {
    ...session,
    onCreated: ({ path }) => void createdPaths.push(formatTaskPath(path)),
  });
  expect(outcome).toMatchObject({
    verdict: 'ok',
    task: { state: 'COMPLETE', results: [2] },
    logs: { messages: [{ level: 'OUTPUT', message: '1' }], complete: true, lost: null },
    warnings: [],
    logsError: null,
    timing: { retries: 0, throttledMs: 0 },
  });
  expect(listEvents(session.events)).toEqual([
    'submitting',
    'created',
    'state PROCESSING',
    'state COMPLETE',
    'reading_logs',
    'outcome',
  ]);
  expect(createdPaths).toEqual([formatTaskPath(outcome.task.path)]);
  const reads = session.sent.filter(({ what }) => what === 'GET');
  expect(outcome.timing.polls).toBe(reads.length);
  // It ended after 11 s, and was looked at about every half second by then.
  expect(outcome.timing.totalMs).toBeGreaterThanOrEqual(11_000);
  expect(outcome.timing.totalMs).toBeLessThan(12_000);
  expect(session.clock.pendingSleeps).toBe(0);
});

test.each([
  [
    'an error',
    { kind: 'failed', code: 'SCRIPT_ERROR', message: 'TaskScript:1: no' },
    'script_failed',
    'FAILED',
  ],
  [
    'an error of the service',
    { kind: 'failed', code: 'INTERNAL_ERROR', message: 'x' },
    'remote_failed',
    'FAILED',
  ],
  ['CANCELLED', { kind: 'cancelled' }, 'cancelled', 'CANCELLED'],
] as const)('a script that ends by %s is an outcome', async (_name, result, verdict, state) => {
  const session = await openSession({ scripts: { 'return 1': { result } } });
  const outcome = await runTask(session.parameters('return 1'), session);
  expect(outcome).toMatchObject({ verdict, task: { state } });
  expect(listEvents(session.events).at(-1)).toBe('outcome');
});

test('somebody who waits is told so every 30 s', async () => {
  const session = await openSession({ scripts: { slow: { afterMs: 100_000 } } });
  await runTask(session.parameters('slow', 200), session);
  const beats = session.events.filter(({ type }) => type === 'heartbeat');
  expect(beats).toMatchObject(
    [30_000, 60_000, 90_000].map((elapsedMs) => ({ state: 'PROCESSING', elapsedMs })),
  );
});

test.each([
  ['the time-out of the script and 45 s', 60, null, 105_000],
  ['what the caller allows', 60, 9_500, 9_500],
])('the wait ends after %s', async (_name, timeoutSeconds, waitTimeoutMs, endMs) => {
  // A place that cannot be loaded never leaves this state.
  const session = await openSession({ scripts: {}, emulator: { bootDelayMs: 1e9 } });
  const startMs = session.clock.now();
  const error = await catchError(
    runTask(session.parameters('x', timeoutSeconds), { ...session, waitTimeoutMs }),
  );
  expect(error).toMatchObject({
    id: 'LX601',
    kind: 'wait_timeout',
    hint: `luau-exec wait ${error.taskPath}`,
  });
  expect(error.message).toBe(
    `still running after ${Math.round(endMs / 100) / 10} s; stopped waiting, the task goes on`,
  );
  expect(session.clock.now() - startMs).toBe(endMs);
  expect(listEvents(session.events).at(-1)).toBe('failed LX601');
});

test.each([
  ['unknown', { state: 'PAUSED' }, 'PAUSED'],
  ['missing', {}, 'STATE_UNSPECIFIED'],
])('a state that is %s is waited for, and then told', async (_name, fields, state) => {
  const session = await openSession({
    scripts: {},
    intercept: async (request, next) => {
      if (request.method === 'POST') return next(request);
      return answer(200, { path: request.url.pathname.replace('/cloud/v2/', ''), ...fields });
    },
  });
  const error = await catchError(runTask(session.parameters('x'), { ...session, waitTimeoutMs: 20_000 }));
  expect(error).toMatchObject({ id: 'LX601', kind: 'bad_response' });
  expect(error.message).toContain(`in the state ${state}`);
});

test('the deadline ends a read that hangs', async () => {
  const session = await openSession({
    scripts: {},
    intercept: (request, next) => {
      if (request.method === 'POST') return next(request);
      return new Promise((_resolve, reject) => {
        const onAbort = () => reject(exchangeError('aborted', { wasSent: true }));
        request.signal.addEventListener('abort', onAbort);
      });
    },
  });
  const startMs = session.clock.now();
  const error = await catchError(runTask(session.parameters('x'), { ...session, waitTimeoutMs: 20_000 }));
  expect(error).toMatchObject({ id: 'LX601', kind: 'wait_timeout' });
  expect(session.clock.now() - startMs).toBe(20_000);
  expect(session.sent).toHaveLength(2);
});

test('a stop while waiting ends the run with its reason and leaves nothing behind', async () => {
  const session = await openSession({ scripts: { slow: { afterMs: 50_000 } } });
  const stop = new AbortController();
  const reason = new Error('SIGINT');
  const onEvent: typeof session.onEvent = (event) => {
    session.onEvent(event);
    if (event.type === 'heartbeat') stop.abort(reason);
  };
  const pending = runTask(session.parameters('slow'), { ...session, signal: stop.signal, onEvent });
  await expect(pending).rejects.toBe(reason);
  expect(listEvents(session.events)).toEqual(['submitting', 'created', 'state PROCESSING', 'heartbeat']);
  // Only the script on the emulator still sleeps.
  expect(session.clock.pendingSleeps).toBe(1);
});

test('a stop during the create still learns the task', async () => {
  const session = await openSession({
    scripts: { slow: { afterMs: 50_000 } },
    intercept: async (request, next) => {
      if (request.method === 'POST') stop.abort(reason);
      return next(request);
    },
  });
  const stop = new AbortController();
  const reason = new Error('SIGINT');
  const created: unknown[] = [];
  const pending = runTask(session.parameters('slow'), {
    ...session,
    signal: stop.signal,
    onCreated: (task) => void created.push(task.state),
  });
  await expect(pending).rejects.toBe(reason);
  expect(created).toEqual(['PROCESSING']);
  expect(session.sent.map(({ what }) => what)).toEqual(['POST']);
});

test('trouble is told, counted, and ridden out', async () => {
  let reads = 0;
  const session = await openSession({
    scripts: { 'return 1': { afterMs: 5_000 } },
    intercept: async (request, next) => {
      const isRead = request.method === 'GET' && !request.url.pathname.endsWith('/logs');
      if (isRead && ++reads === 2) return answer(503, '<html>');
      if (isRead && reads === 3)
        return answer(429, '', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '9' });
      return next(request);
    },
  });
  const outcome = await runTask(session.parameters('return 1'), session);
  expect(outcome.verdict).toBe('ok');
  expect(outcome.timing).toMatchObject({ retries: 1, throttledMs: 9_200 });
  expect(listEvents(session.events)).toContain('waiting retry');
  expect(listEvents(session.events)).toContain('waiting rate_limit');
});

test('a refusal is told as the last event', async () => {
  const session = await openSession({ scripts: {}, emulator: { apiKey: 'another' } });
  expect(await catchError(runTask(session.parameters('x'), session))).toMatchObject({ id: 'LX401' });
  expect(listEvents(session.events)).toEqual(['submitting', 'failed LX401']);
});

test('logs that cannot be read leave the outcome as it is', async () => {
  const session = await openSession({
    scripts: { 'print(1)': { result: { kind: 'complete', results: [1] } } },
    intercept: async (request, next) =>
      request.url.pathname.endsWith('/logs') ? answer(503, '') : next(request),
  });
  const outcome = await runTask(session.parameters('print(1)'), session);
  expect(outcome).toMatchObject({
    verdict: 'ok',
    logs: { messages: [], complete: false },
    warnings: [{ id: 'LX302' }],
    logsError: { kind: 'unavailable' },
  });
});

test('logs that fill the store are marked', async () => {
  const logs = Array.from({ length: 12_000 }, () => ({ level: 'OUTPUT' as const, message: 'line' }));
  const session = await openSession({ scripts: { 'print(1)': { logs } } });
  const outcome = await runTask(session.parameters('print(1)'), session);
  expect(outcome.logs.lost).toMatchObject({ isFull: true });
  expect(outcome.logs.messages.length).toBeLessThan(12_000);
  expect(outcome.warnings).toMatchObject([{ id: 'LX301' }]);
});

test('a task is submitted by one call and taken up by another', async () => {
  const session = await openSession({
    scripts: { 'return 3': { afterMs: 20_000, result: { kind: 'complete', results: [3] } } },
  });
  const { path } = await submitTask(session.parameters('return 3'), session);
  const outcome = await resumeTask(path, session);
  expect(outcome).toMatchObject({ verdict: 'ok', task: { results: [3] } });
  expect(listEvents(session.events)).toEqual([
    'submitting',
    'created',
    'submitted',
    'resumed',
    'state PROCESSING',
    'state COMPLETE',
    'reading_logs',
    'outcome',
  ]);
  const before = session.sent.length;
  expect(await resumeTask(path, session)).toMatchObject({ verdict: 'ok' });
  expect(session.sent.slice(before).map(({ what }) => what)).toEqual(['GET', 'LOGS']);
});

test('a task that does not exist is not waited for', async () => {
  const session = await openSession({ scripts: {} });
  const path = parseTaskPath('universes/11/places/22/luau-execution-session-tasks/none');
  if (!path) throw new Error('not a path');
  expect(await catchError(resumeTask(path, session))).toMatchObject({ id: 'LX404', kind: 'not_found' });
  expect(listEvents(session.events)).toEqual(['resumed', 'failed LX404']);
});

/** The most reads in one minute of the wall clock. */
function countBusiestMinute(sent: { what: string; atMs: number }[]): number {
  const counts = new Map<number, number>();
  for (const { what, atMs } of sent) {
    const minute = Math.floor(atMs / 60_000);
    if (what === 'GET') counts.set(minute, (counts.get(minute) ?? 0) + 1);
  }
  return Math.max(...counts.values());
}

test.each([
  ['200, as the service says', 200],
  ['45, as its prose says', 45],
])('twelve tasks of two places at once stay within a limit of %s', async (_name, limit) => {
  const warnings: string[] = [];
  const onWarning = (warning: Error) => void warnings.push(warning.message);
  process.on('warning', onWarning);
  const counts = new Map<number, number>();
  const session = await openSession({
    scripts: Object.fromEntries(
      Array.from({ length: 12 }, (_, index) => [`return ${index}`, { afterMs: 5_000 + 15_000 * index }]),
    ),
    intercept: async (request, next) => {
      const response = await next(request);
      if (request.method !== 'GET' || request.url.pathname.endsWith('/logs')) return response;
      // The emulator's own limit is 200; this lays a lower one over it.
      const minute = Math.floor(session.clock.wallNow() / 60_000);
      const count = (counts.get(minute) ?? 0) + 1;
      counts.set(minute, count);
      const headers = {
        ...response.headers,
        'x-ratelimit-limit': `${limit}`,
        'x-ratelimit-remaining': `${Math.max(0, limit - count)}`,
      };
      return count > limit ? answer(429, '', headers) : { ...response, headers };
    },
  });
  const outcomes = await Promise.all(
    Array.from({ length: 12 }, (_, index) => {
      const { client, scheduler, clock } = session;
      const parameters = { ...session.parameters(`return ${index}`, 200), placeId: `${22 + (index % 2)}` };
      return runTask(parameters, { client, scheduler, clock });
    }),
  );
  process.off('warning', onWarning);
  expect(outcomes.map(({ verdict }) => verdict)).toEqual(Array.from({ length: 12 }, () => 'ok'));
  expect(session.sent.filter(({ status }) => status === 429)).toEqual([]);
  expect(countBusiestMinute(session.sent)).toBeLessThanOrEqual(limit);
  // Most of what there is gets used: the others of the key's owner are left a tenth.
  expect(countBusiestMinute(session.sent)).toBeGreaterThan(limit / 2);
  expect(warnings).toEqual([]);
});

test('on this machine a quick script is over at once', async () => {
  const session = await openSession({ scripts: { 'return 1': { afterMs: 30 } }, cadence: 'loopback' });
  const outcome = await runTask(session.parameters('return 1'), session);
  expect(outcome.timing.totalMs).toBeLessThanOrEqual(60);
});

test.each([
  ['of a script that prints nothing is believed', 'QUIET', {}, 1],
  ['of one that names a printing function is read again', 'print', {}, 3],
  ['of one that requires what nobody has seen is read again', 'require(game.X)', {}, 3],
  ['of one that holds all its modules is believed', 'require', { hasForeignModules: false }, 1],
  ['of one whose modules print is read again', 'require print', { hasForeignModules: false }, 3],
])('an empty log %s', async (_name, script, options, reads) => {
  const session = await openSession({ scripts: { [script]: {} } });
  await runTask(session.parameters(script), { ...session, ...options });
  expect(session.sent.filter(({ what }) => what === 'LOGS')).toHaveLength(reads);
});
