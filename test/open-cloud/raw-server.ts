import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { HttpRequest, HttpResponse } from '../../src/open-cloud/exchange.ts';
import { ExchangeError } from '../../src/open-cloud/exchange.ts';
import { createTransport, type Transport, type TransportOptions } from '../../src/open-cloud/transport.ts';

/** A server that speaks bytes, not HTTP. */
export interface RawServer {
  url: string;
  port: number;
  sockets: Socket[];
  /** Every whole request that came, its head and body as text, in order. */
  requests: string[];
}

export interface RawHandlers {
  /** Called for each new connection; without it the server reads what comes. */
  onConnection?: (socket: Socket) => void;
  /** Called for each whole request, with its text and the number of its connection from 0. */
  onRequest?: (socket: Socket, request: string, connection: number) => void;
}

export interface RawSetting {
  startServer(handlers: RawHandlers): Promise<RawServer>;
  open(options?: Partial<TransportOptions>): Transport;
  /** A port of loopback that nobody listens on. */
  findClosedPort(): Promise<number>;
}

export interface CutUpload {
  handlers: RawHandlers;
  /** What came over each connection, in its pieces. */
  received: Buffer[][];
}

/** Cuts the first upload off once that share of its body has come, and answers the second when all of it is there. */
export function cutFirstUpload(bodyBytes: number, percent: number, answer: string): CutUpload {
  const received: Buffer[][] = [];
  const onConnection = (socket: Socket) => {
    const chunks: Buffer[] = [];
    const connection = received.push(chunks) - 1;
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      const size = chunks.reduce((sum, { byteLength }) => sum + byteLength, 0);
      if (connection === 0 && size >= (bodyBytes * percent) / 100) socket.resetAndDestroy();
      if (connection === 1 && Buffer.concat(chunks).indexOf('\r\n\r\n') + 4 + bodyBytes === size)
        socket.write(answer);
    });
  };
  return { handlers: { onConnection }, received };
}

/** Servers and transports for one test file; all are closed after each test. */
export function useRawServers(): RawSetting {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  const listen = async (server: Server): Promise<number> => {
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  };
  return {
    async startServer(handlers) {
      const sockets: Socket[] = [];
      const requests: string[] = [];
      const server = createServer((socket) => {
        const connection = sockets.push(socket) - 1;
        socket.on('error', () => undefined);
        if (handlers.onConnection) return handlers.onConnection(socket);
        readRequests(socket, (text) => {
          requests.push(text);
          handlers.onRequest?.(socket, text, connection);
        });
      });
      const port = await listen(server);
      cleanups.push(() => {
        for (const socket of sockets) socket.destroy();
        return new Promise((resolve) => server.close(resolve));
      });
      return { url: `http://127.0.0.1:${port}`, port, sockets, requests };
    },
    open(options = {}) {
      const transport = createTransport({ clock: systemClock, env: {}, ...options });
      cleanups.push(() => transport.close());
      return transport;
    },
    async findClosedPort() {
      const server = createServer();
      const port = await listen(server);
      await new Promise((resolve) => server.close(resolve));
      return port;
    },
  };
}

/** Cuts what comes over a socket into requests; a body must have a content length. */
function readRequests(socket: Socket, onRequest: (text: string) => void): void {
  let text = '';
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    for (;;) {
      const headEnd = text.indexOf('\r\n\r\n');
      if (headEnd < 0) return;
      const bodyLength = Number(/content-length: (\d+)/i.exec(text.slice(0, headEnd))?.[1] ?? 0);
      const end = headEnd + 4 + bodyLength;
      if (text.length < end) return;
      const request = text.slice(0, end);
      text = text.slice(end);
      onRequest(request);
    }
  });
}

/** The error that an exchange ends with. */
export async function catchFailure(transport: Transport, request: HttpRequest): Promise<ExchangeError> {
  let response: HttpResponse;
  try {
    response = await transport.exchange(request);
  } catch (error) {
    if (error instanceof ExchangeError) return error;
    throw error;
  }
  throw new Error(`the exchange was answered with ${response.status}`);
}

export const OK = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
