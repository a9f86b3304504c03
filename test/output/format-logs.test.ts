import { expect, test } from 'vitest';
import type { LogLevel, LogMessage } from '../../src/open-cloud/task.ts';
import { formatLogs } from '../../src/output/format-logs.ts';
import { createStyle, plainStyle } from '../../src/output/style.ts';

const plain = { style: plainStyle, isTerminal: false, hasTimestamps: true };
const log = (time: string | null, message: string, level: LogLevel = 'OUTPUT'): LogMessage => ({
  time,
  level,
  message,
});

test('every line has a time, in UTC and always as wide', () => {
  const messages = [
    log('2026-11-21T09:00:07Z', 'no fraction'),
    log('2026-11-21T09:00:07.1234567Z', 'two\n\nlines and none between', 'WARNING'),
    log('2026-11-21T11:00:07.5+02:00', '\x1b[2J', 'ERROR'),
    log('2026-11-21T09:00:08.25Z', ''),
    log(null, 'at no time'),
    log('\x1b[31m', 'at an odd time'),
  ];
  expect(formatLogs(messages, plain)).toBe(
    [
      '2026-11-21T09:00:07.000Z no fraction',
      '2026-11-21T09:00:07.123Z [warning] two',
      '2026-11-21T09:00:07.123Z',
      '2026-11-21T09:00:07.123Z lines and none between',
      '2026-11-21T09:00:07.500Z [error] \\x1b[2J',
      '2026-11-21T09:00:08.250Z',
      '-                        at no time',
      '-                        at an odd time',
      '',
    ].join('\n'),
  );
});

test('the colour of a message ends with each line and leaves the time alone', async () => {
  const style = await createStyle({ stream: { write: () => true }, env: {}, colorFlag: true });
  const text = formatLogs([log('2026-11-21T09:00:07Z', 'a\nb', 'ERROR')], { ...plain, style });
  const time = style.dim('2026-11-21T09:00:07.000Z');
  expect(text).toBe(`${time} ${style.red('[error] a')}\n${time} ${style.red('b')}\n`);
});

test('without it there is none', () => {
  expect(formatLogs([log('2026-11-21T09:00:07Z', 'a\nb')], { ...plain, hasTimestamps: false })).toBe(
    'a\nb\n',
  );
});
