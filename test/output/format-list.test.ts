import fc from 'fast-check';
import { expect, test } from 'vitest';
import { measureWidth } from '../../src/output/display-width.ts';
import { formatAge, formatList, type ListedTask } from '../../src/output/format-list.ts';
import { plainStyle } from '../../src/output/style.ts';
import { checkProperty } from '../fuzz/check-property.ts';
import { readPath } from '../open-cloud/answers.ts';

const NOW = Date.parse('2026-11-25T18:00:00Z');
const pathOf = (id: string) =>
  readPath(`universes/11/places/22/versions/3/luau-execution-sessions/s/tasks/${id}`);

function listed(position: number, given: Partial<ListedTask> = {}): ListedTask {
  return {
    position,
    script: `script-${position}.luau`,
    target: null,
    universeId: '11',
    placeId: '22',
    timeoutSeconds: 300,
    isCancellable: false,
    isLive: false,
    sentMs: NOW - position * 60_000,
    path: pathOf(`${position}1d2b7c49-a946`),
    state: 'COMPLETE',
    isFinished: true,
    code: null,
    seenMs: NOW - 1_000,
    ...given,
  };
}

const TASKS = [
  listed(1, { state: 'PROCESSING', isFinished: false, target: 'staging' }),
  listed(2, { state: 'FAILED', code: 'SCRIPT_ERROR', script: 'tests/some/folder/inventory.spec.luau' }),
  listed(3, { path: null, state: 'unknown', isFinished: false, script: '-' }),
  listed(10, { state: null, isFinished: false }),
];
const format = (columns: number | null, tasks: readonly ListedTask[] = TASKS) =>
  formatList(tasks, { nowMs: NOW, style: plainStyle, columns }).split('\n');

test('with room for everything, the path', () => {
  const [title, first] = format(200, TASKS.slice(0, 1));
  const path = 'universes/11/places/22/versions/3/luau-execution-sessions/s/tasks/11d2b7c49-a946';
  expect(title).toBe(`    state       age    ${'task'.padEnd(path.length)}  target   script`);
  expect(first).toBe(`@1  PROCESSING  1 min  ${path}  staging  script-1.luau`);
});

test.each([
  [
    80,
    [
      '     state       error         age     task      target   script',
      '@1   PROCESSING  -             1 min   11d2b7c4  staging  script-1.luau',
      '@2   FAILED      SCRIPT_ERROR  2 min   21d2b7c4  11/22    …r/inventory.spec.luau',
      '@3   unknown     -             3 min   -         11/22    -',
      '@10  -           -             10 min  101d2b7c  11/22    script-10.luau',
    ],
  ],
  [
    60,
    [
      '     state       age     task      script',
      '@1   PROCESSING  1 min   11d2b7c4  script-1.luau',
      '@2   FAILED      2 min   21d2b7c4  …lder/inventory.spec.luau',
      '@3   unknown     3 min   -         -',
      '@10  -           10 min  101d2b7c  script-10.luau',
    ],
  ],
  [
    40,
    [
      '     state       age     script',
      '@1   PROCESSING  1 min   script-1.luau',
      '@2   FAILED      2 min   …tory.spec.luau',
      '@3   unknown     3 min   -',
      '@10  -           10 min  script-10.luau',
    ],
  ],
  [
    22,
    [
      '     state       scri…',
      '@1   PROCESSING  …luau',
      '@2   FAILED      …luau',
      '@3   unknown     -',
      '@10  -           …luau',
    ],
  ],
  [10, ['     s…  …', '@1   P…  …', '@2   F…  …', '@3   u…  -', '@10  -   …']],
])('in %i columns', (columns, lines) => {
  expect(format(columns)).toEqual([...lines, '']);
});

test('without a terminal every column is whole, and only the last one may hold blanks', () => {
  const tasks = [
    ...TASKS.slice(0, 2),
    listed(3, { path: null, state: 'unknown', script: 'with some\tblanks .luau' }),
    listed(4, { state: 'TWO WORDS' }),
  ];
  const lines = format(null, tasks).slice(0, -1);
  expect(lines.map((line) => line.split(/ +/))).toEqual([
    [
      '@1',
      'PROCESSING',
      '-',
      '2026-11-25T17:59:00Z',
      'staging',
      expect.stringMatching(/^universes.*946$/),
      'script-1.luau',
    ],
    [
      '@2',
      'FAILED',
      'SCRIPT_ERROR',
      '2026-11-25T17:58:00Z',
      '11/22',
      expect.any(String),
      'tests/some/folder/inventory.spec.luau',
    ],
    ['@3', 'unknown', '-', '2026-11-25T17:57:00Z', '11/22', '-', 'with', 'some', 'blanks', '.luau'],
    ['@4', 'TWO_WORDS', '-', '2026-11-25T17:56:00Z', '11/22', expect.any(String), 'script-4.luau'],
  ]);
});

test('ids are cut to what tells them apart', () => {
  const tasks = [listed(1, { path: pathOf('0195aaaa-bb01') }), listed(2, { path: pathOf('0195aaaa-bb12') })];
  expect(format(60, tasks)[1]).toContain(' 0195aaaa-bb0 ');
});

test('hostile text stays text', () => {
  const [, line] = format(80, [listed(1, { script: '\x1b[2J\u202eevil\nline', state: 'X\x1b[31mY' })]);
  expect(line).toContain('X\\x1b[31mY');
  expect(line).toContain('\\x1b[2J\\u{202e}evil line');
});

test('nothing of nothing', () => {
  expect(formatList([], { nowMs: NOW, style: plainStyle, columns: 80 })).toBe('');
});

test('only the state has colour', () => {
  const mark = (name: string) => (text: string) => `<${name}:${text}>`;
  const style = { ...plainStyle, red: mark('red'), green: mark('green'), yellow: mark('yellow') };
  const text = formatList([...TASKS, listed(11)], { nowMs: NOW, style, columns: 80 });
  expect(text.match(/<[^>]*>/g)).toEqual(['<red:FAILED    >', '<yellow:unknown   >', '<green:COMPLETE  >']);
});

test('no line is ever wider than the terminal', async () => {
  const words = fc.string({ unit: 'grapheme', maxLength: 40 });
  const task = fc.record({
    position: fc.integer({ min: 1, max: 100_000 }),
    script: words,
    target: fc.option(words),
    state: fc.option(words),
    code: fc.option(words),
    sentMs: fc.integer({ min: 0, max: NOW + 10_000 }),
  });
  await checkProperty(
    fc.property(
      fc.array(task, { minLength: 1, maxLength: 5 }),
      fc.integer({ min: 1, max: 150 }),
      (given, columns) => {
        const lines = format(
          columns,
          given.map((each) => listed(each.position, each)),
        );
        expect(lines).toHaveLength(given.length + 2);
        for (const line of lines) expect(measureWidth(line)).toBeLessThanOrEqual(columns);
      },
    ),
  );
});

test.each([
  [-5_000, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 min'],
  [3_599_999, '59 min'],
  [3_600_000, '1 h'],
  [90_000_000, '25 h'],
])('%i ms ago: %s', (ms, expected) => {
  expect(formatAge(ms)).toBe(expected);
});
