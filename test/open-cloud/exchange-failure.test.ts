import { expect, test } from 'vitest';
import type { ExchangeFailure } from '../../src/open-cloud/exchange.ts';
import { classifyFailure, isRefusedByProxy } from '../../src/open-cloud/exchange-failure.ts';

const coded = (code: string, message = code) => Object.assign(new Error(message), { code });

test.each<[code: string, failure: ExchangeFailure]>([
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['ECONNREFUSED', 'connect'],
  ['ENETUNREACH', 'connect'],
  ['EHOSTUNREACH', 'connect'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['UND_ERR_SOCKET', 'reset'],
  ['PROXY_ENDED', 'proxy'],
  ['UND_ERR_HEADERS_OVERFLOW', 'too_large'],
  ['HPE_HEADER_OVERFLOW', 'too_large'],
  ['HPE_INVALID_CONSTANT', 'protocol'],
  ['UND_ERR_ABORTED', 'protocol'],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', 'tls'],
  ['CERT_HAS_EXPIRED', 'tls'],
  ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'],
  ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'tls'],
  ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'],
  ['EPROTO', 'tls'],
  ['HOSTNAME_MISMATCH', 'tls'],
  ['INVALID_CA', 'tls'],
])('%s is %s', (code, failure) => {
  expect(classifyFailure(coded(code), { wasSent: false, isReusedSocket: true })).toMatchObject({
    failure,
    code,
    wasSent: false,
    isReusedSocket: true,
  });
});

test.each([
  [403, true],
  [407, true],
  [502, false],
  [302, false],
])('a proxy that answers CONNECT with %i', (status, isRefused) => {
  const thrown = coded('UND_ERR_ABORTED', `Proxy response (${status}) !== 200 when HTTP Tunneling`);
  const error = classifyFailure(thrown, { wasSent: false, isReusedSocket: false });
  expect(error).toMatchObject({
    failure: 'proxy',
    code: `PROXY_${status}`,
    message: `the proxy answered HTTP ${status}`,
  });
  expect(isRefusedByProxy(error)).toBe(isRefused);
});

test('the innermost coded cause names the failure, also within an aggregate', () => {
  const cause = coded('ECONNREFUSED', 'connect ECONNREFUSED ::1:80');
  const wrapped = new Error('fetch failed', { cause: new AggregateError([cause, coded('ETIMEDOUT')], '') });
  const error = classifyFailure(wrapped, { wasSent: false, isReusedSocket: false });
  expect(error).toMatchObject({ failure: 'connect', code: 'ECONNREFUSED', message: cause.message });
  expect(error.cause).toBe(wrapped);
});

test.each<[thrown: unknown, failure: ExchangeFailure, message: string]>([
  [new Error('other side closed'), 'reset', 'other side closed'],
  [new Error('what is this'), 'protocol', 'what is this'],
  ['a string', 'protocol', 'a string'],
])('%s has no code', (thrown, failure, message) => {
  const error = classifyFailure(thrown, { wasSent: true, isReusedSocket: false });
  expect(error).toMatchObject({ failure, message, code: 'UNKNOWN', wasSent: true });
});
