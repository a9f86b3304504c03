import { expect, test } from 'vitest';
import type { ErrorKind } from '../../src/errors.ts';
import type { FailureSetting } from '../../src/open-cloud/error-of-failure.ts';
import {
  type Failure,
  failureOfBadAnswer,
  failureOfExchange,
  failureOfResponse,
} from '../../src/open-cloud/failure.ts';
import { createFailureError } from '../../src/open-cloud/failure-error.ts';
import { OPERATIONS } from '../../src/open-cloud/operations.ts';
import { answer, exchangeError, TASK_PATH } from './answers.ts';

const attempts = [{ atMs: 0, httpStatus: 503, reason: 'HTTP 503', waitMs: null }];
const base: Omit<FailureSetting, 'operation' | 'taskPath'> = {
  origin: 'https://apis.roblox.com',
  universeId: '11',
  placeId: '22',
  attempts,
  isRepeatAllowed: false,
  elapsedMs: 120_400,
  wallNowMs: Date.parse('2026-11-21T09:00:00.000Z'),
  proxy: null,
};
const onCreate: FailureSetting = { ...base, operation: OPERATIONS.createTask, taskPath: null };
const onPlace: FailureSetting = { ...base, operation: OPERATIONS.uploadPlace, taskPath: null };
const onInput: FailureSetting = { ...base, operation: OPERATIONS.createBinaryInput, taskPath: null };
const onGet: FailureSetting = { ...base, operation: OPERATIONS.getTask, taskPath: TASK_PATH };

const status = (code: number, body?: unknown, headers?: Record<string, string>) =>
  failureOfResponse(answer(code, body, headers));
const network = (...args: Parameters<typeof exchangeError>) => failureOfExchange(exchangeError(...args));
const denied = { code: 'PERMISSION_DENIED', message: 'scope missing' };
const full = { code: 'RESOURCE_EXHAUSTED', message: 'ten of them' };
const portal = failureOfBadAnswer(answer(200, '<html><title>Sign in</title>'), 'the answer is not JSON');
const list = failureOfBadAnswer(answer(200, '[]'), 'the answer is not a JSON object');
const resume = `luau-exec wait ${TASK_PATH}`;

test.each<
  [
    failure: Failure,
    setting: FailureSetting,
    id: string,
    kind: ErrorKind,
    headline: string,
    hint: string | null,
  ]
>([
  // The script may be running.
  ...[status(500), status(504, '<html>'), status(408), network('reset', { wasSent: true }), portal, list].map(
    (failure): [Failure, FailureSetting, string, ErrorKind, string, string] => [
      failure,
      onCreate,
      'LX510',
      'unknown',
      'the script was sent but no usable answer came: it may be running',
      '--retry-unsafe',
    ],
  ),
  // Nothing was sent.
  [
    network('dns', { wasSent: false }),
    onCreate,
    'LX501',
    'unavailable',
    'cannot reach apis.roblox.com: its name cannot be resolved',
    'check the network',
  ],
  [
    network('connect', { wasSent: false }),
    onCreate,
    'LX501',
    'unavailable',
    'it refused the connection',
    'network',
  ],
  [network('timeout', { wasSent: false }), onCreate, 'LX501', 'unavailable', 'it did not answer', 'network'],
  [network('protocol', { wasSent: false }), onCreate, 'LX501', 'unavailable', 'it was protocol', 'network'],
  [
    network('tls', { wasSent: false }),
    onCreate,
    'LX502',
    'unavailable',
    'TLS certificate',
    'NODE_EXTRA_CA_CERTS',
  ],
  [
    network('tls', { wasSent: false }),
    onGet,
    'LX502',
    'unavailable',
    'TLS certificate',
    'NODE_EXTRA_CA_CERTS',
  ],
  // Refused.
  [status(401), onCreate, 'LX401', 'auth', 'the API key was refused (401)', 'luau-exec doctor'],
  [
    status(403, denied),
    onCreate,
    'LX403',
    'auth',
    'the key may not do this in universe 11 (403)',
    'luau-exec doctor',
  ],
  [status(404), onCreate, 'LX404', 'not_found', 'place 22 of universe 11 was not found', 'compare'],
  [status(404), onGet, 'LX404', 'not_found', 'there is no such task', '24 h'],
  [status(400), onCreate, 'LX400', 'usage', 'did not accept the request (400)', null],
  [status(409), onGet, 'LX400', 'bad_response', 'refused the request (409)', null],
  // Held back.
  [
    status(429, {}, { 'x-ratelimit-reset': '56442' }),
    onCreate,
    'LX429',
    'throttled',
    "a quota of this key's owner is used up until 2026-11-22T00:40:42Z",
    'run it again after that',
  ],
  [status(429), onCreate, 'LX429', 'throttled', 'gave up after 120 s', '--queue-timeout'],
  [
    status(429, full),
    onCreate,
    'LX430',
    'throttled',
    'place 22 still has ten unfinished tasks; gave up after 120 s',
    '--queue-timeout',
  ],
  // A read that is held back must not claim that nothing was created.
  [status(429), onGet, 'LX429', 'unavailable', 'gave up after 120 s', resume],
  [
    status(429, {}, { 'x-ratelimit-reset': '56442' }),
    onGet,
    'LX429',
    'unavailable',
    'is used up until',
    resume,
  ],
  // Reading gave up.
  [status(503), onGet, 'LX503', 'unavailable', 'no good answer for 120 s (last: HTTP 503, 1 try)', resume],
  [network('connect', { wasSent: false }), onGet, 'LX503', 'unavailable', '(last: CONNECT, 1 try)', resume],
  // An upload gave up.
  [
    network('reset', { wasSent: true }),
    onPlace,
    'LX503',
    'unavailable',
    'uploading the place failed for 120 s (last: RESET, 1 try)',
    'check the network, then run it again',
  ],
  [
    status(503),
    onInput,
    'LX503',
    'unavailable',
    'preparing the binary input failed for 120 s (last: HTTP 503, 1 try)',
    'check the network, then run it again',
  ],
  [portal, onGet, 'LX520', 'bad_response', 'not from the API (a web page: Sign in)', resume],
  [list, onGet, 'LX520', 'bad_response', 'not from the API (the answer is not a JSON object)', resume],
  [
    network('too_large', { wasSent: true }),
    onGet,
    'LX520',
    'bad_response',
    'the answer is too large',
    resume,
  ],
  // Sent elsewhere.
  [
    status(302, '', { location: 'https://evil.example/x' }),
    onCreate,
    'LX530',
    'bad_response',
    'refused a redirect to evil.example; the key was not sent there',
    'base URL',
  ],
  [
    status(301, '', { location: '/login' }),
    onGet,
    'LX530',
    'bad_response',
    'refused a redirect to apis.roblox.com; redirects are not followed',
    'URL',
  ],
  [
    status(302, '', { location: 'http://apis.roblox.com/x' }),
    onGet,
    'LX530',
    'bad_response',
    'refused a redirect to http://apis.roblox.com; the key was not sent there',
    'URL',
  ],
  [status(308, '', { location: 'mailto:x' }), onGet, 'LX530', 'bad_response', 'cannot be read', 'URL'],
  [status(304), onGet, 'LX520', 'bad_response', 'not from the API (HTTP 304, and no address', 'URL'],
  [status(308, '', { location: 'http://[' }), onGet, 'LX530', 'bad_response', 'cannot be read', 'URL'],
])('failure %# becomes its error', (failure, setting, id, kind, headline, hint) => {
  const error = createFailureError(failure, setting);
  expect(error).toMatchObject({
    id,
    kind,
    attempts,
    taskPath: setting.taskPath,
    httpStatus: failure.httpStatus,
  });
  expect(error.message).toContain(headline);
  if (hint === null) expect(error.hint).toBeNull();
  else expect(error.hint).toContain(hint);
  const claimsNothingWasCreated = error.facts.includes('nothing was created');
  expect(claimsNothingWasCreated).toBe(kind === 'throttled');
});

test("facts: the service's words, the scope, the proxy, the last try", () => {
  const forbidden = createFailureError(status(403, denied), onGet);
  expect(forbidden.code).toBe('PERMISSION_DENIED');
  expect(forbidden.facts).toEqual([
    'the service says: "scope missing"',
    expect.stringContaining(
      'universe.place.luau-execution-session:read or universe.place.luau-execution-session:write',
    ),
  ]);
  const unreachable = createFailureError(network('connect', { wasSent: false, code: 'ECONNREFUSED' }), {
    ...onCreate,
    proxy: 'proxy.example:8080',
  });
  expect(unreachable.facts).toEqual(['last: ECONNREFUSED', 'proxy: proxy.example:8080', 'nothing was sent']);
  expect(unreachable.cause).toMatchObject({ failure: 'connect' });
  const unknown = createFailureError(status(500, { code: 'X', message: 'yes '.repeat(150) }), onCreate);
  expect(unknown.facts).toEqual([
    'last: HTTP 500',
    `the service says: "${'yes '.repeat(125)}…"`,
    'it was not sent again, so that it cannot run twice',
  ]);
  const twice = createFailureError(status(502, '<html><title>Bad Gateway'), {
    ...onCreate,
    isRepeatAllowed: true,
  });
  expect(twice.facts).toEqual(['last: HTTP 502 HTML', expect.stringContaining('it may run more than once')]);
  expect(twice.hint).not.toContain('--retry-unsafe');
});
