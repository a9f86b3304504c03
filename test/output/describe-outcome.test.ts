import { describe, expect, test } from 'vitest';
import type { LogMessage } from '../../src/open-cloud/task.ts';
import { describeOutcome } from '../../src/output/describe-outcome.ts';
import { createFailedTask, createOutcome, createScriptSource, createTaskFields } from './outcomes.ts';

const source = createScriptSource(
  'src/a.luau',
  'local player = nil\nlocal function f()\n\tprint(player.Name)\nend\nf()\n',
);
const error = (message: string): LogMessage => ({ time: null, level: 'ERROR', message });

function describeFailure(code: string, message: string, logs: LogMessage[] = []) {
  return describeOutcome(createOutcome(createFailedTask(code, message), logs), source);
}

describe('a script error', () => {
  test('names the line of the file, with frame and traceback', () => {
    const message = "TaskScript:3: attempt to index nil with 'Name'";
    const stack =
      "Stack Begin\nScript 'TaskScript', Line 3 - function f\nScript 'TaskScript', Line 5\nStack End";
    expect(describeFailure('SCRIPT_ERROR', message, [error(`${message}\n${stack}`)])).toMatchObject({
      id: 'LX101',
      code: 'SCRIPT_ERROR',
      message: "src/a.luau:3: attempt to index nil with 'Name'",
      facts: [],
      hint: null,
      file: 'src/a.luau',
      line: 3,
      traceback: [
        { file: 'src/a.luau', line: 3, function: 'f' },
        { file: 'src/a.luau', line: 5, function: null },
      ],
      codeFrame:
        '  1 | local player = nil\n  2 | local function f()\n> 3 |     print(player.Name)\n  4 | end',
    });
  });

  test('inside a module points at the line that led there', () => {
    const message = 'ServerScriptService.Mod:365: boom';
    const stack = [
      'Stack Begin',
      `Script '[string "ServerScriptService.Mod"]', Line 365 - function award`,
      "Script 'TaskScript', Line 5",
      'Stack End',
    ].join('\n');
    expect(describeFailure('SCRIPT_ERROR', message, [error(`${message}\n${stack}`)])).toMatchObject({
      message,
      file: 'src/a.luau',
      line: 5,
      traceback: [
        { file: 'ServerScriptService.Mod', line: 365, function: 'award' },
        { file: 'src/a.luau', line: 5, function: null },
      ],
    });
  });

  test.each([
    ['no position', 'boom', { message: 'boom', file: null, line: null, codeFrame: null }],
    ['an empty message', '', { message: 'the script failed and no message was given', line: null }],
    ['several lines', 'TaskScript:1: a\nb', { message: 'src/a.luau:1: a b', line: 1 }],
    ['an empty text', 'TaskScript:1: ', { message: 'src/a.luau:1: ', line: 1 }],
    [
      'a line that the file has not',
      'TaskScript:99: a',
      { message: 'TaskScript:99: a', file: null, codeFrame: null },
    ],
    ['escapes', 'TaskScript:1: \x1b[2J', { message: 'src/a.luau:1: \\x1b[2J' }],
  ])('with %s', (_name, message, expected) => {
    expect(describeFailure('SCRIPT_ERROR', message)).toMatchObject(expected);
  });

  test('shortens an endless message', () => {
    expect(describeFailure('SCRIPT_ERROR', `TaskScript:1: ${'ab '.repeat(999)}`)?.message).toHaveLength(514);
  });

  test('that the service stopped for never yielding gets a hint', () => {
    const message = 'TaskScript:2: Script timeout: exhausted allowed execution time';
    expect(describeFailure('SCRIPT_ERROR', message)?.hint).toContain('task.wait()');
  });

  test('without the source keeps the position of the chunk', () => {
    const failed = createFailedTask('SCRIPT_ERROR', 'TaskScript:1: x');
    expect(describeOutcome(createOutcome(failed), null)).toMatchObject({
      message: 'TaskScript:1: x',
      file: null,
      line: null,
      codeFrame: null,
    });
  });

  test('says so when the traceback may be among the logs that are missing', () => {
    const outcome = createOutcome(createFailedTask('SCRIPT_ERROR', 'TaskScript:1: x'));
    const cut = { ...outcome, logs: { ...outcome.logs, complete: false } };
    expect(describeOutcome(cut, source)?.facts).toEqual(['no traceback: some log messages are missing']);
    expect(describeOutcome(outcome, source)?.facts).toEqual([]);
  });
});

describe('other ends', () => {
  test('success needs no words', () => {
    const task = { ...createTaskFields(), phase: 'complete', state: 'COMPLETE', results: [] } as const;
    expect(describeOutcome(createOutcome({ ...task, results: [] }), source)).toBeNull();
  });

  test('cancelled', () => {
    const task = { ...createTaskFields(), phase: 'cancelled', state: 'CANCELLED' } as const;
    expect(describeOutcome(createOutcome(task), source)).toMatchObject({ id: 'LX202', code: null });
  });

  test.each([
    [300, 'the script did not finish within 300 s and was stopped', 'split the work'],
    [1, 'the script did not finish within 1 s and was stopped', '--timeout 300s'],
    [null, 'the script did not finish in the time allowed and was stopped', '--timeout 300s'],
  ])('deadline of %s s', (timeoutSeconds, message, hint) => {
    const task = { ...createFailedTask('DEADLINE_EXCEEDED', ''), timeoutSeconds };
    const described = describeOutcome(createOutcome(task), source);
    expect(described).toMatchObject({ id: 'LX102', code: 'DEADLINE_EXCEEDED', message, facts: [] });
    expect(described?.hint).toContain(hint);
  });

  test.each([
    ['OUTPUT_SIZE_LIMIT_EXCEEDED', 'LX103', 'the returned values are larger than 4 MB'],
    ['INTERNAL_ERROR', 'LX201', 'Roblox reports an internal error, not a script error'],
    ['ERROR_CODE_UNSPECIFIED', 'LX201', 'the task failed and no reason was given'],
    ['NEW_\x1b_CODE', 'LX201', 'the task failed with an unknown code: NEW_\\x1b_CODE'],
  ])('%j', (code, id, message) => {
    expect(describeFailure(code, 'they\nsay \x07')).toMatchObject({
      id,
      code,
      message,
      facts: ['the service says: "they say \\x07"'],
    });
  });
});
