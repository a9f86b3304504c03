import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { createServer } from 'node:tls';
import { afterEach } from 'vitest';
import type { Certificate } from './certificates.ts';

/** Speaks TLS in front of a server that does not. */
export interface TlsFront {
  port: number;
  /** How many connections were made to it, whatever became of them. */
  connections(): number;
  /** Everything that came through TLS, decrypted, in the order in which it came. */
  received(): string;
}

export interface TlsFrontOptions {
  certificate: Certificate;
  /** Origin of the server behind it; without one nothing is answered. */
  target?: string;
  /** Told of each piece that came through TLS, before it is handed on. */
  onData?: (text: string) => void;
}

/** Fronts for one test file; all are closed after each test. */
export function useTlsFronts(): (options: TlsFrontOptions) => Promise<TlsFront> {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });
  return async ({ certificate, target, onData }) => {
    const sockets = new Set<Socket>();
    const received: string[] = [];
    let connections = 0;
    const server = createServer(certificate, (client) => {
      client.on('error', () => undefined);
      const behind = target === undefined ? null : connect(Number(new URL(target).port), '127.0.0.1');
      behind?.on('error', () => client.destroy());
      behind?.pipe(client);
      client.on('close', () => behind?.destroy());
      client.on('data', (chunk) => {
        const text = chunk.toString('latin1');
        received.push(text);
        onData?.(text);
        behind?.write(chunk);
      });
    });
    server.on('connection', (socket: Socket) => {
      connections++;
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    server.on('tlsClientError', () => undefined);
    // No address: `localhost` may be either of the two protocols' loopback.
    server.listen(0);
    await once(server, 'listening');
    cleanups.push(() => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    });
    const address = server.address();
    return {
      port: typeof address === 'object' && address !== null ? address.port : 0,
      connections: () => connections,
      received: () => received.join(''),
    };
  };
}
