import { describe, expect, test } from 'vitest';
import { LuauExecError } from '../../src/errors.ts';
import { describeError, quoteServerText } from '../../src/output/describe-error.ts';

describe('describeError', () => {
  test('keeps the facts of our own errors and makes them safe', () => {
    const error = new LuauExecError('the API key was refused\n(401) \x1b[2J', {
      id: 'LX401',
      kind: 'auth',
      hint: 'luau-exec doctor',
      facts: ['the service says: "\u202eno"'],
      httpStatus: 401,
      code: 'UNAUTHENTICATED',
      attempts: [{ atMs: 0, httpStatus: 401, reason: 'HTTP 401\x07', waitMs: null }],
    });
    expect(describeError(error)).toEqual({
      id: 'LX401',
      code: 'UNAUTHENTICATED',
      message: 'the API key was refused (401) \\x1b[2J',
      facts: ['the service says: "\\u{202e}no"'],
      hint: 'luau-exec doctor',
      file: null,
      line: null,
      column: null,
      traceback: [],
      codeFrame: null,
      sameAsLog: null,
      httpStatus: 401,
      taskPath: null,
      attempts: [{ atMs: 0, httpStatus: 401, reason: 'HTTP 401\\x07', waitMs: null }],
    });
  });

  test('shows a stack only when asked, causes included', () => {
    const cause = new TypeError('inner');
    const error = new LuauExecError('outer', { id: 'LX501', kind: 'unavailable', cause });
    expect(describeError(error).facts).toEqual([]);
    const { facts } = describeError(error, { hasStack: true });
    expect(facts[0]).toBe('LuauExecError: outer');
    expect(facts).toContain('caused by TypeError: inner');
    expect(facts.some((line) => line.includes('describe-error.test.ts'))).toBe(true);
  });

  test('anything else is our bug and always has its stack', () => {
    const described = describeError(new RangeError('too\nfar'));
    expect(described.id).toBe('LX900');
    expect(described.message).toBe('a bug in luau-exec: RangeError: too far');
    expect(described.facts.some((line) => line.includes('describe-error.test.ts'))).toBe(true);
    const internal = describeError(new LuauExecError('odd', { id: 'LX900', kind: 'internal' }));
    expect(internal.facts.length).toBeGreaterThan(1);
  });

  test.each([
    ['a string', 'boom', 'boom'],
    ['undefined', undefined, 'undefined'],
    ['an object without a string form', Object.create(null), 'a thrown object'],
    ['a symbol', Symbol('s'), 'Symbol(s)'],
  ])('bears %s', (_name, thrown, words) => {
    expect(describeError(thrown)).toMatchObject({
      id: 'LX900',
      message: `a bug in luau-exec: ${words}`,
      facts: [],
    });
  });

  test('ends in a circle of causes', () => {
    const error = new Error('a');
    error.cause = error;
    expect(describeError(error).facts.length).toBeLessThanOrEqual(40);
  });
});

test('quoteServerText keeps to one line of 500 characters', () => {
  expect(quoteServerText('a\nb \x1b')).toBe('a b \\x1b');
  expect(quoteServerText('ab '.repeat(400))).toHaveLength(500);
});
