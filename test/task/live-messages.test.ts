import { describe, expect, test } from 'vitest';
import type { JsonValue, LogMessage } from '../../src/open-cloud/task.ts';
import { findShown, parseLiveBatch } from '../../src/task/live-messages.ts';

const said = (message: string): LogMessage => ({ time: null, level: 'OUTPUT', message });
const kept = (...texts: string[]) => texts.map(said);
const live = (entries: readonly (readonly [number, string])[]) =>
  new Map(entries.map(([number, text]) => [number, said(text)]));
const shownIn = (texts: string[], entries: readonly (readonly [number, string])[]) => [
  ...findShown(kept(...texts), live(entries)).indexes,
];

describe('a batch', () => {
  test('has numbered messages with level and time', () => {
    const batch = parseLiveBatch([
      7,
      ['a', 0, 1_795_000_000],
      0,
      ['b', 2, 1_795_000_001],
      ['c', 3],
      ['d', 1],
    ]);
    expect([...batch]).toEqual([
      [7, { time: '2026-11-18T11:06:40.000Z', level: 'OUTPUT', message: 'a' }],
      [9, { time: '2026-11-18T11:06:41.000Z', level: 'WARNING', message: 'b' }],
      [10, { time: null, level: 'ERROR', message: 'c' }],
      [11, { time: null, level: 'INFO', message: 'd' }],
    ]);
  });

  test.each<JsonValue>([
    null,
    5,
    'x',
    {},
    [],
    ['a'],
    [0, ['a', 0, 1]],
    [1.5, ['a', 0, 1]],
    [2 ** 60, ['a', 0, 1]],
  ])('that is %j has none', (value) => {
    expect([...parseLiveBatch(value)]).toEqual([]);
  });

  test('has no level and no time where they are none', () => {
    expect([...parseLiveBatch([1, ['a', '1', '1795000000']])]).toEqual([
      [1, { time: null, level: 'UNSPECIFIED', message: 'a' }],
    ]);
  });

  test.each<JsonValue>([null, 'a', 5, {}, [], [5, 0, 1], [null]])('has no message that is %j', (entry) => {
    expect([...parseLiveBatch([1, entry, ['b', 9, 1e99]])]).toEqual([
      [2, { time: null, level: 'UNSPECIFIED', message: 'b' }],
    ]);
  });
});

describe('of the kept messages were shown', () => {
  test.each<[name: string, kept: string[], live: [number, string][], shown: number[]]>([
    ['none, where none came', ['a', 'b'], [], []],
    [
      'all that came',
      ['a', 'b'],
      [
        [1, 'a'],
        [2, 'b'],
      ],
      [0, 1],
    ],
    [
      'those without the ones that did not fit',
      ['a', 'b', 'c', 'd'],
      [
        [1, 'a'],
        [4, 'd'],
      ],
      [0, 3],
    ],
    [
      'those that are left, where the oldest are gone',
      ['c', 'd', 'e'],
      [
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
        [4, 'd'],
      ],
      [0, 1],
    ],
    [
      'alike ones by their numbers',
      ['x', 'x', 'x', 'y'],
      [
        [2, 'x'],
        [4, 'y'],
      ],
      [1, 3],
    ],
    [
      'alike ones, where nothing else is said',
      ['x', 'x', 'x'],
      [
        [1, 'x'],
        [2, 'x'],
      ],
      [0, 1],
    ],
    [
      'all, where Roblox logs more than comes live',
      ['a', 'note', 'b', 'c'],
      [
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ],
      [0, 2, 3],
    ],
    [
      'none that was never kept',
      ['a', 'c'],
      [
        [1, 'a'],
        [2, 'b'],
        [3, 'c'],
      ],
      [0, 1],
    ],
    [
      'none of another run',
      ['a', 'b'],
      [
        [1, 'y'],
        [2, 'z'],
      ],
      [],
    ],
    [
      'each once',
      ['a', 'a'],
      [
        [1, 'a'],
        [2, 'a'],
        [3, 'a'],
      ],
      [0, 1],
    ],
    [
      'all, in whatever order they came',
      ['x', 'x'],
      [
        [2, 'x'],
        [1, 'x'],
      ],
      [0, 1],
    ],
    [
      'an alike one behind those that were found',
      ['x', 'x', 'z'],
      [
        [1, 'x'],
        [2, 'q'],
        [3, 'x'],
      ],
      [0, 1],
    ],
    [
      'those that most of them speak for',
      ['x', 'x', 'u', 'v', 'k'],
      [
        [1, 'k'],
        [3, 'x'],
        [4, 'u'],
        [5, 'v'],
      ],
      [1, 2, 3],
    ],
    [
      'none that is too far from where it should be',
      ['a', ...Array.from({ length: 50 }, () => 'other'), 'b'],
      [
        [1, 'a'],
        [2, 'b'],
      ],
      [0],
    ],
    [
      'one that is as far as may be',
      ['a', ...Array.from({ length: 49 }, () => 'other'), 'b'],
      [
        [1, 'a'],
        [2, 'b'],
      ],
      [0, 50],
    ],
  ])('%s', (_, texts, entries, shown) => {
    expect(shownIn(texts, entries)).toEqual(shown);
  });

  test.each<[kept: string[], live: [number, string][], olderCount: number]>([
    [['a', 'b'], [[1, 'a']], 0],
    [
      ['c', 'd'],
      [
        [1, 'a'],
        [3, 'c'],
      ],
      1,
    ],
    [
      ['c', 'd'],
      [
        [1, 'a'],
        [2, 'b'],
        [4, 'd'],
      ],
      2,
    ],
    [
      ['x', 'y'],
      [
        [1, 'a'],
        [2, 'b'],
      ],
      0,
    ],
    [[], [[1, 'a']], 0],
  ])('of %j and %j those before the kept ones are counted', (texts, entries, olderCount) => {
    expect(findShown(kept(...texts), live(entries)).olderCount).toBe(olderCount);
  });

  test('the same of ten thousand, in a moment', () => {
    const texts = Array.from({ length: 10_000 }, (_, index) => `line ${index % 700}`);
    const entries = texts.flatMap((text, index) => (index % 3 === 0 ? [] : [[index + 1, text] as const]));
    const startMs = performance.now();
    expect(shownIn(texts, entries)).toEqual(entries.map(([number]) => number - 1));
    expect(performance.now() - startMs).toBeLessThan(1_000);
  });
});
