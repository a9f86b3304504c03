import { describe, expect, it } from 'vitest';
import { layOutEntries, layOutParagraph } from '../../../src/cli/help/layout.ts';

describe('layOutEntries', () => {
  const entries = [
    { term: '--json', text: 'one document on standard output, whatever happens' },
    { term: '-q', text: '' },
  ];

  it('puts texts into a column where there is room for one', () => {
    expect(layOutEntries(entries, { widthColumns: 42 })).toEqual([
      '  --json  one document on standard output,',
      '          whatever happens',
      '  -q',
    ]);
  });

  it('puts them under their terms where there is not', () => {
    expect(layOutEntries(entries, { widthColumns: 36 })).toEqual([
      '  --json',
      '      one document on standard',
      '      output, whatever happens',
      '  -q',
    ]);
  });

  it('takes a column that other lists have as well', () => {
    const [line] = layOutEntries(entries, { widthColumns: 100, termColumns: 10 });
    expect(line).toMatch(/^ {2}--json {6}one /);
  });

  it('breaks a list of names behind a comma, and a command line nowhere', () => {
    const terms = ['FIRST_NAME, SECOND_NAME, THIRD_NAME', 'luau-exec run hello.luau --local --watch'];
    expect(terms.flatMap((term) => layOutEntries([{ term, text: 'x' }], { widthColumns: 30 }))).toEqual([
      '  FIRST_NAME, SECOND_NAME,',
      '  THIRD_NAME',
      '      x',
      '  luau-exec run hello.luau --local --watch',
      '      x',
    ]);
  });
});

it('indents every line of a paragraph', () => {
  expect(layOutParagraph('one two three', { widthColumns: 9 })).toEqual(['  one two', '  three']);
});
