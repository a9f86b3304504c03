import { describe, expect, test } from 'vitest';
import { createRedactor, createSink } from '../../src/output/redact.ts';
import { MemoryStream } from './memory-stream.ts';

const KEY = 'aB3+/"key\\with=odd~chars$';
const base64 = (text: string) => Buffer.from(text).toString('base64');

describe('createRedactor', () => {
  const redact = createRedactor([KEY]);

  test.each([
    ['as it is', `x-api-key: ${KEY};`, 'x-api-key: ***;'],
    ['several times', `${KEY}${KEY} ${KEY}`, '****** ***'],
    ['in JSON', JSON.stringify({ key: KEY }), '{"key":"***"}'],
    ['in JSON in JSON', JSON.stringify(JSON.stringify(KEY)), '"\\"***\\""'],
    ['in a URL', `?key=${encodeURIComponent(KEY)}&a`, '?key=***&a'],
    [
      'in a URL, lower case',
      `?key=${encodeURIComponent(KEY).replace(/%../g, (c) => c.toLowerCase())}`,
      '?key=***',
    ],
    ['in base64', `[${base64(KEY)}]`, '[***]'],
    ['in base64url without padding', `[${Buffer.from(KEY).toString('base64url')}]`, '[***]'],
  ])('%s', (_name, text, expected) => expect(redact(text)).toBe(expected));

  test.each(['', 'a', 'ab', 'abc', 'user:'])('in base64 after %j', (prefix) => {
    const encoded = base64(`${prefix}${KEY}:tail`);
    const redacted = redact(encoded);
    expect(redacted).toContain('***');
    expect(redacted.length).toBeLessThan(encoded.length - 25);
  });

  test('keeps other text', () => {
    const text = `${KEY.slice(1)} ${KEY.slice(0, -1)}x`;
    expect(redact(text)).toBe(text);
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
    const stream = new MemoryStream({ isTTY: true, columns: 42 });
    const sink = createSink(stream, createRedactor([KEY]));
    let isDone = false;
    expect(
      sink.write(`a ${KEY} b`, () => {
        isDone = true;
      }),
    ).toBe(true);
    expect(stream.text).toBe('a *** b');
    expect(isDone).toBe(true);
    expect([sink.isTTY, sink.columns]).toEqual([true, 42]);
  });
});
