import { describe, expect, test } from 'vitest';
import { formatCodeFrame } from '../../src/output/code-frame.ts';

const TEN = Array.from({ length: 10 }, (_, index) => `line ${index + 1}`).join('\n');

describe('formatCodeFrame', () => {
  test.each([
    ['in the middle', TEN, 5, ['  3 | line 3', '  4 | line 4', '> 5 | line 5', '  6 | line 6']],
    ['numbers of two widths', TEN, 9, ['   7 | line 7', '   8 | line 8', '>  9 | line 9', '  10 | line 10']],
    ['first line', TEN, 1, ['> 1 | line 1', '  2 | line 2']],
    ['last line', TEN, 10, ['   8 | line 8', '   9 | line 9', '> 10 | line 10']],
    ['only line', 'error()', 1, ['> 1 | error()']],
    ['empty and Windows lines', 'a\r\n\r\nb', 2, ['  1 | a', '> 2 |', '  3 | b']],
    ['tabs', '\tx\n  \ty\nabcd\tz', 2, ['  1 |     x', '> 2 |     y', '  3 | abcd    z']],
    ['control characters', 'a\x1b[2Jb', 1, ['> 1 | a\\x1b[2Jb']],
  ])('%s', (_name, text, line, rows) => {
    expect(formatCodeFrame({ text, line })).toBe(rows.join('\n'));
  });

  test.each([0, -1, 11, 1.5, Number.NaN])('no line %d', (line) => {
    expect(formatCodeFrame({ text: TEN, line })).toBeNull();
  });

  test('cuts long lines', () => {
    const frame = formatCodeFrame({ text: 'ab '.repeat(1000), line: 1 });
    expect(frame).toHaveLength('> 1 | '.length + 120);
    expect(frame?.endsWith('…')).toBe(true);
  });

  test.each([
    ['at the start', 'local x', 1, '    | ^'],
    ['after a tab', '\tlocal = 1', 8, '    |           ^'],
    ['at the end', 'return', 7, '    |       ^'],
  ])('caret %s', (_name, text, column, caret) => {
    expect(formatCodeFrame({ text, line: 1, column })?.split('\n')[1]).toBe(caret);
  });

  test('no caret in the part that was cut off', () => {
    expect(formatCodeFrame({ text: 'x '.repeat(500), line: 1, column: 900 })).not.toContain('^');
  });
});
