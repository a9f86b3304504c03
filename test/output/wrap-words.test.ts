import { expect, it } from 'vitest';
import { wrapWords } from '../../src/output/wrap-words.ts';

it.each([
  ['one two three', 7, 'one two\nthree'],
  ['one two', 7, 'one two'],
  ['one  two', 40, 'one  two'],
  ['  one two three', 9, '  one two\n  three'],
  ['https://example.org/long and', 10, 'https://example.org/long\nand'],
  ['a\n\nb c', 2, 'a\n\nb\nc'],
  ['', 5, ''],
  ['one two three', Number.POSITIVE_INFINITY, 'one two three'],
])('%j at %d columns', (text, columns, lines) => {
  expect(wrapWords(text, columns)).toBe(lines);
});
