import { expect, test } from 'vitest';
import type { JournalRun } from '../../src/history/journal-run.ts';
import { resolveTask } from '../../src/history/resolve-task.ts';
import { formatTaskPath } from '../../src/open-cloud/task-path.ts';
import { readPath } from '../open-cloud/answers.ts';
import { facts, SENT } from './journal-lines.ts';

const path = (taskId: string) => readPath(`universes/11/places/22/luau-execution-session-tasks/${taskId}`);
const run = (runId: string, taskId: string | null): JournalRun => ({
  facts: facts(runId),
  sentMs: Date.parse(SENT),
  createdMs: null,
  path: taskId === null ? null : path(taskId),
  seen: null,
});
const RUNS = [run('c', 'task-c-1234'), run('b', null), run('a', 'task-a'), run('d', 'task-c-1299')];
const FULL = 'universes/1/places/2/versions/3/luau-execution-sessions/s/tasks/t';
const SHORT = 'universes/1/places/2/luau-execution-session-tasks/t';

test.each([
  [undefined, formatTaskPath(path('task-c-1234'))],
  ['@last', formatTaskPath(path('task-c-1234'))],
  ['@1', formatTaskPath(path('task-c-1234'))],
  ['@3', formatTaskPath(path('task-a'))],
  ['task-a', formatTaskPath(path('task-a'))],
  ['task-c-1234', formatTaskPath(path('task-c-1234'))],
  ['task-c-123', formatTaskPath(path('task-c-1234'))],
  [FULL, FULL],
  [SHORT, SHORT],
  [`/${SHORT}`, SHORT],
  [`https://apis.roblox.com/cloud/v2/${FULL}`, FULL],
  [`https://apis.roblox.com/cloud/v2/${FULL}/logs?view=FLAT#x`, FULL],
  [`http://127.0.0.1:8080/cloud/v2/${SHORT}/?view=BASIC`, SHORT],
])('%s is %s', (reference, expected) => {
  expect(formatTaskPath(resolveTask(reference, RUNS).path)).toBe(expected);
});

test.each([
  ['@2', 'LX510', 'unknown', 'b.luau was sent at 2026-11-21T09:00:00.000Z but no answer came'],
  ['@5', 'LX009', 'usage', 'there is no @5: only 4 are remembered'],
  ['@0', 'LX009', 'usage', 'is not a task'],
  ['@-1', 'LX009', 'usage', 'is not a task'],
  ['@99999999', 'LX009', 'usage', 'is not a task'],
  ['', 'LX009', 'usage', 'is not a task'],
  ['task-c-12', 'LX009', 'usage', 'several tasks have an id that begins with "task-c-12"'],
  ['task-c-', 'LX009', 'usage', '"task-c-" is not a task'],
  ['task-b', 'LX009', 'usage', '"task-b" is not a task'],
  ['../../x', 'LX009', 'usage', 'is not a task'],
  [`https://apis.roblox.com/cloud/v2/${FULL}/../../x`, 'LX009', 'usage', 'is not a task'],
  [`https://apis.roblox.com/v1/${FULL}`, 'LX009', 'usage', 'is not a task'],
  ['x'.repeat(10_000), 'LX009', 'usage', `"${'x'.repeat(80)}…" is not a task`],
])('%s is refused', (reference, id, kind, message) => {
  const refused = expect.objectContaining({ id, kind, message: expect.stringContaining(message) });
  expect(() => resolveTask(reference, RUNS)).toThrow(refused);
});

test.each([
  [formatTaskPath(path('task-a')), 'a'],
  ['@3', 'a'],
  ['task-c-123', 'c'],
  [formatTaskPath(path('task-c-12')), null],
  [FULL, null],
])('%s was the run %s', (reference, runId) => {
  expect(resolveTask(reference, RUNS).run?.facts.runId ?? null).toBe(runId);
});

test.each([
  [[], 'there is no @last: no task sent from this machine to this API is remembered'],
  [RUNS.slice(0, 1), 'there is no @2: only 1 is remembered'],
])('where the journal does not go back that far, it says for how long it does', (runs, message) => {
  const reference = runs.length === 0 ? undefined : '@2';
  const refused = expect.objectContaining({ message, facts: [expect.stringContaining('for 24 h after')] });
  expect(() => resolveTask(reference, runs)).toThrow(refused);
});
