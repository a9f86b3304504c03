import { describe, expect, it } from 'vitest';
import { formatDataFileName, parseDataFileName } from '../../../src/emulator/data-stores/data-file-name.ts';

const FACE = '\u{1F600}';
const ODD_NAMES = [
  '.',
  '..',
  'a.',
  'a ',
  ' a',
  'a/b',
  'a\\b',
  'C:',
  'a\0b',
  '<>:"/\\|?*',
  '%2e',
  '+a',
  'A',
  'a',
  'É',
  'é',
  'e\u0301',
  'ß',
  'SS',
  'con',
  'CON',
  'nul',
  'com1',
  'lpt9',
  'con.txt',
  '~unnamed',
  '\uFEFF',
  '\u202E',
  FACE.repeat(16),
  FACE.repeat(50),
  `${FACE.repeat(49)}x`,
  'X'.repeat(50),
  'x'.repeat(50),
  '',
];
const DEVICES = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/i;

describe('formatDataFileName', () => {
  it.each([
    ['Player_101', '+player_101'],
    ['coins-2', 'coins-2'],
    ['a b.c', 'a%20b%2ec'],
    ['é', '%c3%a9'],
    ['con', '%63on'],
    ['', '~unnamed'],
  ])('%j is %s', (text, name) => {
    expect(formatDataFileName(text)).toBe(name);
  });

  it.each(ODD_NAMES)('%j is safe everywhere', (text) => {
    const name = formatDataFileName(text);
    expect(name).toMatch(/^[a-z0-9_%+~-]+$/);
    expect(name).not.toMatch(DEVICES);
    expect(`${name}.json.tmp`.length).toBeLessThanOrEqual(255);
  });

  it('no two texts share a name', () => {
    expect(new Set(ODD_NAMES.map(formatDataFileName)).size).toBe(ODD_NAMES.length);
  });
});

describe('parseDataFileName', () => {
  it.each(ODD_NAMES)('finds %j again, unless its name is a hash', (text) => {
    const name = formatDataFileName(text);
    expect(parseDataFileName(name)).toBe(name.startsWith('~') ? null : text);
  });

  it.each(['A', 'a b', '.', 'con', '%41', '%2E', '%zz', '%ff', 'a+', '', '~x'])('%j is nobody’s', (name) => {
    expect(parseDataFileName(name)).toBeNull();
  });
});
