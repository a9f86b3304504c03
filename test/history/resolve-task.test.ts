import { expect, test } from 'vitest';
import type { JournalRun } from '../../src/history/journal.ts';
import { resolveTask } from '../../src/history/resolve-task.ts';
import { formatTaskPath } from '../../src/open-cloud/task-path.ts';
import { readPath } from '../open-cloud/answers.ts';

const path = (taskId: string) => readPath(`universes/11/places/22/luau-execution-session-tasks/${taskId}`);
const run = (runId: string, taskId: string | null): JournalRun => ({
  runId,
  time: '2026-11-21T09:00:00Z',
  script: `${runId}.luau`,
  origin: 'https://apis.roblox.com',
  path: taskId === null ? null : path(taskId),
});
const RUNS = [run('c', 'task-c'), run('b', null), run('a', 'task-a')];
const FULL = 'universes/1/places/2/versions/3/luau-execution-sessions/s/tasks/t';
const SHORT = 'universes/1/places/2/luau-execution-session-tasks/t';

test.each([
  [undefined, formatTaskPath(path('task-c'))],
  ['@last', formatTaskPath(path('task-c'))],
  ['@1', formatTaskPath(path('task-c'))],
  ['@3', formatTaskPath(path('task-a'))],
  ['task-a', formatTaskPath(path('task-a'))],
  [FULL, FULL],
  [SHORT, SHORT],
  [`/${SHORT}`, SHORT],
  [`https://apis.roblox.com/cloud/v2/${FULL}`, FULL],
  [`https://apis.roblox.com/cloud/v2/${FULL}/logs?view=FLAT#x`, FULL],
  [`http://127.0.0.1:8080/cloud/v2/${SHORT}/?view=BASIC`, SHORT],
])('%s is %s', (reference, expected) => {
  expect(formatTaskPath(resolveTask(reference, RUNS))).toBe(expected);
});

test.each([
  ['@2', 'LX510', 'unknown', 'b.luau was sent at 2026-11-21T09:00:00Z but no answer came'],
  ['@4', 'LX009', 'usage', 'there is no @4: only 3 are remembered'],
  ['@0', 'LX009', 'usage', 'is not a task'],
  ['@-1', 'LX009', 'usage', 'is not a task'],
  ['@99999999', 'LX009', 'usage', 'is not a task'],
  ['', 'LX009', 'usage', 'is not a task'],
  ['task-b', 'LX009', 'usage', '"task-b" is not a task'],
  ['../../x', 'LX009', 'usage', 'is not a task'],
  [`https://apis.roblox.com/cloud/v2/${FULL}/../../x`, 'LX009', 'usage', 'is not a task'],
  [`https://apis.roblox.com/v1/${FULL}`, 'LX009', 'usage', 'is not a task'],
  ['x'.repeat(10_000), 'LX009', 'usage', `"${'x'.repeat(80)}…" is not a task`],
])('%s is refused', (reference, id, kind, message) => {
  const refused = expect.objectContaining({ id, kind, message: expect.stringContaining(message) });
  expect(() => resolveTask(reference, RUNS)).toThrow(refused);
});

test('without any run there is no last one', () => {
  expect(() => resolveTask(undefined, [])).toThrow(
    'there is no @last: no task was sent from this machine to this API yet',
  );
});
