import { expect, test } from 'vitest';
import { cutText } from '../../src/output/cut-text.ts';

const KEY = 'k3y'.repeat(100);

test.each([
  ['short enough', 'abcdef', 6, 'abcdef'],
  ['through a short word', 'abc def ghi', 6, 'abc d…'],
  ['through a long word', `key ${KEY} end`, 50, 'key …'],
  ['one long word', KEY, 50, '…'],
  ['between characters of JSON', '{"a":[1,2,3]}', 10, '{"a":[1,2…'],
  ['never through a surrogate pair', 'ab\u{1f600}cd', 4, 'ab…'],
])('%s', (_name, text, maxCharacters, expected) => {
  expect(cutText(text, maxCharacters)).toBe(expected);
});
