import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import type { StallListener } from '../../src/emulator/apply-fault.ts';

/** One request as it came to the gate; connections and the requests of each are counted from 0. */
export interface GateRequest {
  connection: number;
  index: number;
  method: string;
  path: string;
}

/** What the gate does with a request: hand it on, never answer it, or break the connection off. */
export type GateAction = 'pass' | 'swallow' | 'reset';

export interface GateOptions {
  /** Origin of the server behind the gate. */
  target: string;
  /** Told while a request is swallowed. */
  onStall: StallListener;
  /** Ends a connection as soon as it is accepted; by default none is. */
  onAccept?: (connection: number) => 'open' | 'end' | 'reset';
  onRequest?: (request: GateRequest) => GateAction;
  /** Sent in place of an answer while a request is swallowed, one piece a turn. */
  drips?: (request: GateRequest) => AsyncIterable<string>;
}

export interface Gate {
  url: string;
  /** How many connections were accepted. */
  connections(): number;
  requests: GateRequest[];
}

/** Stands in front of a server and handles connections as no HTTP server can. All are closed after each test. */
export function useGates(): (options: GateOptions) => Promise<Gate> {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  return async (options) => {
    const sockets: Socket[] = [];
    const requests: GateRequest[] = [];
    let accepted = 0;
    const server = createServer((client) => {
      const connection = accepted++;
      sockets.push(client);
      client.on('error', () => undefined);
      const how = options.onAccept?.(connection) ?? 'open';
      if (how === 'reset') client.resetAndDestroy();
      else if (how === 'end') client.end();
      else sockets.push(forward(client, connection, options, requests));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    cleanups.push(() => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(resolve));
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    return { url: `http://127.0.0.1:${port}`, connections: () => accepted, requests };
  };
}

/** Hands on what comes, request by request; a body follows the head that it belongs to. */
function forward(client: Socket, connection: number, options: GateOptions, requests: GateRequest[]): Socket {
  const target = new URL(options.target);
  const server = connect(Number(target.port), target.hostname);
  server.on('error', () => client.destroy());
  server.pipe(client);
  client.on('close', () => server.destroy());
  let index = 0;
  let action: GateAction = 'pass';
  client.on('data', (chunk) => {
    const [, method, path] = /^([A-Z]+) (\S+) HTTP\/1\.1\r\n/.exec(chunk.toString('latin1')) ?? [];
    if (method !== undefined && path !== undefined) {
      const request = { connection, index: index++, method, path };
      requests.push(request);
      action = options.onRequest?.(request) ?? 'pass';
      if (action === 'reset') client.resetAndDestroy();
      if (action === 'swallow') void swallow(client, request, options);
    }
    if (action === 'pass') server.write(chunk);
  });
  return server;
}

async function swallow(client: Socket, request: GateRequest, { onStall, drips }: GateOptions): Promise<void> {
  client.on('close', onStall({ method: request.method, url: request.path }));
  for await (const drip of drips?.(request) ?? []) {
    if (client.destroyed) return;
    client.write(drip);
  }
}
