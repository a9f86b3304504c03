import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach } from 'vitest';
import { systemClock } from '../../src/clock.ts';

/** The first request of a connection; connections are counted from 0. */
export interface GateHead {
  connection: number;
  method: string;
  path: string;
}

/** What stands in the way of a body: the request's, or for a GET the answer's. */
export interface Obstacle {
  /** After a part of the body, from 0 to 1, the connection is reset, or nothing moves any more. */
  stop?: { share: number; how: 'reset' | 'hold' };
  bytesPerSecond?: number;
}

export interface ByteGateOptions {
  /** Origin of the server behind the gate. */
  target: string;
  /** Asked once for each connection; null lets everything through. */
  onHead?: (head: GateHead) => Obstacle | null;
  /** Takes the place of the target's origin in answers, and is as long. */
  alias?: string;
}

export interface ByteGate {
  url: string;
  heads: GateHead[];
  /** All that clients have sent over each connection, to the byte. */
  received(): Buffer[];
  /** Resolves when a body has been stopped for the first time. */
  untilStopped(): Promise<void>;
}

const HEAD_END = '\r\n\r\n';
/** What was written last would be lost with a connection that is reset at once. */
const ARRIVAL_MS = 20;

/** Servers that count bytes in front of another one, for one test file; all are closed after each test. */
export function useByteGates(): (options: ByteGateOptions) => Promise<ByteGate> {
  const cleanups: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });
  return async (options) => {
    const lanes: Lane[] = [];
    let noteStopped: () => void = () => undefined;
    const stopped = new Promise<void>((resolve) => {
      noteStopped = resolve;
    });
    const { server, port } = await listen((client) => {
      const lane = new Lane(client, { ...options, connection: lanes.length, noteStopped });
      lanes.push(lane);
      lane.open();
    }, new URL(options.target).port.length);
    cleanups.push(() => {
      for (const lane of lanes) lane.destroy();
      return new Promise((resolve) => server.close(resolve));
    });
    return {
      url: `http://127.0.0.1:${port}`,
      get heads() {
        return lanes.flatMap(({ head }) => head ?? []);
      },
      received: () => lanes.map(({ received }) => Buffer.concat(received)),
      untilStopped: () => stopped,
    };
  };
}

/** On a port of as many digits as the target's, so that one origin can take the other's place in a body. */
async function listen(
  onClient: (client: Socket) => void,
  digits: number,
): Promise<{ server: Server; port: number }> {
  for (;;) {
    const server = createServer(onClient).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    if (String(port).length === digits) return { server, port };
    server.close();
  }
}

interface LaneOptions extends ByteGateOptions {
  connection: number;
  noteStopped: () => void;
}

/** One connection, and the one behind it. */
class Lane {
  head: GateHead | null = null;
  readonly received: Buffer[] = [];
  readonly #client: Socket;
  readonly #behind: Socket;
  readonly #options: LaneOptions;
  #obstacle: Obstacle | null = null;

  constructor(client: Socket, options: LaneOptions) {
    const { port, hostname } = new URL(options.target);
    this.#client = client;
    this.#behind = connect(Number(port), hostname);
    this.#options = options;
  }

  open(): void {
    for (const socket of [this.#client, this.#behind]) socket.on('error', () => undefined);
    this.#client.on('close', () => this.#behind.destroy());
    // Not destroyed: who still sends has yet to read what was answered.
    this.#behind.on('close', () => this.#client.end());
    void this.#pump(this.#client, this.#behind, (chunk) => this.#noteReceived(chunk));
    void this.#pump(this.#behind, this.#client, (chunk) => this.#rename(chunk));
  }

  destroy(): void {
    this.#client.destroy();
    this.#behind.destroy();
  }

  #noteReceived(chunk: Buffer): Buffer {
    this.received.push(chunk);
    if (this.head === null) {
      const [, method = '', path = ''] = /^([A-Z]+) (\S+) /.exec(chunk.toString('latin1')) ?? [];
      this.head = { connection: this.#options.connection, method, path };
      this.#obstacle = this.#options.onHead?.(this.head) ?? null;
    }
    return chunk;
  }

  #rename(chunk: Buffer): Buffer {
    const { target, alias } = this.#options;
    if (alias === undefined || !chunk.includes(target)) return chunk;
    return Buffer.from(chunk.toString('latin1').replaceAll(target, alias), 'latin1');
  }

  async #pump(from: Socket, to: Socket, look: (chunk: Buffer) => Buffer): Promise<void> {
    const count: BodyCount = { head: '', totalBytes: null, doneBytes: 0 };
    try {
      for await (const chunk of from.iterator({ destroyOnReturn: false })) {
        const looked = look(chunk);
        const hasObstacle = from === (this.head?.method === 'GET' ? this.#behind : this.#client);
        const obstacle = hasObstacle ? this.#obstacle : null;
        if (obstacle === null) await write(to, looked);
        else if (!(await letThrough(looked, { to, count, obstacle }))) return await this.#stop(obstacle);
      }
      to.end();
    } catch {
      // It was reset; that it is closed is heard of, too.
    }
  }

  async #stop({ stop }: Obstacle): Promise<void> {
    if (stop?.how === 'reset') {
      await systemClock.sleep(ARRIVAL_MS);
      this.#client.resetAndDestroy();
    }
    this.#options.noteStopped();
  }
}

/** How much of a request or an answer has gone by. */
interface BodyCount {
  head: string;
  /** Of the body; null until its head is whole. */
  totalBytes: number | null;
  doneBytes: number;
}

/** Hands on what it may of a chunk; false where that was not all. */
async function letThrough(
  chunk: Buffer,
  { to, count, obstacle }: { to: Socket; count: BodyCount; obstacle: Obstacle },
): Promise<boolean> {
  const { stop, bytesPerSecond } = obstacle;
  const headBytes = takeHead(chunk, count);
  await write(to, chunk.subarray(0, headBytes));
  const mostBytes = stop ? Math.floor((count.totalBytes ?? 0) * stop.share) : Number.POSITIVE_INFINITY;
  for (let rest = chunk.subarray(headBytes); rest.byteLength > 0; ) {
    const piece = rest.subarray(0, mostBytes - count.doneBytes);
    if (piece.byteLength === 0) return false;
    await write(to, piece);
    count.doneBytes += piece.byteLength;
    rest = rest.subarray(piece.byteLength);
    if (bytesPerSecond) await systemClock.sleep((piece.byteLength / bytesPerSecond) * 1000);
  }
  return true;
}

/** How many bytes of a chunk still belong to the head. */
function takeHead(chunk: Buffer, count: BodyCount): number {
  if (count.totalBytes !== null) return 0;
  const beforeBytes = count.head.length;
  count.head += chunk.toString('latin1');
  const end = count.head.indexOf(HEAD_END);
  if (end === -1) return chunk.byteLength;
  count.totalBytes = Number(/^content-length: *(\d+)/im.exec(count.head)?.[1] ?? 0);
  return end + HEAD_END.length - beforeBytes;
}

/** Resolves when the bytes have left, or the socket is gone. */
function write(to: Socket, bytes: Buffer): Promise<void> {
  return new Promise((resolve) => {
    to.write(bytes, () => resolve());
  });
}
