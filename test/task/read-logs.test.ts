import { expect, test } from 'vitest';
import type { FinishedTask, LogMessage } from '../../src/open-cloud/task.ts';
import { isFinished } from '../../src/open-cloud/task.ts';
import { parseTask } from '../../src/open-cloud/wire.ts';
import { createLogWarnings } from '../../src/task/log-warnings.ts';
import { isAtLogLimit, readLogs } from '../../src/task/read-logs.ts';
import { answer, readPath, TASK_PATH } from '../open-cloud/answers.ts';
import { type Step, useClients } from '../open-cloud/client-session.ts';

const openClient = useClients();

function finished(fields: Record<string, unknown>): FinishedTask {
  const task = parseTask(JSON.stringify({ path: TASK_PATH, ...fields }));
  if (!isFinished(task)) throw new Error('not finished');
  return task;
}
const complete = finished({ state: 'COMPLETE' });
const failed = finished({ state: 'FAILED', error: { code: 'SCRIPT_ERROR', message: 'm' } });

const none = answer(200, { luauExecutionSessionTaskLogs: [] });
const silent = answer(200, { luauExecutionSessionTaskLogs: [{ messages: [] }] });
const hello = answer(200, { luauExecutionSessionTaskLogs: [{ structuredMessages: [{ message: 'hello' }] }] });
const denied = answer(403, '');

test.each<
  [name: string, task: FinishedTask, mayPrint: boolean, steps: Step[], texts: string[], timesMs: number[]]
>([
  ['filled', complete, true, [hello], ['hello'], [0]],
  ['filled 1 s later', complete, false, [none, hello], ['hello'], [0, 1_000]],
  ['filled 3 s later', complete, true, [silent, none, hello], ['hello'], [0, 1_000, 3_000]],
  ['not there for 3 s', complete, false, [none, none, none], [], [0, 1_000, 3_000]],
  ['silent, of a script that never prints', complete, false, [silent], [], [0]],
  ['silent, of a script that may print', complete, true, [silent, silent, silent], [], [0, 1_000, 3_000]],
  ['silent, of a script that failed', failed, false, [silent, hello], ['hello'], [0, 1_000]],
  ['forbidden', failed, true, [denied], [], [0]],
  ['not there, then forbidden', complete, true, [none, denied], [], [0, 1_000]],
])('logs that are %s', async (_name, task, mayPrint, steps, texts, expected) => {
  const { client, clock, timesMs } = openClient(steps);
  const signal = new AbortController().signal;
  const { logs, error } = await readLogs(task, { client, clock, signal, mayPrint });
  const isDenied = steps.includes(denied);
  expect(logs.messages.map(({ message }) => message)).toEqual(texts);
  expect(logs).toMatchObject({ complete: !isDenied, truncatedHead: false });
  expect(error?.kind ?? null).toBe(isDenied ? 'auth' : null);
  expect(timesMs).toEqual(expected);
});

test('a signal ends the wait for logs that may come', async () => {
  const reason = new Error('SIGINT');
  const stop = new AbortController();
  const { client, clock } = openClient([
    async () => {
      setImmediate(() => stop.abort(reason));
      return none;
    },
  ]);
  const pending = readLogs(complete, { client, clock, signal: stop.signal, mayPrint: true });
  await expect(pending).rejects.toBe(reason);
});

const line = (length: number): LogMessage => ({ time: null, level: 'OUTPUT', message: 'x'.repeat(length) });
const lines = (count: number, length: number) => Array.from({ length: count }, () => line(length));
test.each<[name: string, messages: LogMessage[], expected: boolean]>([
  ['none', [], false],
  ['4,600 lines of 50', lines(4_600, 50), true],
  ['4,000 lines of 50', lines(4_000, 50), false],
  ['44 of 10,000: one more would not have fitted', lines(44, 10_000), true],
  ['40 of 10,000', lines(40, 10_000), false],
  ['4 of 100,000', lines(4, 100_000), true],
  ['one of 300,000', lines(1, 300_000), false],
  ['one of 449,000', lines(1, 449_000), true],
  ['a long one after short ones', [...lines(100, 50), line(300_000)], false],
])('at the limit with %s: %s', (_name, messages, expected) => {
  expect(isAtLogLimit(messages)).toBe(expected);
});

test('warnings: what was dropped, what could not be read, and how to read it again', async () => {
  const logs = { messages: [], complete: true, truncatedHead: false };
  expect(createLogWarnings(readPath(), logs, null)).toEqual([]);
  expect(createLogWarnings(readPath(), { ...logs, truncatedHead: true }, null)).toMatchObject([
    { id: 'LX301' },
  ]);

  const down = await openClient(Array.from({ length: 5 }, () => answer(503))).client.listLogs(readPath());
  const once = await openClient([denied]).client.listLogs(readPath());
  const page = answer(200, { nextPageToken: 'x' });
  const endless = await openClient([page, page]).client.listLogs(readPath());
  const describe = (reading: typeof down) => createLogWarnings(readPath(), logs, reading.error)[0];
  expect(describe(down)).toEqual({
    id: 'LX302',
    message: 'logs could not be read whole (HTTP 503, 5 tries); the result is complete',
    hint: `luau-exec logs ${TASK_PATH}`,
  });
  expect(describe(once)?.message).toContain('(HTTP 403, 1 try)');
  expect(describe(endless)?.message).toContain('(a page of the logs names itself as the next)');
});
