import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach } from 'vitest';

/** A proxy that opens tunnels, or does what a test tells it instead. */
export interface HttpProxy {
  /** `127.0.0.1:PORT`. */
  host: string;
  /** The head of each request, in order. */
  heads: string[];
  /** Every byte that clients sent, through tunnels or not. */
  received(): string;
  /** Breaks off every tunnel that is open now. */
  breakTunnels(): void;
}

export interface HttpProxyOptions {
  /** Where every tunnel leads, whatever name it was asked for. */
  targetPort: number;
  /** What is written in place of a tunnel to the CONNECT of this number, from 0, before the end; null opens one. */
  onConnect?: (number: number, head: string) => string | null;
}

const OPENED = 'HTTP/1.1 200 Connection established\r\n\r\n';

/** Proxies for one test file; all are closed after each test. */
export function useHttpProxies(): (options: HttpProxyOptions) => Promise<HttpProxy> {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });
  return async ({ targetPort, onConnect = () => null }) => {
    const sockets = new Set<Socket>();
    const tunnels = new Set<Socket>();
    const heads: string[] = [];
    const received: string[] = [];
    const open = (client: Socket) => {
      const behind = connect(targetPort, '127.0.0.1');
      tunnels.add(client);
      client.on('close', () => behind.destroy());
      behind.on('error', () => client.destroy());
      behind.on('connect', () => client.write(OPENED));
      behind.pipe(client);
      client.pipe(behind);
    };
    const server = createServer((client) => {
      sockets.add(client);
      client.on('error', () => undefined);
      client.on('close', () => sockets.delete(client) && tunnels.delete(client));
      client.on('data', (chunk) => received.push(chunk.toString('latin1')));
      client.once('data', (chunk) => {
        const head = chunk.toString('latin1');
        const answer = onConnect(heads.push(head) - 1, head);
        if (answer === null) open(client);
        else client.end(answer);
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    });
    const address = server.address();
    return {
      host: `127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`,
      heads,
      received: () => received.join(''),
      breakTunnels: () => {
        for (const tunnel of tunnels) tunnel.destroy();
      },
    };
  };
}
