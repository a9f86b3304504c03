import { describe, expect, it } from 'vitest';
import { createSecretLine } from '../../src/cli/secret-line.ts';

function type(...inputs: string[]) {
  const line = createSecretLine();
  const states = inputs.map((input) => line.type(input));
  return { text: line.text, state: states.at(-1) };
}

describe('a line that is not shown', () => {
  it.each<[string, string[], string, string]>([
    ['typed', ['a', 'b', 'c', '\r'], 'abc', 'ended'],
    ['pasted', ['abc\r'], 'abc', 'ended'],
    ['pasted in pieces', ['ab', 'c\n'], 'abc', 'ended'],
    ['pasted with Windows line end', ['abc\r\n'], 'abc', 'ended'],
    ['pasted with empty lines behind', ['abc\n\n  \n'], 'abc', 'ended'],
    ['pasted in two lines', ['abc\ndef\n'], 'abc\ndef', 'ended'],
    ['not ended', ['abc'], 'abc', 'open'],
    ['empty', ['\r'], '', 'ended'],
    ['ended by Ctrl-D', ['abc', '\x04'], 'abc', 'ended'],
    ['corrected', ['abx', '\x7f', 'cx', '\b', '\r'], 'abc', 'ended'],
    ['corrected past its beginning', ['x\x7f\x7f\x7fabc\r'], 'abc', 'ended'],
    ['begun again', ['wrong', '\x15', 'abc\r'], 'abc', 'ended'],
    ['with arrow and function keys', ['a\x1b[Db\x1bOH\x1b[3~\x1b[1;5Cc\r'], 'abc', 'ended'],
    ['with an arrow key in pieces', ['a\x1b', '[', 'D', 'bc\r'], 'abc', 'ended'],
    ['in a bracketed paste', ['\x1b[200~abc\x1b[201~', '\r'], 'abc', 'ended'],
    ['with a tab', ['\tabc\t\r'], '\tabc\t', 'ended'],
    ['with a letter of two units', ['a😀', '\x7f', 'bc\r'], 'abc', 'ended'],
    ['stopped', ['abc\x03def\r'], 'abc', 'stopped'],
    ['stopped in the middle of a key', ['abc\x1b[\x03'], 'abc', 'stopped'],
  ])('%s', (_, inputs, text, state) => expect(type(...inputs)).toEqual({ text, state }));

  it('does not grow without end', () => {
    const { text, state } = type('k'.repeat(100_000));
    expect(state).toBe('ended');
    expect(text.length).toBeGreaterThan(8_192);
  });
});
