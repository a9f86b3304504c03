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
  expect(formatDoctor(CHECKS, { style: plainStyle, columns: null })).toBe(
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
  expect(formatDoctor(CHECKS.slice(1, 2), { style, columns: 80 })).toBe(
    '<warning  >  key expiry  soon\n                       <hint>: do this\n',
  );
});

test('on a terminal the third column is kept, and the label of a hint counts into its line', () => {
  const check: Check = {
    name: 'api',
    status: 'ok',
    detail: 'reached at https://example.com/v1 by way of a proxy',
    hint: null,
  };
  const checks: Check[] = [
    check,
    { ...check, status: 'warning', detail: 'slow', hint: 'look at the proxy between here and there' },
  ];
  const mark = (text: string) => `<${text}>`;
  expect(formatDoctor(checks, { style: { ...plainStyle, cyan: mark }, columns: 46 })).toBe(
    [
      'ok         api  reached at',
      '                https://example.com/v1 by way',
      '                of a proxy',
      'warning    api  slow',
      '                <hint>: look at the proxy',
      '                between here and there',
      '',
    ].join('\n'),
  );
});

test.each([39, 16, 1])(
  'lines stay whole in %i columns, where too little is left for the third',
  (columns) => {
    const check: Check = {
      name: 'api',
      status: 'ok',
      detail: 'reached, and it answers as the API does',
      hint: null,
    };
    expect(formatDoctor([check], { style: plainStyle, columns })).toBe(
      'ok         api  reached, and it answers as the API does\n',
    );
  },
);

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
