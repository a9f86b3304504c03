import { expect, test } from 'vitest';
import { fitText, measureWidth, padText } from '../../src/output/display-width.ts';

test.each([
  ['', 0],
  ['plain', 5],
  ['naïve', 5],
  ['nai\u0308ve', 5],
  ['スクリプト.luau', 15],
  ['한글', 4],
  ['🎉', 2],
  ['👩‍👧', 2],
  ['❤️', 2],
  ['…', 1],
])('%j takes %i columns', (text, width) => {
  expect(measureWidth(text)).toBe(width);
});

test.each([
  ['abcdef', 6, 'start', 'abcdef'],
  ['abcdef', 5, 'start', 'abcd…'],
  ['abcdef', 5, 'end', '…cdef'],
  ['abcdef', 1, 'end', '…'],
  ['abcdef', 0, 'end', ''],
  ['スクリプト', 6, 'start', 'スク…'],
  ['スクリプト', 6, 'end', '…プト'],
  ['スクリプト', 7, 'start', 'スクリ…'],
  ['x👩‍👧y👩‍👧', 4, 'start', 'x👩‍👧…'],
] as const)('%j in %i columns, its %s kept', (text, width, keeps, expected) => {
  expect(fitText(text, { width, keeps })).toBe(expected);
});

test('padding counts columns', () => {
  expect(padText('スク', 6)).toBe('スク  ');
  expect(padText('abc', 2)).toBe('abc');
});
