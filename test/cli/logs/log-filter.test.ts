import { describe, expect, test } from 'vitest';
import { filterLogs, parseLogFilter } from '../../../src/cli/logs/log-filter.ts';
import type { LogsOptions } from '../../../src/cli/shared-options.ts';
import type { LogMessage } from '../../../src/open-cloud/task.ts';
import { catchError } from '../../config/catch-error.ts';

/** `09:00:SS`; the order is that of printing. */
const log = (seconds: number | null, level: LogMessage['level'], message: string): LogMessage => ({
  time: seconds === null ? null : `2026-11-21T09:00:${String(seconds).padStart(2, '0')}.5Z`,
  level,
  message,
});

const MESSAGES = [
  log(1, 'OUTPUT', 'one'),
  log(2, 'WARNING', 'two'),
  log(9, 'INFO', 'nine'),
  log(8, 'OUTPUT', 'eight, after nine'),
  log(null, 'UNSPECIFIED', 'some time'),
  log(8, 'ERROR', 'eight, again'),
];

describe('what passes', () => {
  test.each<[options: LogsOptions, expected: string[]]>([
    [{}, MESSAGES.map(({ message }) => message)],
    [{ level: 'warning' }, ['two', 'some time', 'eight, again']],
    [{ level: 'ERROR' }, ['some time', 'eight, again']],
    [{ grep: 'eight' }, ['eight, after nine', 'eight, again']],
    [{ tail: '2' }, ['some time', 'eight, again']],
    [{ tail: '0' }, []],
    [{ tail: '99' }, MESSAGES.map(({ message }) => message)],
    [{ since: '1s' }, ['nine', 'eight, after nine', 'some time', 'eight, again']],
    [{ since: '0s' }, ['nine', 'some time']],
    [{ since: '2026-11-21T09:00:08.500Z' }, ['nine', 'eight, after nine', 'some time', 'eight, again']],
    [{ since: '2026-11-21T09:00:08.501Z' }, ['nine', 'some time']],
    [{ since: '2027-01-01T00:00:00Z' }, ['some time']],
    [
      { level: 'output', grep: 'e', since: '7s', tail: '3' },
      ['eight, after nine', 'some time', 'eight, again'],
    ],
    // The newest message counts, shown or not.
    [{ level: 'warning', since: '7s' }, ['two', 'some time', 'eight, again']],
    [{ level: 'warning', since: '6s' }, ['some time', 'eight, again']],
    [{ grep: 'one|two', tail: '1' }, ['two']],
  ])('%j', async (options, expected) => {
    const kept = filterLogs(MESSAGES, await parseLogFilter(options));
    expect(kept.map(({ message }) => message)).toEqual(expected);
  });

  test('messages without times pass --since', async () => {
    const messages = [log(null, 'OUTPUT', 'a'), { ...log(1, 'OUTPUT', 'b'), time: 'soon' }];
    expect(filterLogs(messages, await parseLogFilter({ since: '1s' }))).toEqual(messages);
    expect(filterLogs([], await parseLogFilter({ since: '1s', tail: '3' }))).toEqual([]);
  });
});

test.each<[options: LogsOptions, message: string, hint: RegExp]>([
  [{ level: 'warn' }, '--level "warn" is not a level of log messages', /^--level warning$/],
  [{ level: 'eror' }, '--level "eror" is not a level of log messages', /^--level error$/],
  [{ level: '' }, '--level "" is not a level of log messages', /^use output, info, warning or error$/],
  [{ level: 'unspecified' }, '--level "unspecified" is not', /^use /],
  [{ tail: '-1' }, '--tail "-1" is not a number of messages', /whole number/],
  [{ tail: '1.5' }, '--tail "1.5" is not', /whole number/],
  [{ tail: '1e3' }, '--tail "1e3" is not', /whole number/],
  [{ tail: '' }, '--tail "" is not', /whole number/],
  [{ since: 'noon' }, '--since "noon" is neither', /write a duration/],
  [{ grep: '(' }, '--grep is not a regular expression', /put/],
])('%j is refused', async (options, message, hint) => {
  const error = await catchError(() => parseLogFilter(options));
  expect(error).toMatchObject({ id: 'LX011', kind: 'usage' });
  expect(error.message).toContain(message);
  expect(error.hint).toMatch(hint);
});
