import { describe, expect, test } from 'vitest';
import type { LogMessage } from '../../src/open-cloud/task.ts';
import { parseTask } from '../../src/open-cloud/wire.ts';
import { isCancelled, readEndCode, unwrapLogs } from '../../src/task/harness-marks.ts';
import { TASK_PATH } from '../open-cloud/answers.ts';

const logged = (level: LogMessage['level'], message: string): LogMessage => ({ time: null, level, message });
const taskOf = (fields: object) => parseTask(JSON.stringify({ path: TASK_PATH, ...fields }));
const failedWith = (message: string) => taskOf({ state: 'FAILED', error: { code: 'SCRIPT_ERROR', message } });
const STACK = 'luau-exec: error stack\n';
const ERROR = "TaskScript:2: no\nStack Begin\nScript 'TaskScript', Line 90\nStack End";

describe('a task', () => {
  test.each([
    ['in the state CANCELLED', taskOf({ state: 'CANCELLED' }), true, null],
    ['that its harness has ended', failedWith('luau-exec: cancelled run abc-1'), true, 'CANCELLED'],
    ['with an error of its own', failedWith('TaskScript:1: x'), false, 'SCRIPT_ERROR'],
    ['that says more', failedWith('luau-exec: cancelled run abc-1 or so'), false, 'SCRIPT_ERROR'],
    ['that talks of it', failedWith('it said luau-exec: cancelled run abc-1'), false, 'SCRIPT_ERROR'],
    ['that is well', taskOf({ state: 'COMPLETE' }), false, null],
    ['that goes on', taskOf({ state: 'PROCESSING' }), false, null],
  ])('%s', (_, task, isStopped, code) => {
    expect([isCancelled(task), readEndCode(task)]).toEqual([isStopped, code]);
  });
});

describe('the stack that was told beforehand', () => {
  test('comes where the engine would have put it', () => {
    const messages = [
      logged('OUTPUT', 'before'),
      logged(
        'WARNING',
        `${STACK}TaskScript:2 function f\nServerScriptService.Mod:7\n[C]\nx:1 or so\nTaskScript:5\n`,
      ),
      logged('ERROR', ERROR),
    ];
    expect(unwrapLogs(messages).map(({ message }) => message)).toEqual([
      'before',
      "TaskScript:2: no\nStack Begin\nScript 'TaskScript', Line 2 - function f\nScript 'ServerScriptService.Mod', Line 7\nScript 'TaskScript', Line 5\nStack End",
    ]);
  });

  test.each([
    [
      'an error without a stack follows',
      [logged('WARNING', `${STACK}TaskScript:2\n`), logged('ERROR', 'plain')],
    ],
    ['nothing follows', [logged('WARNING', `${STACK}TaskScript:2\n`)]],
    ['there is none', [logged('OUTPUT', 'before'), logged('ERROR', ERROR)]],
  ])('is told as it is where %s', (_, messages) => {
    expect(unwrapLogs(messages)).toEqual(messages);
  });

  test('is only the last one before the error', () => {
    const messages = [
      logged('WARNING', `${STACK}TaskScript:1\n`),
      logged('WARNING', `${STACK}TaskScript:2\n`),
      logged('ERROR', ERROR),
    ];
    expect(unwrapLogs(messages)).toHaveLength(2);
  });

  test('ends where the harness cut it off, and after 100 lines', () => {
    const long = `${STACK}${'TaskScript:1 function recurse\n'.repeat(400)}`.slice(0, STACK.length + 8_000);
    const [error] = unwrapLogs([logged('WARNING', long), logged('ERROR', ERROR)]);
    expect(error?.message.split('\n')).toHaveLength(103);
    // What is left of the last line would be another place.
    const cut = `${STACK}${'a'.repeat(7_984)}:12\nTaskScript:1`;
    const [short] = unwrapLogs([logged('WARNING', cut), logged('ERROR', ERROR)]);
    expect(cut).toHaveLength(STACK.length + 8_000);
    expect(short?.message.split('\n')).toHaveLength(4);
  });

  test('is known without levels too', () => {
    const messages = [logged('UNSPECIFIED', `${STACK}TaskScript:2`), logged('UNSPECIFIED', ERROR)];
    expect(unwrapLogs(messages).map(({ message }) => message)).toEqual([
      "TaskScript:2: no\nStack Begin\nScript 'TaskScript', Line 2\nStack End",
    ]);
  });
});

test('a warning that talks of the harness stays as it is', () => {
  const messages = [logged('WARNING', 'x luau-exec: cancelling may not work: TaskScript:82: no')];
  expect(unwrapLogs(messages)).toEqual(messages);
});

test('a warning of the harness does not name its own line', () => {
  const warning = 'luau-exec: cancelling may not work: TaskScript:82: TotalRequestsOverLimit: no';
  expect(
    unwrapLogs([logged('WARNING', warning), logged('OUTPUT', warning)]).map(({ message }) => message),
  ).toEqual(['luau-exec: cancelling may not work: TotalRequestsOverLimit: no', warning]);
});
