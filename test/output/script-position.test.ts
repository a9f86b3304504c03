import { describe, expect, test } from 'vitest';
import type { LogMessage } from '../../src/open-cloud/task.ts';
import {
  findPosition,
  mapLogMessage,
  mapLogs,
  mapPositions,
  type ScriptSource,
} from '../../src/output/script-position.ts';

/** Lines 1 to 9 are ours, 10 to 19 those of `lib/a.luau`, 20 to 29 those of `main.luau`, and there are no more. */
const source: ScriptSource = {
  positionOf: (line) => {
    if (!Number.isInteger(line) || line < 10 || line > 29) return null;
    return { file: line < 20 ? 'lib/a.luau' : 'main.luau', line: (line % 10) + 1, text: '' };
  },
};

describe('a position in a text', () => {
  test.each([
    ['TaskScript:20: boom', 'main.luau:1: boom'],
    ['TaskScript:10', 'lib/a.luau:1'],
    ['TaskScript:20: failed: TaskScript:15: boom', 'main.luau:1: failed: lib/a.luau:6: boom'],
    ['in (TaskScript:20) and "TaskScript:29"', 'in (main.luau:1) and "main.luau:10"'],
    ['see TaskScript:20.', 'see main.luau:1.'],
    ['TaskScript:20, TaskScript:21; TaskScript:22', 'main.luau:1, main.luau:2; main.luau:3'],
    ['TaskScript:20 function f\nTaskScript:21', 'main.luau:1 function f\nmain.luau:2'],
    ['TaskScript:0020', 'main.luau:1'],
    [
      "TaskScript:29: Expected 'end' (to close 'then' at line 15), got <eof>",
      "main.luau:10: Expected 'end' (to close 'then' at lib/a.luau:6), got <eof>",
    ],
  ])('%j becomes %j', (text, mapped) => {
    expect(mapPositions(text, source)).toBe(mapped);
  });

  test.each([
    'MyTaskScript:20: x',
    '_TaskScript:20',
    'a/TaskScript:20',
    'a\\TaskScript:20',
    'a.TaskScript:20',
    'my-TaskScript:20',
    'Workspace:TaskScript:20',
    'TaskScript:20x',
    'TaskScript:20_',
    'TaskScript:20é',
    'TaskScript:20.5',
    'TaskScript:20.5.1',
    'TaskScript:-20',
    'TaskScript: 20',
    'TaskScript:',
    'taskscript:20',
    'TaskScript:3: one of ours',
    "Expected 'end' (to close 'function' at line 3), got ','",
    "Expected ')' (to close '(' at column 20), got 'end'",
    'TaskScript:0',
    'TaskScript:30: beyond the end',
    'TaskScript:99999999999999999999999',
    '',
  ])('%j is none, or in no file', (text) => {
    expect(mapPositions(text, source)).toBe(text);
  });

  test('that is ours is given the place that led there', () => {
    const ours = { file: 'main.luau', line: 7, text: '' };
    expect(mapPositions('TaskScript:3: x, TaskScript:20', source, ours)).toBe('main.luau:7: x, main.luau:1');
  });

  test('may be in a file of any name', () => {
    const odd = { positionOf: () => ({ file: '$& $1 TaskScript:5', line: 1, text: '' }) };
    expect(mapPositions('TaskScript:20: x', odd)).toBe('$& $1 TaskScript:5:1: x');
  });
});

describe('a log message', () => {
  const stack = (...lines: string[]) => ['Stack Begin', ...lines, 'Stack End'].join('\n');

  test('has its stack in the files, without lines of ours', () => {
    const message = [
      'TaskScript:12: boom',
      stack(
        "Script 'TaskScript', Line 12 - function f",
        "Script 'TaskScript', Line 3",
        'Script \'[string "ServerStorage.Mod"]\', Line 12',
        "Script 'TaskScript', Line 25",
        "Script 'TaskScript', Line 9",
      ),
    ].join('\n');
    expect(mapLogMessage(message, source)).toBe(
      [
        'lib/a.luau:3: boom',
        stack(
          "Script 'lib/a.luau', Line 3 - function f",
          'Script \'[string "ServerStorage.Mod"]\', Line 12',
          "Script 'main.luau', Line 6",
        ),
      ].join('\n'),
    );
  });

  test('of a line of ours is that of the first line that is not', () => {
    const message = `TaskScript:4: no module\n${stack("Script 'TaskScript', Line 4", "Script 'TaskScript', Line 22")}`;
    expect(mapLogMessage(message, source)).toBe(
      `main.luau:3: no module\n${stack("Script 'main.luau', Line 3")}`,
    );
  });

  test('has no stack, where there is nothing in it but lines of ours', () => {
    const message = `luau-exec: cancelled run x\n${stack("Script 'TaskScript', Line 3", "Script 'TaskScript', Line 9")}`;
    expect(mapLogMessage(message, source)).toBe('luau-exec: cancelled run x');
    expect(mapLogMessage(`empty\n${stack()}`, source)).toBe('empty');
  });

  test.each([
    ["Script 'TaskScript', Line 30", "Script 'TaskScript', Line 30"],
    // What debug.traceback returns, behind what the script says of it.
    [
      'it broke\nTaskScript:12 function f\nTaskScript:3\nTaskScript:25',
      'it broke\nlib/a.luau:3 function f\nmain.luau:6',
    ],
    ['TaskScript:3\nTaskScript:4: x', 'TaskScript:3\nTaskScript:4: x'],
    [
      `TaskScript:4: x\n${stack('Script \'[string "A"]\', Line 22')}`,
      `TaskScript:4: x\n${stack('Script \'[string "A"]\', Line 22')}`,
    ],
    ["Script 'TaskScript', Line 20 - TaskScript:21", "Script 'main.luau', Line 1 - main.luau:2"],
    [" Script 'TaskScript', Line 20", " Script 'TaskScript', Line 20"],
    ["Script 'MyTaskScript', Line 20", "Script 'MyTaskScript', Line 20"],
    ["Script 'TaskScript', Line x", "Script 'TaskScript', Line x"],
    ['no position at all', 'no position at all'],
  ])('%j becomes %j', (message, mapped) => {
    expect(mapLogMessage(message, source)).toBe(mapped);
  });

  test('is changed where it is an error or a warning', () => {
    const messages = (['ERROR', 'WARNING', 'OUTPUT', 'INFO', 'UNSPECIFIED'] as const).map(
      (level): LogMessage => ({ level, time: null, message: 'TaskScript:20: x' }),
    );
    expect(mapLogs(messages, source).map(({ level, message }) => [level, message])).toEqual([
      ['ERROR', 'main.luau:1: x'],
      ['WARNING', 'main.luau:1: x'],
      ['OUTPUT', 'TaskScript:20: x'],
      ['INFO', 'TaskScript:20: x'],
      ['UNSPECIFIED', 'TaskScript:20: x'],
    ]);
    expect(messages[0]?.message).toBe('TaskScript:20: x');
  });
});

test('the first line that is in a file is found', () => {
  expect(findPosition([3, 99, 15, 20], source)).toMatchObject({ file: 'lib/a.luau', line: 6 });
  expect(findPosition([3, 99], source)).toBeNull();
  expect(findPosition([], source)).toBeNull();
});
