import { expect, test } from 'vitest';
import { wrapText } from '../../src/output/wrap-text.ts';

test.each([
  ['', 10, ['']],
  ['one', 10, ['one']],
  ['one two three', 13, ['one two three']],
  ['one two three', 12, ['one two', 'three']],
  ['one two three', 7, ['one two', 'three']],
  ['one two three', 1, ['one', 'two', 'three']],
  ['one  two', 40, ['one  two']],
  ['  one two three', 9, ['  one two', '  three']],
  ['a\n\nb c', 2, ['a', '', 'b', 'c']],
  ['one two three', Number.POSITIVE_INFINITY, ['one two three']],
  ['日本 語 abc', 7, ['日本 語', 'abc']],
  [
    'see https://example.com/a/long/path for more',
    12,
    ['see', 'https://example.com/a/long/path', 'for more'],
  ],
])('%j in %d columns', (text, columns, expected) => expect(wrapText(text, columns)).toEqual(expected));
