import { describe, expect, it, test } from 'vitest';
import { LuauExecError } from '../../src/errors.ts';
import { guessOutputChoices, parseOutputChoices } from '../../src/output/output-choice.ts';

const HUMAN = { format: 'human', file: null };

test.each([
  [false, [], [HUMAN]],
  [true, [], [{ format: 'json', file: null }]],
  [false, ['human'], [HUMAN]],
  [true, ['json'], [{ format: 'json', file: null }]],
  [false, ['ndjson', 'ndjson'], [{ format: 'ndjson', file: null }]],
  [false, ['junit=a=b.xml'], [HUMAN, { format: 'junit', file: 'a=b.xml' }]],
  [
    true,
    ['junit=a.xml', 'ndjson=b'],
    [
      { format: 'json', file: null },
      { format: 'junit', file: 'a.xml' },
      { format: 'ndjson', file: 'b' },
    ],
  ],
  [false, ['ndjson=-'], [{ format: 'ndjson', file: null }]],
  [false, ['json=/dev/stdout', 'json'], [{ format: 'json', file: null }]],
  [false, ['human', 'junit=report.xml'], [HUMAN, { format: 'junit', file: 'report.xml' }]],
])('--json %j and --output %j', (isJson, words, expected) =>
  expect(parseOutputChoices({ isJson, words })).toEqual(expected),
);

describe('what makes no sense', () => {
  it.each([
    [false, ['xml'], 'there is no output format "xml"', 'use human, json, ndjson, junit or github'],
    [false, ['jnuit'], 'there is no output format "jnuit"', 'did you mean junit?'],
    [false, [''], 'there is no output format ""', 'use human, json, ndjson, junit or github'],
    [false, ['junit='], '--output junit= names no file', '--output junit=FILE, or --output junit'],
    [
      false,
      ['human=a.txt'],
      '--output human is for people, on two streams, and goes into no file',
      'use 2>FILE',
    ],
    [
      true,
      ['ndjson'],
      'json and ndjson would both be written to standard output',
      'give one a file of its own: --output ndjson=FILE',
    ],
    [
      false,
      ['json', 'human'],
      'json and human would both be written to standard output',
      'give one a file of its own: --output json=FILE',
    ],
    [
      false,
      ['human', 'github'],
      'human and github would both be written to standard output',
      'leave one of them out',
    ],
    [
      false,
      ['json=a', 'junit=a'],
      'json and junit would both be written to a',
      'give one a file of its own: --output junit=FILE',
    ],
  ])('--json %j and --output %j', (isJson, words, message, hint) => {
    const parse = () => parseOutputChoices({ isJson, words });
    expect(parse).toThrow(LuauExecError);
    expect(parse).toThrow(expect.objectContaining({ message, hint, id: 'LX003', kind: 'usage' }));
  });

  it('quotes no endless word', () => {
    const parse = () => parseOutputChoices({ isJson: false, words: ['x y'.repeat(1_000)] });
    expect(parse).toThrow(/^.{1,120}$/);
  });
});

test.each([
  [['run', '--outptu'], [HUMAN]],
  [['run', '--json', '--nope'], [{ format: 'json', file: null }]],
  [['run', '--output', 'ndjson', '--nope'], [{ format: 'ndjson', file: null }]],
  [['run', '--output=json', '--nope'], [{ format: 'json', file: null }]],
  [['run', '--output', 'nope', '--output', 'json'], [{ format: 'json', file: null }]],
  [['run', '--output', 'ndjson', '--output', 'nope=a'], [{ format: 'ndjson', file: null }]],
  [['run', '--output', 'nope'], [HUMAN]],
  [['run', '--output'], [HUMAN]],
])('of %j it can be told', (argv, expected) => expect(guessOutputChoices(argv)).toEqual(expected));
