import { describe, expect, test } from 'vitest';
import { findMatches, parseGrepPattern } from '../../../src/cli/logs/grep-pattern.ts';
import { locatePatternMistake } from '../../../src/cli/logs/pattern-mistake.ts';
import { LuauExecError } from '../../../src/errors.ts';
import { catchError } from '../../config/catch-error.ts';

describe('a pattern', () => {
  test.each<[pattern: string, expected: string[]]>([
    ['player \\d+', ['player 7', 'no\nplayer 8']],
    ['^player', ['player 7', 'no\nplayer 8']],
    ['o$', ['no\nplayer 8']],
    ['^.$', ['😀']],
    ['\\p{L}é', ['café']],
    ['', ['player 7', 'no\nplayer 8', '😀', 'café', 'PLAYER']],
    ['nobody', []],
  ])('%s', async (pattern, expected) => {
    const texts = ['player 7', 'no\nplayer 8', '😀', 'café', 'PLAYER'];
    const found = findMatches({ pattern: await parseGrepPattern(pattern), texts });
    expect(found.map((index) => texts[index])).toEqual(expected);
  });

  test.each<[pattern: string, reason: string, caretAt: number]>([
    ['play(er', 'unterminated group', 7],
    ['a)b', "unmatched ')'", 1],
    ['[abc', 'unterminated character class', 4],
    ['x[z-a]y', 'range out of order in character class', 4],
    ['a**b', 'nothing to repeat', 2],
    ['\\quit', 'invalid escape', 1],
    ['x{2,1}', 'numbers out of order in {} quantifier', 5],
    ['a{', 'incomplete quantifier', 1],
    ['(?<n>a)(?<n>b)', 'duplicate capture group name', 11],
    ['é😀(', 'unterminated group', 4],
  ])('%s is refused, with the place', async (pattern, reason, caretAt) => {
    const error = await catchError(() => parseGrepPattern(pattern));
    expect(error).toMatchObject({
      id: 'LX011',
      kind: 'usage',
      message: `--grep is not a regular expression: ${reason}`,
      facts: [`> 1 | ${pattern}`, `    | ${' '.repeat(caretAt)}^`],
    });
  });

  test('of several lines shows the line', async () => {
    expect((await catchError(() => parseGrepPattern('a\nb)c'))).facts).toEqual([
      '  1 | a',
      '> 2 | b)c',
      '    |  ^',
    ]);
  });

  test('that is too large or too deep is refused', async () => {
    const large = await parseGrepPattern('x'.repeat(120_000));
    expect(await catchError(() => findMatches({ pattern: large, texts: ['x'] }))).toMatchObject({
      id: 'LX011',
      message: '--grep is too large a regular expression',
    });
    const deep = await catchError(() => parseGrepPattern('(?:'.repeat(40_000)));
    expect(deep).toMatchObject({ id: 'LX011', facts: { length: 1 } });
    expect(deep.message).toBe('--grep is not a regular expression: unterminated group');
    expect(deep.facts[0]).toHaveLength(120);
  });

  test('that only another Node.js understands is refused in the words of this one', () => {
    const cause = new SyntaxError('Invalid regular expression: /(?i:a)/mu: Invalid group');
    expect(locatePatternMistake('(?i:a)', cause)).toEqual({ reason: 'invalid group', offset: null });
  });
});

describe('a search without an end', () => {
  test.each<[name: string, pattern: string, text: string]>([
    ['a repetition in a repetition', '^(a+)+$', `${'a'.repeat(60)}b`],
    ['several in a row', '^(.*)*(.*)*(.*)*x$', 'a'.repeat(60)],
    ['a start at each character of a long line', 'x.*y', 'x'.repeat(2_000_000)],
  ])('is stopped: %s', async (_name, text, hostile) => {
    const pattern = await parseGrepPattern(text);
    const startedAt = performance.now();
    const search = () => findMatches({ pattern, texts: ['fine', hostile, 'fine'], limitMs: 200 });
    expect(search).toThrow(LuauExecError);
    expect(search).toThrow('--grep took longer than 0.2 s and was stopped');
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    const error = await catchError(search);
    expect(error).toMatchObject({ id: 'LX011', kind: 'usage' });
    expect(error.facts[0]).toBe(
      `it was looking at message 2 of 3, of ${hostile.length.toLocaleString('en-GB')} characters`,
    );
  });

  test('is not what 10,000 messages at the cap of 450 KB are', async () => {
    const texts = Array.from({ length: 10_000 }, (_, index) => `player ${index} has ${'x'.repeat(20)}`);
    expect(findMatches({ pattern: await parseGrepPattern('r \\d*7 .*x$'), texts })).toHaveLength(1_000);
  });
});
