import { expect, test } from 'vitest';
import { answerText, request, WIDE_LIMITS } from './answers.ts';
import { catchFailure, OK, useRawServers } from './raw-server.ts';

const { startServer, open, findClosedPort } = useRawServers();
const TIGHT_MS = 60;

test('a request is written as it was given, and asks for no compression', async () => {
  const server = await startServer({ onRequest: (socket) => socket.write(OK) });
  const url = `${server.url}/cloud/v2/x?view=BASIC&y=a%20b`;
  const headers = { 'x-api-key': 'k', 'user-agent': 'luau-exec', 'content-type': 'application/json' };
  const body = '{"script":"print(\'é\')"}';
  const response = await open().exchange(request(url, { method: 'POST', headers, body }));
  expect(response.status).toBe(200);
  const [text = ''] = server.requests;
  const head = text.slice(0, text.indexOf('\r\n\r\n')).split('\r\n');
  expect(head[0]).toBe('POST /cloud/v2/x?view=BASIC&y=a%20b HTTP/1.1');
  expect(head.slice(1).sort()).toEqual([
    'connection: keep-alive',
    `content-length: ${Buffer.byteLength(body)}`,
    'content-type: application/json',
    `host: 127.0.0.1:${server.port}`,
    'user-agent: luau-exec',
    'x-api-key: k',
  ]);
  expect(Buffer.from(text.slice(text.indexOf('\r\n\r\n') + 4), 'latin1').toString()).toBe(body);
});

test.each([
  ['a length', 'content-length: 5\r\n\r\nhello', 'hello'],
  ['chunks', 'transfer-encoding: chunked\r\n\r\n2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n', 'hello'],
  ['the end of the connection', 'connection: close\r\n\r\nhello', 'hello'],
  ['no body', 'content-length: 0\r\n\r\n', ''],
])('a body that ends by %s', async (_name, rest, body) => {
  const server = await startServer({
    onRequest: (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\n${rest}`);
      if (rest.startsWith('connection')) socket.end();
    },
  });
  expect(answerText(await open().exchange(request(server.url)))).toBe(body);
});

test('headers are lower case and joined; interim answers are passed over', async () => {
  const server = await startServer({
    onRequest: (socket) =>
      socket.write(
        'HTTP/1.1 103 Early Hints\r\nX-Limit: no\r\n\r\n' +
          'HTTP/1.1 429 Slow\r\nX-RateLimit-Reset: 5\r\nx-ratelimit-reset: 38\r\nSet-Cookie: a\r\nSet-Cookie: b\r\n' +
          '__proto__: x\r\nContent-Length: 0\r\n\r\n',
      ),
  });
  const { status, headers } = await open().exchange(request(server.url));
  expect(status).toBe(429);
  expect({ ...headers }).toMatchObject({ 'x-ratelimit-reset': '5, 38', 'set-cookie': 'a, b' });
  expect(headers['x-limit']).toBeUndefined();
});

test.each([301, 302, 307, 308])('a %i is returned, not followed', async (status) => {
  const other = await startServer({ onRequest: (socket) => socket.write(OK) });
  const server = await startServer({
    onRequest: (socket) =>
      socket.write(`HTTP/1.1 ${status} Moved\r\nlocation: ${other.url}/\r\ncontent-length: 0\r\n\r\n`),
  });
  const response = await open().exchange(request(server.url, { headers: { 'x-api-key': 'k' } }));
  expect(response).toMatchObject({ status, headers: { location: `${other.url}/` } });
  expect(other.sockets).toHaveLength(0);
});

test('a refused connection was not sent', async () => {
  const port = await findClosedPort();
  const error = await catchFailure(
    open(),
    request(`http://127.0.0.1:${port}`, { method: 'POST', body: 'x' }),
  );
  expect(error).toMatchObject({ failure: 'connect', code: 'ECONNREFUSED', wasSent: false });
});

test('a name that does not exist was not sent', async () => {
  const error = await catchFailure(open(), request('http://no-such-name.invalid/'));
  expect(error).toMatchObject({ failure: 'dns', wasSent: false });
});

test.each(['reset', 'end'] as const)(
  'a peer that ends right after the accept (%s) does not hang it',
  async (how) => {
    const server = await startServer({
      onConnection: (socket) => (how === 'reset' ? socket.resetAndDestroy() : socket.end()),
    });
    const error = await catchFailure(open(), request(server.url, { method: 'POST', body: 'x' }));
    // Whether the request had left by then depends on who was faster, so nothing is said about that.
    expect(error.failure).toBe('reset');
  },
);

const half = 'HTTP/1.1 20';
test.each<[name: string, sent: string, end: 'end' | 'reset', failure: string]>([
  ['FIN', '', 'end', 'reset'],
  ['RST', '', 'reset', 'reset'],
  ['half a status line and FIN', half, 'end', 'reset'],
  ['half the headers and RST', 'HTTP/1.1 200 OK\r\ncontent-le', 'reset', 'reset'],
  ['half a body and FIN', 'HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nhal', 'end', 'reset'],
  ['half a chunk and RST', 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\nhal', 'reset', 'reset'],
  ['something that is not HTTP', 'SSH-2.0-OpenSSH\r\n\r\n', 'end', 'protocol'],
])('%s after the request was read: it was sent', async (_name, sent, end, failure) => {
  const server = await startServer({
    onRequest: (socket) =>
      socket.write(sent, () => (end === 'end' ? socket.end() : setImmediate(() => socket.resetAndDestroy()))),
  });
  const error = await catchFailure(open(), request(server.url, { method: 'POST', body: 'x' }));
  expect(error).toMatchObject({ failure, wasSent: true, isReusedSocket: false });
  expect(server.requests).toHaveLength(1);
});

test.each([
  ['never answers', { headersMs: TIGHT_MS }, [], 'waiting for an answer'],
  [
    'drips its headers',
    { headersMs: TIGHT_MS },
    ['HTTP/1.1 200 OK\r\n', 'a: b\r\n', 'c: d\r\n'],
    'waiting for an answer',
  ],
  [
    'stops within the body',
    { bodyMs: TIGHT_MS },
    ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n', 'ha'],
    'reading the answer',
  ],
  [
    'drips its body for ever',
    { bodyMs: TIGHT_MS, attemptMs: 2 * TIGHT_MS },
    ['HTTP/1.1 200 OK\r\ncontent-length: 99\r\n\r\n', ...Array.from({ length: 20 }, () => 'x')],
    'reading the answer',
  ],
])('a server that %s is given up', async (_name, limits, drips, phase) => {
  const server = await startServer({
    onRequest: (socket) => {
      const timer = setInterval(() => {
        const drip = drips.shift();
        if (drip !== undefined && !socket.destroyed) socket.write(drip);
      }, 15);
      socket.on('close', () => clearInterval(timer));
    },
  });
  const startMs = performance.now();
  const error = await catchFailure(open(), request(server.url, { limits: { ...WIDE_LIMITS, ...limits } }));
  expect(error).toMatchObject({ failure: 'timeout', code: 'TIMEOUT', wasSent: true });
  expect(error.message).toMatch(new RegExp(`^gave up after 0(\\.\\d)? s while ${phase}$`));
  expect(performance.now() - startMs).toBeLessThan(1_000);
});

test('a connection that is never ready is given up and was not sent', async () => {
  const server = await startServer({ onConnection: () => undefined });
  const url = server.url.replace('http:', 'https:');
  const limits = { ...WIDE_LIMITS, connectMs: TIGHT_MS };
  const error = await catchFailure(open(), request(url, { method: 'POST', body: 'x', limits }));
  expect(error).toMatchObject({ failure: 'timeout', code: 'CONNECT_TIMEOUT', wasSent: false });
});

test('a server that does not speak TLS gets nothing', async () => {
  const received: string[] = [];
  const server = await startServer({
    onConnection: (socket) =>
      socket.on('data', (chunk) => {
        received.push(chunk.toString('latin1'));
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
      }),
  });
  const url = server.url.replace('http:', 'https:');
  const error = await catchFailure(open(), request(url, { headers: { 'x-api-key': 'the-key' } }));
  expect(error).toMatchObject({ failure: 'tls', wasSent: false });
  expect(received.join('')).not.toContain('the-key');
});

test.each([
  ['by its length', 'HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\nx', 'TOO_LARGE'],
  [
    'by its chunks',
    `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${`400\r\n${'x'.repeat(1024)}\r\n`.repeat(20)}`,
    'TOO_LARGE',
  ],
  ['in its headers', `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(64 * 1024)}\r\n\r\n`, 'UND_ERR_HEADERS_OVERFLOW'],
])('an answer that is too large %s is cut off', async (_name, text, code) => {
  const server = await startServer({ onRequest: (socket) => socket.write(text) });
  const limits = { ...WIDE_LIMITS, maxBodyBytes: 10_000 };
  const error = await catchFailure(open(), request(server.url, { limits }));
  expect(error).toMatchObject({ failure: 'too_large', code, wasSent: true });
});

test('a socket that carried a request before is told apart, alive or dead', async () => {
  const server = await startServer({
    onRequest: (socket) => (server.requests.length === 3 ? socket.resetAndDestroy() : socket.write(OK)),
  });
  const transport = open();
  await transport.exchange(request(server.url));
  await transport.exchange(request(server.url));
  const error = await catchFailure(transport, request(server.url));
  expect(error).toMatchObject({ failure: 'reset', wasSent: true, isReusedSocket: true });
  expect(server.sockets).toHaveLength(1);
  await transport.exchange(request(server.url));
  expect(server.sockets).toHaveLength(2);
});

test('a request that must be fresh opens a connection, which the next ones use', async () => {
  const connections: number[] = [];
  const server = await startServer({
    onRequest: (socket, _text, connection) => {
      connections.push(connection);
      socket.write(OK);
    },
  });
  const transport = open();
  const fresh = { method: 'POST', body: 'x', isFreshSocket: true } as const;
  for (const fields of [{}, fresh, {}, {}, fresh, {}]) await transport.exchange(request(server.url, fields));
  expect(connections).toEqual([0, 1, 1, 1, 2, 2]);
});

test('creates that run at the same time are each told apart', async () => {
  const server = await startServer({
    onRequest: (socket, text) => {
      if (text.startsWith('POST /ok')) socket.write(OK);
      else if (text.startsWith('POST /reset')) socket.resetAndDestroy();
    },
  });
  const port = await findClosedPort();
  const transport = open();
  const limits = { ...WIDE_LIMITS, headersMs: TIGHT_MS };
  const create = (url: string) =>
    transport.exchange(request(url, { method: 'POST', body: 'x', isFreshSocket: true, limits })).then(
      ({ status }) => status,
      ({ failure, wasSent }) => `${failure} ${wasSent}`,
    );
  const paths = ['/ok', '/reset', '/silent', '/ok', '/reset'].map((path) => `${server.url}${path}`);
  const ends = await Promise.all([...paths, `http://127.0.0.1:${port}/`].map(create));
  expect(ends).toEqual([200, 'reset true', 'timeout true', 200, 'reset true', 'connect false']);
  expect(server.sockets).toHaveLength(5);
});

test('a request that had to queue counts as sent, and its time to answer starts when it is written', async () => {
  const server = await startServer({
    onRequest: (socket) => void setTimeout(() => !socket.destroyed && socket.write(OK), 100),
  });
  const transport = open({ connections: 1 });
  const limits = { ...WIDE_LIMITS, connectMs: 160 };
  const ends = await Promise.all(
    [1, 2].map(() => transport.exchange(request(server.url, { limits })).then(({ status }) => status)),
  );
  expect(ends).toEqual([200, 200]);
  const lost = await startServer({ onRequest: (socket) => socket.resetAndDestroy() });
  const failures = await Promise.all([1, 2].map(() => catchFailure(transport, request(lost.url))));
  expect(failures.map(({ wasSent }) => wasSent)).toEqual([true, true]);
});

test('an abort before the connection is there was not sent, one after the request was', async () => {
  const server = await startServer({});
  const early = AbortSignal.abort(new Error('stop'));
  const transport = open();
  expect(await catchFailure(transport, request(server.url, { signal: early }))).toMatchObject({
    failure: 'aborted',
    wasSent: false,
  });
  const late = new AbortController();
  const pending = catchFailure(
    transport,
    request(server.url, { method: 'POST', body: 'x', signal: late.signal }),
  );
  await expect.poll(() => server.requests.length, { interval: 5 }).toBe(1);
  late.abort(new Error('stop'));
  expect(await pending).toMatchObject({ failure: 'aborted', wasSent: true });
  // The first request was never written.
  expect(server.requests[0]).toMatch(/^POST/);
  await expect.poll(() => server.sockets.every((socket) => socket.destroyed), { interval: 5 }).toBe(true);
});

test('close drops every connection, those of earlier creates included', async () => {
  const server = await startServer({ onConnection: (socket) => void socket.on('data', () => undefined) });
  const url = server.url.replace('http:', 'https:');
  const limits = { ...WIDE_LIMITS, connectMs: TIGHT_MS };
  const transport = open();
  for (let index = 0; index < 2; index++) {
    await catchFailure(transport, request(url, { method: 'POST', body: 'x', isFreshSocket: true, limits }));
  }
  await transport.close();
  await expect.poll(() => server.sockets.every((socket) => socket.destroyed), { interval: 5 }).toBe(true);
  expect(server.sockets).toHaveLength(2);
});

test.each<[name: string, env: (proxy: string) => Record<string, string>, scheme: string, lines: string[]]>([
  ['http_proxy', (proxy) => ({ http_proxy: proxy }), 'http', ['CONNECT example.invalid:80 HTTP/1.1']],
  ['HTTPS_PROXY', (proxy) => ({ HTTPS_PROXY: proxy }), 'https', ['CONNECT example.invalid:443 HTTP/1.1']],
  [
    'an empty https_proxy beside HTTPS_PROXY',
    (proxy) => ({ https_proxy: '', HTTPS_PROXY: proxy }),
    'https',
    ['CONNECT example.invalid:443 HTTP/1.1'],
  ],
  ['HTTP_PROXY alone', (proxy) => ({ HTTP_PROXY: proxy }), 'https', ['CONNECT example.invalid:443 HTTP/1.1']],
  ['NO_PROXY', (proxy) => ({ HTTPS_PROXY: proxy, NO_PROXY: 'example.invalid' }), 'https', []],
])(
  '%s is obeyed; a proxy that refuses leaves the request unsent',
  async (_name, createEnv, scheme, lines) => {
    const proxy = await startServer({
      onRequest: (socket) => socket.end('HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n'),
    });
    const transport = open({ env: createEnv(proxy.url) });
    const end = await transport
      .exchange(request(`${scheme}://example.invalid/x`, { headers: { 'x-api-key': 'the-key' } }))
      .then(
        ({ status }) => status,
        ({ wasSent }) => `sent: ${wasSent}`,
      );
    expect(end).toBe('sent: false');
    expect(proxy.requests.map((text) => text.split('\r\n')[0])).toEqual(lines);
    expect(proxy.requests.join('')).not.toContain('the-key');
  },
);

test('a request goes through a proxy that opens a tunnel, and this machine is reached without one', async () => {
  const proxy = await startServer({
    onRequest: (socket, text) => socket.write(text.startsWith('CONNECT') ? 'HTTP/1.1 200 OK\r\n\r\n' : OK),
  });
  const transport = open({ env: { HTTP_PROXY: proxy.url.replace('http://', '') } });
  const create = { method: 'POST', body: 'x', isFreshSocket: true } as const;
  expect(answerText(await transport.exchange(request('http://example.invalid/x', create)))).toBe('ok');
  expect(answerText(await transport.exchange(request('http://example.invalid/y')))).toBe('ok');
  expect(proxy.requests.map((text) => text.split('\r\n')[0])).toEqual([
    'CONNECT example.invalid:80 HTTP/1.1',
    'POST /x HTTP/1.1',
    'GET /y HTTP/1.1',
  ]);
  const local = await startServer({ onRequest: (socket) => socket.write(OK) });
  await transport.exchange(request(local.url));
  expect(proxy.requests).toHaveLength(3);
});

test('a proxy that is not a URL is told without being shown', () => {
  const broken = () => open({ env: { HTTPS_PROXY: 'http://user:secret@[' } });
  expect(broken).toThrow(
    expect.objectContaining({ kind: 'usage', message: expect.not.stringContaining('secret') }),
  );
});
