import { expect, test } from 'vitest';
import type { CompleteTask, JsonValue } from '../../src/open-cloud/task.ts';
import { readGuardMark } from '../../src/task/guard-mark.ts';
import { createFailedTask, createTaskFields } from '../output/outcomes.ts';

const MARK = 'luau-exec: wants place version 34 (mf5abc-x1y2z3)';

test('what a guard returned is known by its words, and says which version the server runs', () => {
  const task = complete([MARK, 33]);
  expect(readGuardMark(task)).toEqual({ mark: MARK, foundVersion: 33 });
  const short = 'luau-exec: wants place version 5 (a-b_c-d1)';
  expect(readGuardMark(complete([short, 1234]))).toEqual({ mark: short, foundVersion: 1234 });
});

test.each([
  ['other values', [1, 2]],
  ['the words alone', [MARK]],
  ['more than the words', [MARK, 33, 1]],
  ['words behind others', [`so ${MARK}`, 33]],
  ['other words', [`${MARK} or so`, 33]],
  ['words without what makes them unlike others', ['luau-exec: wants place version 34', 33]],
  ['a version that is the one that is wanted', [MARK, 34]],
  ['a version that is no number', [MARK, '33']],
])('%s are no mark', (_name, results) => {
  expect(readGuardMark(complete(results))).toBeNull();
});

test('a task whose script failed has no mark', () => {
  expect(readGuardMark(createFailedTask('SCRIPT_ERROR', MARK))).toBeNull();
});

function complete(results: JsonValue[]): CompleteTask {
  return { ...createTaskFields(), phase: 'complete', state: 'COMPLETE', results };
}
