import { expect, test } from 'vitest';
import type { FinishedTask, LogMessage } from '../../src/open-cloud/task.ts';
import { isFinished } from '../../src/open-cloud/task.ts';
import { parseTask } from '../../src/open-cloud/wire.ts';
import { createLogWarnings } from '../../src/task/log-warnings.ts';
import { findLostLogs } from '../../src/task/lost-logs.ts';
import { readLogs } from '../../src/task/read-logs.ts';
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
  expect(logs).toMatchObject({ complete: !isDenied, lost: null });
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

const whole = { messages: [], complete: true, lost: null };

test('warnings: what could not be read, and how to read it again', async () => {
  expect(createLogWarnings(complete, whole, null)).toEqual([]);
  const down = await openClient(Array.from({ length: 5 }, () => answer(503))).client.listLogs(readPath());
  const once = await openClient([denied]).client.listLogs(readPath());
  const page = answer(200, { nextPageToken: 'x' });
  const endless = await openClient([page, page]).client.listLogs(readPath());
  const describe = (reading: typeof down) => createLogWarnings(complete, whole, reading.error)[0];
  expect(describe(down)).toEqual({
    id: 'LX302',
    message: 'logs could not be read whole (HTTP 503, 5 tries); the result is complete',
    hint: `luau-exec logs ${TASK_PATH}`,
  });
  expect(describe(once)?.message).toContain('(HTTP 403, 1 try)');
  expect(describe(endless)?.message).toContain('(the logs do not end: a page names itself as the next)');
});

/** `count` messages of `length` characters, one each second, the first so many seconds after the create. */
function printEachSecond(count: number, length: number, fromSeconds: number | null): LogMessage[] {
  return Array.from({ length: count }, (_, index) => ({
    time: fromSeconds === null ? null : new Date((fromSeconds + index) * 1000).toISOString(),
    level: 'OUTPUT',
    message: 'x'.repeat(length),
  }));
}

const EVEN = '; if the script printed evenly, ';
test.each<[words: string, messages: LogMessage[]]>([
  [
    'early log messages are probably missing: the 4,600 messages here fill the 450 KB that Roblox keeps',
    printEachSecond(4_600, 50, null),
  ],
  [
    'the 1 message here fills the 450 KB that Roblox keeps; the first was printed 12.3 s after the create',
    printEachSecond(1, 449_000, 12.34),
  ],
  [
    'early log messages may be missing: the 4 messages here leave little of the 450 KB that Roblox keeps; the',
    printEachSecond(4, 100_000, 90),
  ],
  // 10,000 bytes a second, from the create on or from 45 s after it.
  [
    `; the first was printed 30.0 s after the create${EVEN}at most 300 KB came before`,
    printEachSecond(45, 9_953, 30),
  ],
  [`${EVEN}about 730 KB came before`, printEachSecond(45, 9_953, 100)],
  [`${EVEN}about 1.7 MB came before`, printEachSecond(45, 9_953, 199)],
])('the warning of lost messages: … %s', (words, messages) => {
  const task = { ...complete, createTime: '1970-01-01T00:00:00Z', timeoutSeconds: 300 };
  const [warning] = createLogWarnings(task, { ...whole, messages, lost: findLostLogs(messages, task) }, null);
  expect(warning).toMatchObject({ id: 'LX301', hint: null });
  expect(warning?.message).toContain(words);
});
