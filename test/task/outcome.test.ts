import { expect, test } from 'vitest';
import { isFinished } from '../../src/open-cloud/task.ts';
import { parseTask } from '../../src/open-cloud/wire.ts';
import { decideVerdict, type Verdict } from '../../src/task/outcome.ts';
import { TASK_PATH } from '../open-cloud/answers.ts';

const failed = (code?: string, message?: string) => ({
  state: 'FAILED',
  ...(code === undefined ? {} : { error: { code, ...(message && { message }) } }),
});
test.each<[fields: Record<string, unknown>, verdict: Verdict]>([
  [{ state: 'COMPLETE' }, 'ok'],
  [failed('SCRIPT_ERROR'), 'script_failed'],
  [failed('DEADLINE_EXCEEDED'), 'script_failed'],
  [failed('OUTPUT_SIZE_LIMIT_EXCEEDED'), 'script_failed'],
  [failed('INTERNAL_ERROR'), 'remote_failed'],
  [failed('NEW_CODE'), 'remote_failed'],
  [failed(), 'remote_failed'],
  [{ state: 'CANCELLED' }, 'cancelled'],
  [failed('SCRIPT_ERROR', 'luau-exec: cancelled run mgxk3b9f-4fzyo82mvyr'), 'cancelled'],
  [failed('SCRIPT_ERROR', 'TaskScript:1: luau-exec: cancelled run mgxk3b9f-4fzyo82mvyr'), 'script_failed'],
])('%j is %s', (fields, verdict) => {
  const task = parseTask(JSON.stringify({ path: TASK_PATH, ...fields }));
  expect(isFinished(task) && decideVerdict(task)).toBe(verdict);
});
