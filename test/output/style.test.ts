import { describe, expect, test } from 'vitest';
import { createStyle, decideColor, plainStyle } from '../../src/output/style.ts';

const terminal = { isTTY: true, write: () => true };
const pipe = { write: () => true };

describe('decideColor', () => {
  test.each([
    ['a terminal', terminal, {}, null, true],
    ['a pipe', pipe, {}, null, false],
    ['a dumb terminal', terminal, { TERM: 'dumb' }, null, false],
    ['NO_COLOR', terminal, { NO_COLOR: '1' }, null, false],
    ['an empty NO_COLOR', terminal, { NO_COLOR: '' }, null, true],
    ['FORCE_COLOR on a pipe', pipe, { FORCE_COLOR: '1' }, null, true],
    ['FORCE_COLOR before NO_COLOR', pipe, { FORCE_COLOR: '3', NO_COLOR: '1' }, null, true],
    ['FORCE_COLOR=0', terminal, { FORCE_COLOR: '0' }, null, false],
    ['FORCE_COLOR=false', terminal, { FORCE_COLOR: 'false' }, null, false],
    ['an empty FORCE_COLOR', pipe, { FORCE_COLOR: '' }, null, false],
    ['--color before NO_COLOR', pipe, { NO_COLOR: '1' }, true, true],
    ['--no-color before FORCE_COLOR', terminal, { FORCE_COLOR: '1' }, false, false],
  ])('%s', (_name, stream, env, colorFlag, expected) => {
    expect(decideColor({ stream, env, colorFlag })).toBe(expected);
  });
});

describe('createStyle', () => {
  test('paints where there is colour', async () => {
    const style = await createStyle({ stream: pipe, env: {}, colorFlag: true });
    expect(style.isColored).toBe(true);
    expect(style.red('a\nb')).toBe('\x1b[31ma\x1b[39m\n\x1b[31mb\x1b[39m');
    expect(style.bold('a')).toBe('\x1b[1ma\x1b[22m');
  });

  test('gives the text back elsewhere', async () => {
    const style = await createStyle({ stream: pipe, env: {}, colorFlag: null });
    expect(style).toBe(plainStyle);
    expect(style.red('a')).toBe('a');
  });
});
