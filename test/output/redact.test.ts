import { describe, expect, test } from 'vitest';
import { createRedactor, createSink } from '../../src/output/redact.ts';
import { MemoryStream } from './memory-stream.ts';

const KEY = 'aB3+/"key\\with=odd~chars$';
const hex = (text: string, digits: number) => text.charCodeAt(0).toString(16).padStart(digits, '0');
const toUnicode = (character: string) => `\\u${hex(character, 4)}`;
const toPercent = (character: string) => `%${hex(character, 2)}`;
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('createRedactor', () => {
  test.each([
    ['as it is', `x-api-key: ${KEY};`, 'x-api-key: ***;'],
    ['several times', `${KEY}${KEY} ${KEY}`, '****** ***'],
    ['in JSON', JSON.stringify({ key: KEY }), '{"key":"***"}'],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(KEY)), '"\\"***\\""'],
    [
      'in JSON in JSON in JSON',
      JSON.stringify([JSON.stringify([JSON.stringify(KEY)])]),
      '["[\\"\\\\\\"***\\\\\\"\\"]"]',
    ],
    ['in JSON as .NET writes it', JSON.stringify(KEY).replaceAll('+', '\\u002B'), '"***"'],
    ['in JSON with every character escaped', KEY.replace(/./g, toUnicode), '***'],
    [
      'the same in JSON in JSON',
      JSON.stringify(JSON.stringify(KEY).replaceAll('+', '\\u002b')),
      '"\\"***\\""',
    ],
    ['in a URL', `?key=${encodeURIComponent(KEY)}&a`, '?key=***&a'],
    ['in a URL that keeps its slashes', `/${encodeURIComponent(KEY).replace('%2F', '/')}`, '/***'],
    ['in a form', new URLSearchParams({ key: KEY }).toString(), 'key=***'],
    ['in a URL with every character escaped', KEY.replace(/./g, toPercent), '***'],
    ['after a backslash', `C:\\${KEY}`, 'C:\\\\***'],
    ['after a backslash in JSON', JSON.stringify({ path: `C:\\${KEY}` }), '{"path":"C:\\\\***"}'],
    [
      'in a URL, lower case',
      `?key=${encodeURIComponent(KEY).replace(/%../g, (c) => c.toLowerCase())}`,
      '?key=***',
    ],
    ['in base64', `[${base64(KEY)}]`, '[***]'],
    ['in base64url without padding', `[${Buffer.from(KEY).toString('base64url')}]`, '[***]'],
  ])('%s', (_name, text, expected) => expect(createRedactor([KEY])(text)).toBe(expected));

  test.each(['', 'a', 'ab', 'abc', 'user:'])('in base64 after %j', (prefix) => {
    const encoded = base64(`${prefix}${KEY}:tail`);
    const redacted = createRedactor([KEY])(encoded);
    expect(redacted).toContain('***');
    expect(redacted.length).toBeLessThan(encoded.length - 25);
  });

  test('keeps other text', () => {
    const text = `${KEY.slice(1)} ${KEY.slice(0, -1)}x`;
    expect(createRedactor([KEY])(text)).toBe(text);
  });

  test.each(['nabcdef+', 'u0041bcd'])(
    'JSON stays JSON where an escape and text look like the key %s',
    (key) => {
      const json = JSON.stringify({ a: `\n${key.slice(1)} ${key}` });
      expect(() => JSON.parse(createRedactor([key])(json))).not.toThrow();
      expect(createRedactor([key])(json)).not.toContain(key);
    },
  );

  test('a key that holds the mask leaves no copy of itself', () => {
    expect(createRedactor(['***abcde'])('***abcdeabcde ***abcd')).toBe('*** ***abcd');
  });

  test('a secret in other letters than ASCII', () => {
    const redact = createRedactor(['schlüssel\u{1f511}']);
    for (const encode of [
      String,
      encodeURIComponent,
      (text: string) => text.split('').map(toUnicode).join(''),
    ]) {
      expect(redact(`<${encode('schlüssel\u{1f511}')}>`)).toBe('<***>');
    }
  });

  test('a long key is found whole, and its first half is no key', () => {
    const key = 'abcdefgh'.repeat(120);
    const redact = createRedactor([key]);
    expect(redact(`<${key}>`)).toBe('<***>');
    expect(redact(key.slice(0, -1))).toBe(key.slice(0, -1));
  });

  // What a secret leaves for certain in base64 that begins before it; eight characters can hardly be chance.
  test.each([
    ['abcdefg', 'xabcdefgy', 'eG***d5'],
    ['abcdef', 'xabcdefy', 'eGFiY2RlZnk='],
    ['abcd', 'abcdx', 'YWJjZHg='],
    ['abcd', 'abcd', '***'],
    ['>>>???>>>', '>>>???>>>', '***'],
  ])('%s in base64 of %s is %s', (secret, text, expected) => {
    expect(createRedactor([secret])(base64(text))).toBe(expected);
  });

  test('base64 is found in both alphabets', () => {
    const redact = createRedactor(['>>>???>>>']);
    expect(redact('Pj4+Pz8/Pj4+ Pj4-Pz8_Pj4-')).toBe('*** ***');
    expect(redact('Pj4 Pz8 Pj4-Pz8/Pj4+')).toBe('Pj4 Pz8 Pj4-Pz8/Pj4+');
  });

  test('takes the longer of two secrets that begin alike', () => {
    expect(createRedactor(['abcd', 'abcdef'])('abcdef abcd')).toBe('*** ***');
  });

  test.each([[['']], [['abc']], [[]]])('ignores what is too short: %j', (secrets) => {
    expect(createRedactor(secrets)('abc and the rest')).toBe('abc and the rest');
  });

  test('bears a lone surrogate', () => {
    expect(createRedactor(['key\ud800'])('a key\ud800 b')).toBe('a *** b');
  });
});

describe('createSink', () => {
  test('redacts each write and passes the answer on', () => {
    const stream = new MemoryStream({ isTTY: true, columns: 42, rows: 7 });
    const sink = createSink(stream, createRedactor([KEY]));
    let isDone = false;
    expect(
      sink.write(`a ${KEY} b`, () => {
        isDone = true;
      }),
    ).toBe(true);
    expect(stream.text).toBe('a *** b');
    expect(isDone).toBe(true);
    expect([sink.isTTY, sink.columns, sink.rows]).toEqual([true, 42, 7]);
  });
});
