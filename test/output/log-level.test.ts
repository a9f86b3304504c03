import { expect, test } from 'vitest';
import type { LogLevel, LogMessage } from '../../src/open-cloud/task.ts';
import { selectLevel } from '../../src/output/log-level.ts';

const LEVELS: readonly LogLevel[] = ['ERROR', 'OUTPUT', 'UNSPECIFIED', 'WARNING', 'INFO'];
const MESSAGES = LEVELS.map((level): LogMessage => ({ time: null, level, message: level }));

test.each<[lowest: LogLevel | null, expected: LogLevel[]]>([
  [null, [...LEVELS]],
  ['OUTPUT', [...LEVELS]],
  ['INFO', ['ERROR', 'UNSPECIFIED', 'WARNING', 'INFO']],
  ['WARNING', ['ERROR', 'UNSPECIFIED', 'WARNING']],
  ['ERROR', ['ERROR', 'UNSPECIFIED']],
])('%s and what is more severe, in order; what the service did not say always', (lowest, expected) => {
  expect(selectLevel(MESSAGES, lowest).map(({ level }) => level)).toEqual(expected);
});
