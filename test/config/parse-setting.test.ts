import { describe, expect, it } from 'vitest';
import { parseApiKey, parseBaseUrl, parseId } from '../../src/config/parse-setting.ts';

describe('parseApiKey', () => {
  it.each([
    ['abc+/=123', 'abc+/=123'],
    [' abc\r\n', 'abc'],
    ['\ufeffabc\u2028', 'abc'],
    ['k'.repeat(8_192), 'k'.repeat(8_192)],
  ])('keeps %j', (input, value) => expect(parseApiKey(input)).toEqual({ ok: true, value }));

  it.each([
    ['secret\nsecret', 'holds a line break at position 7'],
    [' secret\rsecret', 'holds a line break at position 7'],
    ['se\u2028cret', 'holds a line break at position 3'],
    ['se\u0085cret', 'holds a line break at position 3'],
    ['secret secret', 'holds a space at position 7'],
    ['secret\tsecret', 'holds a space at position 7'],
    ['secret\u00a0secret', 'holds a space at position 7'],
    ['secret\u0000', 'holds a control character at position 7'],
    ['secret\u001b[0m', 'holds a control character at position 7'],
    ['secret\u200bsecret', 'holds a control character at position 7'],
    ['secrét', 'holds a character outside ASCII at position 5'],
    ['secret…', 'holds a character outside ASCII at position 7'],
    ['', 'is empty'],
    [' \n', 'is empty'],
    ['k'.repeat(10_240), 'is longer than 8192 characters'],
    [12_345, 'is a number'],
  ])('refuses %j without showing it', (input, reason) => {
    expect(parseApiKey(input)).toMatchObject({ ok: false, reason });
    expect(JSON.stringify(parseApiKey(input))).not.toMatch(/secr|12345|kkkk/);
  });
});

describe('parseId', () => {
  it.each([
    ['1', '1'],
    [' 12345678901234567890\r', '12345678901234567890'],
    [42, '42'],
    [Number.MAX_SAFE_INTEGER, '9007199254740991'],
  ])('keeps %j', (input, value) => expect(parseId(input)).toEqual({ ok: true, value }));

  it.each(['0', '007', '-1', '1.5', '1e3', '123456789012345678901', 0, -5, 1.5])('refuses %j', (input) =>
    expect(parseId(input)).toMatchObject({ ok: false, reason: 'is not a positive whole number' }),
  );

  it.each(['', '12a', '0x10', '1/../2', '1?x', '1 2', '０１', Number.NaN])(
    'refuses %j as no number',
    (input) => expect(parseId(input)).toMatchObject({ ok: false, reason: 'is not a number' }),
  );

  it.each([Number.MAX_SAFE_INTEGER + 1, 1e20, 1e300])('asks for quotes around %d', (input) =>
    expect(parseId(input)).toMatchObject({ ok: false, hint: 'put it in quotes' }),
  );
});

describe('parseBaseUrl', () => {
  it.each([
    ['https://apis.roblox.com', 'https://apis.roblox.com'],
    ['https://apis.roblox.com/ ', 'https://apis.roblox.com'],
    ['http://localhost:8080', 'http://localhost:8080'],
    ['http://127.0.0.1:1', 'http://127.0.0.1:1'],
    ['http://127.1', 'http://127.0.0.1'],
    ['http://[::1]:80', 'http://[::1]'],
  ])('keeps %j', (input, value) => expect(parseBaseUrl(input)).toEqual({ ok: true, value }));

  it.each([
    ['http://apis.roblox.com', 'is neither https nor http on loopback'],
    ['http://127.0.0.1.evil.example', 'is neither https nor http on loopback'],
    ['http://localhost.evil.example', 'is neither https nor http on loopback'],
    ['http://10.0.0.1', 'is neither https nor http on loopback'],
    ['http://[::2]', 'is neither https nor http on loopback'],
    ['ftp://localhost', 'is neither https nor http on loopback'],
    ['file:///etc/passwd', 'is neither https nor http on loopback'],
    ['apis.roblox.com', 'is neither https nor http on loopback'],
    ['', 'is neither https nor http on loopback'],
    ['https://user:pass@host', 'holds a user name or password'],
    ['http://localhost@evil.example', 'is neither https nor http on loopback'],
    ['https://host/path', 'has something after the host'],
    ['https://host?x=1', 'has something after the host'],
    ['https://host/#x', 'has something after the host'],
  ])('refuses %j: it %s', (input, reason) =>
    expect(parseBaseUrl(input)).toMatchObject({ ok: false, reason }),
  );
});
