import { describe, expect, it } from 'vitest';
import { formatBashAnswer } from '../../../src/cli/completion/format-bash-answer.ts';
import { readOpenWord } from '../../../src/cli/completion/split-bash-line.ts';

function format(value: string, { typed, replaced }: { typed: string; replaced: string }): string {
  const answer = { candidates: [{ value, description: '' }], files: 'none' as const, isOrdered: false };
  const cursor = { current: readOpenWord(typed), replaced, columns: 80, isList: true };
  return formatBashAnswer(answer, cursor).split('\n')[0] ?? '';
}

describe('an entry for bash', () => {
  it.each([
    ['a b', '', '', 'a\\ b'],
    ['a b', 'a\\ ', 'a\\ ', 'a\\ b'],
    ["it's", "'it", 'it', "it'\\''s"],
    ['a$b', '"a', 'a', 'a\\$b'],
    ['$(x);y', '', '', '\\$\\(x\\)\\;y'],
    ['@last', '@', '@', '@last'],
    ['Zoë', '', '', 'Zoë'],
    ['http://a:8', 'http:', '', '//a:8'],
    ['--x=a:b', '--x=a:', '', 'b'],
    ['other', 'a', 'a', ':4'],
  ])('%s after %s', (value, typed, replaced, entry) => {
    expect(format(value, { typed, replaced })).toBe(entry);
  });
});
