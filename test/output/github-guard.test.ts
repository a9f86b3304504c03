import { describe, expect, it, test } from 'vitest';
import { createGithubGuard, isGithubActions } from '../../src/output/github-guard.ts';

const ON_GITHUB = { isActive: true };

test.each([
  ['plain', 'plain'],
  ['a::b', 'a::b'],
  [':a', ':a'],
  ['::error::x', '| ::error::x'],
  [' \t::error::x\n', '|  \t::error::x\n'],
  ['a\n::b\n\n ::c\nd', 'a\n| ::b\n\n|  ::c\nd'],
  [':\u200d:error::x', '| :\u200d:error::x'],
  ['#[', '#['],
  ['# #[', '# #['],
  ['##[', '\\u0023#['],
  ['x ##[error]y ###[z', 'x \\u0023#[error]y #\\u0023#[z'],
  ['#\u200d#\ufe0f[', '\\u0023\u200d#\ufe0f['],
  [' ##[a]\n::b', ' \\u0023#[a]\n| ::b'],
])('%j leaves as %j', (text, safe) => {
  const guard = createGithubGuard(ON_GITHUB);
  expect(guard.disarm(text)).toBe(safe);
  // Nothing is left to be done.
  expect(guard.disarm(safe)).toBe(safe);
});

test.each(['', '##[', '\\##[', '\\\\##[', '"##[', '##[\n::error::'])(
  'JSON of %j keeps its value',
  (value) => {
    const json = createGithubGuard(ON_GITHUB).disarm(JSON.stringify({ [value]: [value] }));
    expect(JSON.parse(json)).toEqual({ [value]: [value] });
    expect(json).not.toContain('##[');
  },
);

describe('enclose', () => {
  it('marks each line, and lets its own first and last line out, once', () => {
    const guard = createGithubGuard(ON_GITHUB);
    const block = guard.enclose('a\n\n::b\n');
    const [off = '', ...rest] = block.split('\n');
    const token = off.replace('::stop-commands::', '');
    expect(token).toMatch(/^[0-9a-f-]{36}$/);
    expect(rest).toEqual(['| a', '| ', '| ::b', `::${token}::`, '']);
    expect(guard.disarm(block)).toBe(block);
    expect(guard.disarm(`::${token}::`)).toBe(`| ::${token}::`);
    expect(guard.enclose('a')).not.toContain(token);
  });

  it('makes nothing of nothing', () => {
    expect(createGithubGuard(ON_GITHUB).enclose('')).toBe('');
  });
});

test.each([{}, { GITHUB_ACTIONS: '' }, { GITHUB_ACTIONS: 'false' }])(
  'with %j everything stays as it is',
  (env) => {
    const guard = createGithubGuard({ isActive: isGithubActions(env) });
    expect(guard.disarm('::error::x ##[y')).toBe('::error::x ##[y');
    expect(guard.enclose('::error::x')).toBe('::error::x');
  },
);

test('a line of our own is obeyed once, as it is', () => {
  const guard = createGithubGuard(ON_GITHUB);
  const line = guard.allow('::error file=a.luau::x\n');
  expect(guard.disarm('::error file=a.luau::y\n')).toBe('| ::error file=a.luau::y\n');
  expect(guard.disarm(line)).toBe('::error file=a.luau::x\n');
  expect(guard.disarm(line)).toBe('| ::error file=a.luau::x\n');
});

test('a runner is known by what it sets', () => {
  expect(isGithubActions({ GITHUB_ACTIONS: 'true' })).toBe(true);
});

test('a long line of blanks takes no time', () => {
  const text = `${' \ufeff\u3164'.repeat(100_000)}x`;
  const startMs = performance.now();
  expect(createGithubGuard(ON_GITHUB).disarm(text)).toBe(text);
  expect(performance.now() - startMs).toBeLessThan(1_000);
});
