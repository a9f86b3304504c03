import { expect, test } from 'vitest';
import { ExchangeError, type HttpResponse } from '../../src/open-cloud/exchange.ts';
import type { StreamRequest } from '../../src/open-cloud/stream-exchange.ts';
import type { Transport } from '../../src/open-cloud/transport.ts';
import { createBytes, digest } from '../helpers/transfer-session.ts';
import { answerText, request, WIDE_LIMITS } from './answers.ts';
import { OK, useRawServers } from './raw-server.ts';

const { startServer, open, findClosedPort } = useRawServers();
const TIGHT_MS = 60;
const LIMITS = { ...WIDE_LIMITS, maxBodyBytes: 100_000_000 };
const HEAD = 'HTTP/1.1 200 OK\r\n';

function get(url: string, fields: Partial<StreamRequest> = {}): StreamRequest {
  const { signal } = new AbortController();
  return { method: 'GET', url: new URL(url), limits: LIMITS, signal, ...fields };
}

function put(url: string, chunks: Iterable<Uint8Array>, fields: Partial<StreamRequest> = {}): StreamRequest {
  const all = [...chunks];
  const sizeBytes = all.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const readChunks = async function* () {
    yield* all;
  };
  return get(url, { method: 'PUT', body: { sizeBytes, readChunks }, ...fields });
}

async function catchFailure(pending: Promise<HttpResponse>): Promise<ExchangeError> {
  const end = await pending.then(
    ({ status }) => new Error(`answered with ${status}`),
    (error) => error,
  );
  if (end instanceof ExchangeError) return end;
  throw end;
}

/** Everything that a download hands over. */
async function collect(transport: Transport, url: string, fields: Partial<StreamRequest> = {}) {
  const chunks: Uint8Array[] = [];
  const totals = new Set<number | null>();
  const onChunk: StreamRequest['onChunk'] = (chunk, total) => {
    chunks.push(Buffer.from(chunk));
    totals.add(total);
  };
  const response = await transport.stream(get(url, { onChunk, ...fields }));
  return { response, bytes: Buffer.concat(chunks), totals: [...totals] };
}

test('an upload has its length, its type, and no header that a caller chose', async () => {
  const server = await startServer({ onRequest: (socket) => socket.write(OK) });
  const bytes = createBytes(300_000);
  const chunks = [bytes.subarray(0, 65_536), bytes.subarray(65_536, 65_537), bytes.subarray(65_537)];
  const response = await open().stream(put(`${server.url}/x?signature=a%2Fb`, chunks));
  expect([response.status, answerText(response)]).toEqual([200, 'ok']);
  const [text = ''] = server.requests;
  const headEnd = text.indexOf('\r\n\r\n');
  const [line, ...headers] = text.slice(0, headEnd).split('\r\n');
  expect(line).toBe('PUT /x?signature=a%2Fb HTTP/1.1');
  expect(headers.sort()).toEqual([
    'connection: close',
    'content-length: 300000',
    'content-type: application/octet-stream',
    `host: 127.0.0.1:${server.port}`,
    'user-agent: luau-exec',
  ]);
  expect(digest(Buffer.from(text.slice(headEnd + 4), 'latin1'))).toBe(digest(bytes));
});

test('a download is handed over piece by piece, and has no header that a caller chose', async () => {
  const bytes = createBytes(1_000_000);
  const server = await startServer({
    onRequest: (socket) => {
      socket.write(`${HEAD}content-length: ${bytes.byteLength}\r\n\r\n`);
      socket.end(bytes);
    },
  });
  const { response, bytes: got, totals } = await collect(open(), `${server.url}/x`);
  expect(digest(got)).toBe(digest(bytes));
  expect(totals).toEqual([1_000_000]);
  expect(response.body.byteLength).toBe(0);
  expect(server.requests[0]?.trim().split('\r\n').sort()).toEqual([
    'GET /x HTTP/1.1',
    'connection: close',
    `host: 127.0.0.1:${server.port}`,
    'user-agent: luau-exec',
  ]);
});

test('each transfer has a connection of its own, and none that carried a key', async () => {
  const server = await startServer({ onRequest: (socket) => socket.write(OK) });
  const transport = open();
  const withKey = request(server.url, { headers: { 'x-api-key': 'the-key' } });
  await transport.exchange(withKey);
  await transport.stream(get(server.url));
  await transport.stream(put(server.url, [Buffer.from('x')]));
  await transport.exchange(withKey);
  // The first and the last share one.
  expect(server.sockets).toHaveLength(3);
  expect(server.requests.map((text) => text.includes('the-key'))).toEqual([true, false, false, true]);
});

test('more transfers than the API has connections do not wait for one another', async () => {
  const server = await startServer({
    onRequest: (socket) => {
      if (server.requests.length === 4) for (const other of server.sockets) other.write(OK);
      else socket.pause();
    },
  });
  const transport = open({ connections: 1 });
  const all = await Promise.all([1, 2, 3, 4].map(() => transport.stream(get(server.url))));
  expect(all.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
});

test.each([301, 307, 403, 503])('the body of a %i is kept, not handed over', async (status) => {
  const server = await startServer({
    onRequest: (socket) =>
      socket.write(`HTTP/1.1 ${status} No\r\nlocation: http://x.example/\r\ncontent-length: 3\r\n\r\nwhy`),
  });
  const { response, bytes } = await collect(open(), server.url);
  expect([response.status, answerText(response), bytes.byteLength]).toEqual([status, 'why', 0]);
});

test.each([
  ['an answer', HEAD, 5_000],
  ['a refusal', 'HTTP/1.1 503 No\r\n', 70_000],
])('%s that is too large is cut off', async (_name, head, sizeBytes) => {
  const server = await startServer({
    onRequest: (socket) =>
      socket.write(`${head}content-length: ${sizeBytes}\r\n\r\n${'x'.repeat(sizeBytes)}`),
  });
  const limits = { ...LIMITS, maxBodyBytes: head === HEAD ? 4_999 : 1_000_000 };
  const error = await catchFailure(collect(open(), server.url, { limits }).then(({ response }) => response));
  expect(error).toMatchObject({ failure: 'too_large' });
});

test.each([
  [10, 'reset'],
  [50, 'reset'],
  [99, 'reset'],
  [50, 'end'],
] as const)('an upload whose peer goes away at %i percent (%s) fails', async (percent, how) => {
  const bytes = createBytes(8_000_000);
  let received = 0;
  const server = await startServer({
    onConnection: (socket) =>
      socket.on('data', (chunk) => {
        received += chunk.byteLength;
        if (received < (bytes.byteLength * percent) / 100) return;
        if (how === 'reset') socket.resetAndDestroy();
        else socket.destroy();
      }),
  });
  const chunks = Array.from({ length: 80 }, (_, index) =>
    bytes.subarray(index * 100_000, (index + 1) * 100_000),
  );
  const error = await catchFailure(open().stream(put(server.url, chunks)));
  expect(error).toMatchObject({ failure: 'reset', wasSent: true });
});

test.each([
  [10, 'reset'],
  [50, 'reset'],
  [99, 'reset'],
  [50, 'end'],
  [100, 'end'],
] as const)('a download whose peer goes away at %i percent (%s)', async (percent, how) => {
  const bytes = createBytes(2_000_000);
  const part = bytes.subarray(0, (bytes.byteLength * percent) / 100);
  for (const connection of ['keep-alive', 'close']) {
    const server = await startServer({
      onRequest: (socket) => {
        socket.write(`${HEAD}connection: ${connection}\r\ncontent-length: ${bytes.byteLength}\r\n\r\n`);
        socket.write(part, () => (how === 'reset' ? socket.resetAndDestroy() : socket.end()));
      },
    });
    const pending = collect(open(), server.url);
    if (percent === 100) expect(digest((await pending).bytes)).toBe(digest(bytes));
    else
      expect(['reset', 'protocol']).toContain(
        (await catchFailure(pending.then((all) => all.response))).failure,
      );
  }
});

test('a refusal that comes while the body is sent is heard, and the rest is not read', async () => {
  const server = await startServer({
    onConnection: (socket) => {
      socket.once('data', () => {
        socket.write('HTTP/1.1 403 No\r\ncontent-length: 7\r\n\r\nexpired');
        // Left open and read, so that the answer is not lost in a reset.
        socket.on('data', () => undefined);
      });
    },
  });
  let taken = 0;
  const endless = {
    sizeBytes: 1_000_000_000,
    async *readChunks() {
      for (; taken < 1_000; taken++) {
        yield Buffer.alloc(1_000_000);
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  };
  const response = await open().stream(get(server.url, { method: 'PUT', body: endless }));
  expect([response.status, answerText(response)]).toEqual([403, 'expired']);
  expect(taken).toBeLessThan(1_000);
});

test.each([
  ['takes nothing more', 'sending', () => undefined],
  [
    'takes all and never answers',
    'waiting for an answer',
    (socket: { resume(): unknown }) => socket.resume(),
  ],
])('a peer that %s is given up', async (_name, phase, onConnection) => {
  const server = await startServer({ onConnection });
  const limits = { ...LIMITS, headersMs: TIGHT_MS };
  // More than the buffers of both systems hold.
  const chunks = Array.from({ length: 16 }, () => Buffer.alloc(1_000_000));
  const sent = phase === 'sending' ? chunks : chunks.slice(0, 1);
  const error = await catchFailure(open().stream(put(server.url, sent, { limits })));
  expect(error).toMatchObject({ failure: 'timeout', code: 'TIMEOUT', wasSent: true });
  expect(error.message).toMatch(new RegExp(`while ${phase}$`));
});

test('a peer that begins its answer too early and never ends it is given up', async () => {
  const server = await startServer({
    onConnection: (socket) => socket.on('data', () => socket.write(`${HEAD}content-length: 999\r\n\r\nx`)),
  });
  const body = {
    sizeBytes: 8,
    async *readChunks() {
      yield Buffer.from('four');
      await expect.poll(() => server.sockets[0]?.bytesWritten ?? 0, { interval: 5 }).toBeGreaterThan(0);
      await new Promise((resolve) => setImmediate(resolve));
      yield Buffer.from('more');
    },
  };
  const limits = { ...LIMITS, bodyMs: TIGHT_MS };
  const error = await catchFailure(open().stream(get(server.url, { method: 'PUT', body, limits })));
  expect(error.message).toMatch(/while reading the answer$/);
});

test('a peer that goes on slowly is not', async () => {
  const pauses = [1, 2, 3, 4, 5, 6];
  const server = await startServer({
    onRequest: (socket) => {
      socket.write(`${HEAD}content-length: ${pauses.length}\r\n\r\n`);
      const timer = setInterval(() => {
        socket.write('x');
        if (pauses.shift() === 6) clearInterval(timer);
      }, TIGHT_MS / 3);
    },
  });
  const { bytes } = await collect(open(), server.url, { limits: { ...LIMITS, bodyMs: TIGHT_MS } });
  expect(bytes.toString()).toBe('xxxxxx');
});

test('a download that stalls is given up', async () => {
  const server = await startServer({
    onRequest: (socket) => socket.write(`${HEAD}content-length: 9\r\n\r\nhalf`),
  });
  const limits = { ...LIMITS, bodyMs: TIGHT_MS };
  const error = await catchFailure(collect(open(), server.url, { limits }).then(({ response }) => response));
  expect(error.message).toMatch(/while reading the answer$/);
});

test('what a source or a sink throws comes out as it is, and ends the connection', async () => {
  const server = await startServer({
    onRequest: (socket) => socket.write(`${HEAD}content-length: 9\r\n\r\nhalf`),
  });
  const full = new Error('the disk is full');
  await expect(
    open().stream(
      get(server.url, {
        onChunk: () => {
          throw full;
        },
      }),
    ),
  ).rejects.toBe(full);
  const broken = new Error('the file is broken');
  const body = {
    sizeBytes: 9,
    async *readChunks() {
      yield Buffer.from('half');
      throw broken;
    },
  };
  await expect(open().stream(get(server.url, { method: 'PUT', body }))).rejects.toBe(broken);
  await expect.poll(() => server.sockets.every((socket) => socket.destroyed), { interval: 5 }).toBe(true);
});

test('a source that gives too little or too much fails the exchange', async () => {
  const server = await startServer({ onRequest: (socket) => socket.write(OK) });
  for (const sizeBytes of [3, 5]) {
    const body = {
      sizeBytes,
      async *readChunks() {
        yield Buffer.from('four');
      },
    };
    const error = await catchFailure(open().stream(get(server.url, { method: 'PUT', body })));
    expect(error.code).toBe('UND_ERR_REQ_CONTENT_LENGTH_MISMATCH');
  }
  expect(server.requests).toEqual([]);
});

test('an abort ends a transfer at once, in either direction', async () => {
  const server = await startServer({ onConnection: (socket) => void socket.on('data', () => undefined) });
  for (const start of [
    (signal: AbortSignal) => get(server.url, { signal }),
    (signal: AbortSignal) => put(server.url, [Buffer.alloc(10)], { signal }),
  ]) {
    const stop = new AbortController();
    const pending = catchFailure(open().stream(start(stop.signal)));
    const before = server.sockets.length;
    await expect.poll(() => server.sockets.length, { interval: 5 }).toBeGreaterThan(before);
    stop.abort(new Error('stop'));
    expect(await pending).toMatchObject({ failure: 'aborted' });
  }
  const stopped = AbortSignal.abort(new Error('stop'));
  expect(await catchFailure(open().stream(get(server.url, { signal: stopped })))).toMatchObject({
    failure: 'aborted',
  });
  await expect.poll(() => server.sockets.every((socket) => socket.destroyed), { interval: 5 }).toBe(true);
});

test('a refused connection fails, and close ends what is under way', async () => {
  const port = await findClosedPort();
  const refused = await catchFailure(open().stream(put(`http://127.0.0.1:${port}`, [Buffer.from('x')])));
  expect(refused).toMatchObject({ failure: 'connect', wasSent: false });
  const server = await startServer({ onRequest: () => undefined });
  const transport = open();
  const pending = catchFailure(transport.stream(get(server.url)));
  await expect.poll(() => server.requests.length, { interval: 5 }).toBe(1);
  await transport.close();
  await pending;
  await expect.poll(() => server.sockets.every((socket) => socket.destroyed), { interval: 5 }).toBe(true);
});

test('a proxy is used for presigned URIs as well', async () => {
  const proxy = await startServer({
    onRequest: (socket, text) => socket.write(text.startsWith('CONNECT') ? 'HTTP/1.1 200 OK\r\n\r\n' : OK),
  });
  const transport = open({ env: { HTTP_PROXY: proxy.url } });
  const response = await transport.stream(put('http://store.example/x', [Buffer.from('bytes')]));
  expect(response.status).toBe(200);
  expect(proxy.requests.map((text) => text.split('\r\n')[0])).toEqual([
    'CONNECT store.example:80 HTTP/1.1',
    'PUT /x HTTP/1.1',
  ]);
});
