import { describe, expect, test } from 'vitest';
import { escapeJsonText, sanitize, sanitizeLine } from '../../src/output/sanitize.ts';

const HOSTILE: [name: string, text: string, safe: string][] = [
  ['colour', '\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
  ['clear screen', '\x1b[2J\x1b[H', '\\x1b[2J\\x1b[H'],
  ['clipboard (OSC 52)', '\x1b]52;c;ZXZpbA==\x07', '\\x1b]52;c;ZXZpbA==\\x07'],
  [
    'link (OSC 8)',
    '\x1b]8;;http://evil\x1b\\x\x1b]8;;\x1b\\',
    '\\x1b]8;;http://evil\\x1b\\x\\x1b]8;;\\x1b\\',
  ],
  ['C1 CSI', '\u009b2J', '\\x9b2J'],
  ['C1 next line', 'a\u0085b', 'a\\x85b'],
  ['carriage return', 'safe\rrm', 'safe\\rrm'],
  ['Windows line end', 'a\r\nb', 'a\nb'],
  ['backspace', 'ab\b\b', 'ab\\x08\\x08'],
  ['NUL, BEL, DEL', '\0\x07\x7f', '\\x00\\x07\\x7f'],
  ['vertical tab and form feed', '\v\f', '\\x0b\\x0c'],
  ['bidi override', '\u202egnp\u202c', '\\u{202e}gnp\\u{202c}'],
  ['bidi isolates', '\u2066a\u2069', '\\u{2066}a\\u{2069}'],
  ['bidi marks', '\u200e\u200f\u061c', '\\u{200e}\\u{200f}\\u{61c}'],
  ['invisible', '\u200b\u2060\ufeff\u00ad', '\\u{200b}\\u{2060}\\u{feff}\\xad'],
  ['line and paragraph separator', '\u2028\u2029', '\\u{2028}\\u{2029}'],
  ['hidden tags', '\u{e0041}', '\\u{e0041}'],
  ['unassigned, but hidden', '\u{e0002}\ufff0', '\\u{e0002}\\u{fff0}'],
  ['lone surrogates', '\ud800x\udc00', '\\u{d800}x\\u{dc00}'],
];

const HARMLESS = [
  '',
  'plain text',
  'a\n\tb',
  'ünï — “quoted” …',
  '日本語 한국어 עברית العربية',
  '\u{1f469}\u200d\u{1f52c}',
  'می\u200cخواهم',
  '\u0600',
];

describe('sanitize', () => {
  test.each(HOSTILE)('%s', (_name, text, safe) => {
    expect(sanitize(text)).toBe(safe);
    expect(sanitize(safe)).toBe(safe);
  });

  test.each(HARMLESS)('keeps %j', (text) => expect(sanitize(text)).toBe(text));

  test('leaves nothing of the first 64 Ki code units that a terminal obeys', () => {
    let text = '';
    for (let code = 0; code <= 0xffff; code++) text += `${String.fromCharCode(code)} `;
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
    const obeyed = /[\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]/;
    expect(obeyed.test(text)).toBe(true);
    expect(obeyed.exec(sanitize(text))).toBeNull();
  });
});

test.each([
  [' a \n  b\r\nc ', 'a b c'],
  ['a\u2028b', 'a\\u{2028}b'],
  ['\n\n', ''],
])('sanitizeLine %j', (text, line) => expect(sanitizeLine(text)).toBe(line));

describe('escapeJsonText', () => {
  test.each([...HOSTILE.map(([, text]) => text), ...HARMLESS])('%j stays the same value', (text) => {
    const json = escapeJsonText(JSON.stringify(text));
    expect(JSON.parse(json)).toBe(text);
    expect(sanitize(json)).toBe(json);
  });
});
