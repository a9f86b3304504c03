import { expect, test } from 'vitest';
import { wrapText } from '../../src/output/wrap-text.ts';

test.each([
  ['', 10, ['']],
  ['one', 10, ['one']],
  ['one two three', 13, ['one two three']],
  ['one two three', 12, ['one two', 'three']],
  ['one two three', 7, ['one two', 'three']],
  ['one two three', 1, ['one', 'two', 'three']],
  [
    'see https://example.com/a/long/path for more',
    12,
    ['see', 'https://example.com/a/long/path', 'for more'],
  ],
])('%j in %i columns', (text, width, expected) => expect(wrapText(text, width)).toEqual(expected));
