import { describe, expect, test } from 'vitest';
import type { LogMessage } from '../../src/open-cloud/task.ts';
import { findErrorLog, parseStack } from '../../src/output/traceback.ts';

describe('parseStack', () => {
  test.each([
    ['no stack', 'hello', []],
    ['an empty one', 'x\nStack Begin\nStack End', []],
    [
      'scripts and modules',
      [
        'TaskScript:12: boom',
        'Stack Begin',
        "Script 'TaskScript', Line 12 - function f",
        `Script '[string "ServerScriptService.Pkg.Mod"]', Line 365 - function award`,
        "Script 'ServerScriptService.Odd 'Name'', Line 3",
        'Stack End',
        "Script 'TaskScript', Line 99",
      ].join('\n'),
      [
        { chunk: 'TaskScript', line: 12, function: 'f' },
        { chunk: 'ServerScriptService.Pkg.Mod', line: 365, function: 'award' },
        { chunk: "ServerScriptService.Odd 'Name'", line: 3, function: null },
      ],
    ],
    [
      'Windows line ends, no end, and a line of another form',
      "x\r\nStack Begin\r\nScript 'TaskScript', Line 1\r\n[C] in ?\r\n",
      [{ chunk: 'TaskScript', line: 1, function: null }],
    ],
    ['words that only look like a stack', "he said Stack Begin\nScript 'TaskScript', Line 1", []],
  ])('%s', (_name, text, stack) => expect(parseStack(text)).toEqual(stack));
});

describe('findErrorLog', () => {
  const log = (message: string, level: LogMessage['level'] = 'ERROR'): LogMessage => ({
    time: null,
    level,
    message,
  });
  const spawned = log('TaskScript:3: in a thread\nStack Begin\nStack End');
  const main = log('TaskScript:9: the end\nStack Begin\nStack End');

  test.each([
    ['the one with the same text', [main, spawned], main],
    [
      'else the last one',
      [spawned, log('other\nStack Begin\nStack End')],
      log('other\nStack Begin\nStack End'),
    ],
    ['only one with a stack', [log('TaskScript:9: the end')], null],
    ['only an error', [log('TaskScript:9: the end\nStack Begin', 'OUTPUT')], null],
    ['none', [], null],
  ])('%s', (_name, messages, expected) => {
    expect(findErrorLog(messages, 'TaskScript:9: the end')).toEqual(expected);
  });
});
