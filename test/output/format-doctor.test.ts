import { expect, test } from 'vitest';
import {
  type Check,
  formatDoctor,
  formatDoctorJson,
  formatDoctorSummary,
} from '../../src/output/format-doctor.ts';
import { plainStyle } from '../../src/output/style.ts';

const CHECKS: Check[] = [
  { name: 'key', status: 'ok', detail: 'enabled', hint: null },
  { name: 'key expiry', status: 'warning', detail: 'soon', hint: 'do this' },
  { name: 'scopes', status: 'problem', detail: 'called "\x1b[31mred\nname', hint: null },
  { name: 'place', status: 'not_known', detail: 'not asked', hint: null },
];

test('three columns, hints below', () => {
  expect(formatDoctor(CHECKS, plainStyle)).toBe(
    [
      'ok         key         enabled',
      'warning    key expiry  soon',
      '                       hint: do this',
      'problem    scopes      called "\\x1b[31mred name',
      'not known  place       not asked',
      '',
    ].join('\n'),
  );
});

test('only the words of the status and the label of the hint have colour', () => {
  const mark = (text: string) => `<${text}>`;
  const style = { ...plainStyle, yellow: mark, cyan: mark };
  expect(formatDoctor(CHECKS.slice(1, 2), style)).toBe(
    '<warning  >  key expiry  soon\n                       <hint>: do this\n',
  );
});

test('one line of JSON, safe for a terminal', () => {
  const text = formatDoctorJson(CHECKS, 4);
  expect(text).not.toContain('\x1b');
  expect(text).not.toContain('\n');
  expect(JSON.parse(text)).toEqual({ schema: 'luau-exec.doctor/v1', ok: false, exitCode: 4, checks: CHECKS });
  expect(JSON.parse(formatDoctorJson([], 0))).toMatchObject({ ok: true, exitCode: 0, checks: [] });
});

test.each<[statuses: Check['status'][], expected: string]>([
  [[], 'no problem was found'],
  [['ok', 'not_known'], 'no problem was found'],
  [['warning'], '1 warning'],
  [['warning', 'problem', 'problem'], '2 problems, 1 warning'],
])('%j in words', (statuses, expected) => {
  const checks = statuses.map((status): Check => ({ name: 'x', status, detail: '', hint: null }));
  expect(formatDoctorSummary(checks)).toBe(expected);
});
