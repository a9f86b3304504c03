import { describe, expect, test } from 'vitest';
import {
  chooseSegment,
  dateLine,
  dateSegments,
  findSegments,
  isOld,
  parseSegmentName,
} from '../../src/history/segments.ts';

const at = (time: string) => Date.parse(`${time}Z`);
const NOW = at('2026-11-25T18:20:00');
const names = (...parts: string[]) => parts.map((part) => `journal-${part}.jsonl`);
const hour = (ms: number) => new Date(ms).toISOString().slice(0, 16);

test.each([
  ['journal-000001-2026-11-25T18.jsonl', 1],
  ['journal-1000000-2026-11-25T00.jsonl', 1_000_000],
  ['journal.jsonl', null],
  ['journal-1-2026-11-25T18.jsonl', null],
  ['journal-000001-2026-13-25T18.jsonl', null],
  ['journal-000001-2026-11-25T25.jsonl', null],
  ['journal-000001-2026-11-25T18.jsonl.bak', null],
  ['journal-000001-2026-11-25.jsonl', null],
  ['credentials', null],
])('%s has the sequence %s', (name, sequence) => {
  expect(parseSegmentName(name)?.sequence ?? null).toBe(sequence);
});

test('the order is that of writing, whatever the hours say', () => {
  const shuffled = ['x', ...names('000010-2026-11-25T18', '000009-2030-01-01T00', '1000000-2026-11-25T17')];
  expect(findSegments(shuffled).map(({ sequence }) => sequence)).toEqual([9, 10, 1_000_000]);
});

test.each<[what: string, existing: string[], name: string, isNew: boolean]>([
  ['nothing', [], '000001-2026-11-25T18', true],
  ['this hour', ['000004-2026-11-25T18'], '000004-2026-11-25T18', false],
  [
    'the next hour, by a clock that is a little ahead',
    ['000004-2026-11-25T19'],
    '000004-2026-11-25T19',
    false,
  ],
  ['the hour before', ['000004-2026-11-25T17'], '000005-2026-11-25T18', true],
  ['a far future', ['000004-2030-01-01T00'], '000005-2026-11-25T18', true],
  [
    'this hour, before the clock went back and forth',
    ['000004-2026-11-25T18', '000005-2026-11-25T12'],
    '000006-2026-11-25T18',
    true,
  ],
])('after %s the next line goes to its place', (_what, existing, name, isNew) => {
  const choice = chooseSegment(findSegments(names(...existing)), NOW);
  expect(choice).toEqual({ name: names(name)[0], isNew });
});

describe('when a segment was written', () => {
  test.each<[what: string, hours: string[], written: string[]]>([
    ['clocks that are right', ['2026-11-25T16', '2026-11-25T18'], ['2026-11-25T16:00', '2026-11-25T18:00']],
    ['a little ahead', ['2026-11-25T19'], ['2026-11-25T19:00']],
    [
      'from the future, until something follows',
      ['2026-11-25T16', '2030-01-01T00'],
      ['2026-11-25T16:00', '2026-11-25T18:20'],
    ],
    [
      'from the future, before the next',
      ['2030-01-01T00', '2026-11-25T18'],
      ['2026-11-25T18:00', '2026-11-25T18:00'],
    ],
    [
      'from the past, after the last',
      ['2026-11-25T17', '1970-01-01T00'],
      ['2026-11-25T17:00', '2026-11-25T17:00'],
    ],
    ['back by some hours', ['2026-11-25T18', '2026-11-25T14'], ['2026-11-25T18:00', '2026-11-25T18:00']],
  ])('%s', (_what, hours, written) => {
    const segments = findSegments(names(...hours.map((text, index) => `00000${index + 1}-${text}`)));
    expect(dateSegments(segments, NOW).map(({ writtenMs }) => hour(writtenMs))).toEqual(written);
  });

  test('a clock that is wrong now makes nothing old', () => {
    const segments = findSegments(names('000001-2026-11-25T16', '000002-2026-11-25T18'));
    for (const now of [at('1970-01-01T00:10:00'), at('2000-01-01T00:10:00')]) {
      expect(dateSegments(segments, now).some((segment) => isOld(segment, now))).toBe(false);
    }
  });
});

test.each([
  ['2026-11-24T17', false],
  ['2026-11-24T16', true],
  ['2026-11-20T00', true],
])('a segment of %s: old %s', (text, expected) => {
  const [segment] = dateSegments(findSegments(names(`000001-${text}`)), NOW);
  expect(segment && isOld(segment, NOW)).toBe(expected);
});

test.each([
  ['as it says', '2026-11-25T16:30:00', '2026-11-25T16:30'],
  ['a little before its segment, which an earlier hour may use', '2026-11-25T15:59:00', '2026-11-25T15:59'],
  ['of the past', '1970-01-01T00:00:00', '2026-11-25T15:00'],
  ['of the future', '2030-01-01T00:00:00', '2026-11-25T17:00'],
  ['without a time', 'x', '2026-11-25T15:00'],
])('a line %s', (_what, time, expected) => {
  const [segment] = dateSegments(findSegments(names('000001-2026-11-25T16')), NOW);
  expect(segment && hour(dateLine(at(time), segment, NOW))).toBe(expected);
});

test('no line is later than now', () => {
  const [segment] = dateSegments(findSegments(names('000001-2026-11-25T18')), NOW);
  expect(segment && dateLine(at('2026-11-25T18:59:00'), segment, NOW)).toBe(NOW);
});
