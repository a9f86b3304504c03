import { expect, test } from 'vitest';
import { LuauExecError } from '../../src/errors.ts';
import { parsePresignedUri } from '../../src/open-cloud/presigned-uri.ts';

const API = 'https://apis.roblox.com';
const LOOPBACK_API = 'http://127.0.0.1:8000';

/** `ok`, or why not. */
function judge(uri: string, apiOrigin = API): string {
  try {
    parsePresignedUri(uri, apiOrigin);
    return 'ok';
  } catch (error) {
    if (!(error instanceof LuauExecError)) throw error;
    expect(error).toMatchObject({ id: 'LX531', kind: 'bad_response' });
    return error.message.replace('refused an address that the service gave for binary data: ', '');
  }
}

test.each([
  'https://storage.googleapis.com/bucket/x?X-Goog-Signature=a%2Fb&x=1',
  'https://bucket.s3.us-east-1.amazonaws.com/x',
  'https://my_bucket.s3.amazonaws.com/x',
  'https://a.blob.core.windows.net:443/x?sig=%2B',
  'HTTPS://EXAMPLE.COM/x',
  'https://xn--bcher-kva.example/x',
  'https://example.com',
  `https://example.com/${'a'.repeat(8_000)}`,
])('%s is taken, from an API that is far and from one on loopback', (uri) => {
  expect([judge(uri), judge(uri, LOOPBACK_API)]).toEqual(['ok', 'ok']);
  expect(parsePresignedUri(uri, API).href).toBe(new URL(uri).href);
});

const NO_URI = 'it is not a URI';
const NO_NAME = 'its host is not a DNS name';
const LOCAL = 'its host is a name of the local network';
const USER = 'it holds a user name or password';
const HTTP = 'it begins with http: instead of https:';

test.each([
  ['', NO_URI],
  ['/x', NO_URI],
  ['example.com/x', NO_URI],
  [' https://example.com/x', NO_URI],
  ['https://example.com/x\n', NO_URI],
  ['https://exam\tple.com/', NO_URI],
  ['https:\\\\example.com\\x', NO_URI],
  ['https://bücher.example/', NO_URI],
  ['https://[::1/', NO_URI],
  [`https://example.com/${'a'.repeat(10_000)}`, 'it is longer than 8192 characters'],
  ['http://example.com/x', HTTP],
  ['http://storage.googleapis.com:80/x', HTTP],
  ['http://127.0.0.1.example.com/x', HTTP],
  ['file:///etc/passwd', 'it begins with file: instead of https:'],
  ['ftp://example.com/x', 'it begins with ftp: instead of https:'],
  ['data:text/plain,x', 'it begins with data: instead of https:'],
  ['javascript:alert(1)', 'it begins with javascript: instead of https:'],
  ['https://user@example.com/x', USER],
  ['https://user:password@example.com/x', USER],
  ['https://:password@example.com/x', USER],
  ['https://apis.roblox.com@evil.example/x', USER],
  ['https://93.184.216.34/x', NO_NAME],
  ['https://169.254.169.254/latest/meta-data', NO_NAME],
  ['https://127.1/x', NO_NAME],
  ['https://0x7f000001/x', NO_NAME],
  ['https://2130706433/x', NO_NAME],
  ['https://[2001:db8::1]/x', NO_NAME],
  ['https://[::ffff:10.0.0.1]/x', NO_NAME],
  ['https://localhost/x', NO_NAME],
  ['https://intranet/x', NO_NAME],
  ['https://example.com./x', NO_NAME],
  ['https://-a.example/x', NO_NAME],
  ['https://printer.local/x', LOCAL],
  ['https://a.localhost/x', LOCAL],
  ['https://metadata.google.internal/x', LOCAL],
  ['https://example.com:8443/x', 'it names port 8443'],
  ['https://example.com:80/x', 'it names port 80'],
])('%j is refused: %s', (uri, reason) => {
  expect([judge(uri), judge(uri, LOOPBACK_API)]).toEqual([reason, reason]);
});

test.each(['http://127.0.0.1:4000/x', 'http://localhost/x', 'http://[::1]:9/x', 'http://127.1:4000/x'])(
  '%s is taken from an API on loopback alone',
  (uri) => {
    for (const api of [LOOPBACK_API, 'http://localhost:1', 'http://[::1]'])
      expect(judge(uri, api)).toBe('ok');
    for (const api of [API, 'https://127.0.0.1', 'http://127.0.0.1.example.com', 'http://10.0.0.1']) {
      expect(judge(uri, api)).toBe(HTTP);
    }
  },
);

test('on loopback too there is no user name, and no https without a name', () => {
  expect(judge('http://user@127.0.0.1:4000/x', LOOPBACK_API)).toBe(USER);
  expect(judge('https://127.0.0.1:4000/x', LOOPBACK_API)).toBe(NO_NAME);
});

test('what is refused is not shown: it may be a secret', () => {
  try {
    parsePresignedUri('https://203.0.113.7/bucket?signature=abc', API);
    expect.unreachable();
  } catch (error) {
    if (!(error instanceof LuauExecError)) throw error;
    expect(JSON.stringify([error.message, error.facts, error.hint])).not.toMatch(/signature|bucket|203/);
  }
});
