import { subscribe } from 'node:diagnostics_channel';
import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.ts';
import { createDispatcher } from './dispatcher.ts';
import type { Exchange, HttpRequest, HttpResponse } from './exchange.ts';
import { PendingExchange } from './pending-exchange.ts';
import { PendingStream, type StreamTask } from './pending-stream.ts';
import type { StreamBody } from './stream-body.ts';
import type { StreamExchange, StreamRequest } from './stream-exchange.ts';

export interface TransportOptions {
  clock: Clock;
  /** Read for HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in either case. */
  env: Readonly<Record<string, string | undefined>>;
  /** The most sockets that are open to one origin; another is opened where all are busy. 10 by default. */
  connections?: number;
}

export interface Transport {
  exchange: Exchange;
  /** For presigned URIs alone: its connections never carry a key, and each serves one request. */
  stream: StreamExchange;
  /** Drops all connections; exchanges under way fail. */
  close(): Promise<void>;
}

/** One connection. undici itself would open a second one for a request that follows another. */
interface Lane {
  pool: Dispatcher;
  underWay: number;
}

/**
 * A client over undici: one exchange at a time and deadline, no retry, no redirect, no cookies. Throws
 * `LuauExecError` of kind `usage` for a proxy that cannot be read.
 */
export function createTransport(options: TransportOptions): Transport {
  const { connections = 10 } = options;
  const pools = new Set<Dispatcher>();
  // undici's own destroy leaves alone what is still connecting.
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const openDispatcher = (most: number | null) => {
    const opened = createDispatcher(options.env, most, closing.signal);
    pools.add(opened);
    return opened;
  };
  const openLane = (): Lane => ({ pool: openDispatcher(1), underWay: 0 });
  const lanes = [openLane()];
  const takeLane = () => {
    const idle = lanes.find(({ underWay }) => underWay === 0);
    if (idle) return idle;
    if (lanes.length < connections) lanes.push(openLane());
    return lanes.reduce((best, lane) => (lane.underWay < best.underWay ? lane : best));
  };

  const exchange: Exchange = async (request) => {
    const { body } = request;
    if (isStream(body)) return upload(request, body);
    const lane = takeLane();
    if (request.isFreshSocket) {
      // The new connection serves the requests that follow; the old one ends with what it carries.
      const old = lane.pool;
      old.close().then(
        () => pools.delete(old),
        () => undefined,
      );
      lane.pool = openDispatcher(1);
    }
    lane.underWay++;
    try {
      return await send(lane.pool, request, options.clock);
    } finally {
      lane.underWay--;
    }
  };
  let keyless: Dispatcher | null = null;
  const stream: StreamExchange = (request) => {
    keyless ??= openDispatcher(null);
    return sendStream(keyless, request, options.clock);
  };
  let uploads: Dispatcher | null = null;
  const upload = (request: HttpRequest, body: StreamBody) => {
    uploads ??= openDispatcher(null);
    return sendBody(uploads, request, { ...request, body }, options.clock);
  };
  const close = async () => {
    closing.abort();
    await Promise.all([...pools].map((open) => open.destroy()));
  };
  return { exchange, stream, close };
}

/**
 * Whether a request was written cannot be told from undici's error codes: a reset comes before and after. Its
 * diagnostics channels tell: `request:create` fires inside `dispatch` and names the request object,
 * `client:sendHeaders` fires when that object is written.
 */
const byRequest = new WeakMap<object, PendingExchange>();
const usedSockets = new WeakSet<object>();
let dispatching: PendingExchange | null = null;
let isSubscribed = false;

function send(pool: Dispatcher, request: HttpRequest, clock: Clock): Promise<HttpResponse> {
  const pending = new PendingExchange(request, clock);
  const { method, headers, body = null } = request;
  if (isStream(body)) throw new Error('a streamed body goes over a connection of its own');
  return dispatch(pool, { ...readTarget(request.url), method, headers, body }, { pending, handler: pending });
}

/** A transfer to or from a presigned URI, without any header that is not written here. */
function sendStream(pool: Dispatcher, request: StreamRequest, clock: Clock): Promise<HttpResponse> {
  const headers = {
    'user-agent': 'luau-exec',
    ...(request.body && { 'content-type': 'application/octet-stream' }),
  };
  return sendBody(pool, { ...request, headers }, request, clock);
}

function sendBody(
  pool: Dispatcher,
  { method, url, headers }: Pick<HttpRequest, 'method' | 'url' | 'headers'>,
  stream: StreamTask,
  clock: Clock,
): Promise<HttpResponse> {
  const handler = new PendingStream(stream, clock);
  const length = stream.body && { 'content-length': String(stream.body.sizeBytes) };
  const options = {
    ...readTarget(url),
    method,
    headers: { ...headers, ...length },
    body: handler.openBody(),
    // Uploads over connections that are kept have failed, and those with `connection: close` have not (seen live).
    reset: true,
  };
  return dispatch(pool, options, { pending: handler.exchange, handler });
}

function isStream(body: HttpRequest['body'] | null): body is StreamBody {
  return typeof body === 'object' && body !== null && 'readChunks' in body;
}

function readTarget(url: URL): { origin: string; path: string } {
  return { origin: url.origin, path: url.pathname + url.search };
}

function dispatch(
  pool: Dispatcher,
  options: Dispatcher.DispatchOptions,
  { pending, handler }: { pending: PendingExchange; handler: Dispatcher.DispatchHandler },
): Promise<HttpResponse> {
  if (!isSubscribed) {
    isSubscribed = true;
    subscribe('undici:request:create', noteCreated);
    subscribe('undici:client:sendHeaders', noteWritten);
  }
  pending.start();
  dispatching = pending;
  try {
    pool.dispatch(options, handler);
  } catch (error) {
    pending.fail(error);
  }
  // A pool without a free connection creates the request later, out of our sight: then it counts as sent.
  if (dispatching !== null) pending.noteUntracked();
  dispatching = null;
  return pending.response.finally(() => pending.stop());
}

function noteCreated(event: unknown): void {
  const request = readObject(event, 'request');
  if (!request || !dispatching) return;
  byRequest.set(request, dispatching);
  dispatching = null;
}

function noteWritten(event: unknown): void {
  const request = readObject(event, 'request');
  const socket = readObject(event, 'socket');
  if (!request) return;
  byRequest.get(request)?.noteWritten(socket !== null && usedSockets.has(socket));
  if (socket) usedSockets.add(socket);
}

function readObject(value: unknown, key: string): object | null {
  if (typeof value !== 'object' || value === null) return null;
  const found: unknown = Reflect.get(value, key);
  return typeof found === 'object' && found !== null ? found : null;
}
