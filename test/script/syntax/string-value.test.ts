import { expect, test } from 'vitest';
import { parseStringLiteral } from '../../../src/script/syntax/string-value.ts';

test.each([
  ['"a"', 'a'],
  ["'a\"b'", 'a"b'],
  ['`a`', 'a'],
  ['`a\\{b}`', 'a{b}'],
  ['[[a]]', 'a'],
  ['[==[\n]]a\\n]==]', ']]a\\n'],
  ['[[\r\na\r\nb]]', 'a\nb'],
  ['"\\a\\b\\f\\n\\r\\t\\v\\\\\\"\\\'"', '\x07\b\f\n\r\t\v\\"\''],
  ['"\\65\\066\\x43\\u{44}\\u{1F3AE}"', 'ABCD🎮'],
  ['"a\\z \n\t b"', 'ab'],
  ['"a\\\nb\\\r\nc"', 'a\nb\nc'],
  ['"\\195\\169é漢"', 'éé漢'],
  ['"\\q"', 'q'],
  ['""', ''],
])('%s is %j', (literal, value) => {
  expect(parseStringLiteral(literal)).toBe(value);
});

test.each(['"\\256"', '"\\xZ"', '"\\u{110000}"', '"\\u"', '"\\255"'])('%s is no text', (literal) => {
  expect(parseStringLiteral(literal)).toBeNull();
});
