import { subscribe } from 'node:diagnostics_channel';
import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';
import connect from 'undici/lib/api/api-connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import type { Clock } from '../clock.ts';
import { LuauExecError } from '../errors.ts';
import type { Exchange, HttpRequest, HttpResponse } from './exchange.ts';
import { PendingExchange } from './pending-exchange.ts';
import { PendingStream } from './pending-stream.ts';
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
  const close = async () => {
    closing.abort();
    await Promise.all([...pools].map((open) => open.destroy()));
  };
  return { exchange, stream, close };
}

const CONNECT_MS = 10_000;
// Said aloud, as NODE_TLS_REJECT_UNAUTHORIZED=0 would else turn the check off.
const CHECKED_TLS = { rejectUnauthorized: true };

function createDispatcher(
  env: TransportOptions['env'],
  connections: number | null,
  signal: AbortSignal,
): Dispatcher {
  // Our own clock bounds every phase; undici's timers have a grain of a second and would only blur the reason.
  const settings: Agent.Options = {
    connections,
    pipelining: 1,
    keepAliveTimeout: 4_000,
    keepAliveMaxTimeout: 4_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    allowH2: false,
    maxHeaderSize: 16 * 1024,
    // An attempt to connect that we have given up keeps the process alive until this.
    connect: { timeout: CONNECT_MS, signal, ...CHECKED_TLS },
  };
  const read = (name: string) => env[name.toLowerCase()] || env[name.toUpperCase()] || '';
  const httpProxy = parseProxy(read('http_proxy'), 'HTTP_PROXY');
  const httpsProxy = parseProxy(read('https_proxy'), 'HTTPS_PROXY') || httpProxy;
  if (httpProxy === '' && httpsProxy === '') return new Agent(settings);
  const noProxy = read('no_proxy').trim();
  const proxySettings = {
    ...settings,
    httpProxy,
    httpsProxy,
    requestTls: CHECKED_TLS,
    proxyTls: CHECKED_TLS,
    // An emulator on this machine is never behind a proxy.
    noProxy: noProxy === '*' ? noProxy : `${noProxy},localhost,127.0.0.1,[::1]`,
    // undici's index gives every dispatcher its `connect`; without the index the tunnel has to be given one.
    // A proxy that never answers keeps the process alive until its time is up, as above.
    clientFactory: (origin: URL, poolOptions: object) =>
      Object.assign(new Pool(origin, { headersTimeout: CONNECT_MS, ...poolOptions }), {
        connect: openTunnel,
      }),
  };
  return new EnvHttpProxyAgent(proxySettings);
}

/**
 * undici's `connect`, for a proxy. A connection that ends before there is an answer makes undici 7.30 ask again, at
 * once and for ever, unless the error has another code than its own.
 */
async function openTunnel(this: Dispatcher, options: Dispatcher.ConnectOptions) {
  try {
    return await connect.call(this, options);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'UND_ERR_SOCKET')) throw error;
    throw Object.assign(new Error('the proxy ended the connection'), { code: 'PROXY_ENDED' });
  }
}

/** A proxy without a scheme speaks HTTP, as it does for curl. */
function parseProxy(text: string, variable: string): string {
  if (text === '') return '';
  const url = text.includes('://') ? text : `http://${text}`;
  if (URL.canParse(url)) return url;
  // The text is not shown, as it may hold a password.
  throw new LuauExecError(`the proxy that ${variable} names is not a URL`, {
    id: 'LX011',
    kind: 'usage',
    hint: `set ${variable} to a URL such as http://proxy.example:8080, or unset it`,
  });
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
  return dispatch(pool, { ...readTarget(request.url), method, headers, body }, { pending, handler: pending });
}

/** A transfer to or from a presigned URI, without any header that is not written here. */
function sendStream(pool: Dispatcher, request: StreamRequest, clock: Clock): Promise<HttpResponse> {
  const handler = new PendingStream(request, clock);
  const body = handler.openBody();
  const headers = {
    'user-agent': 'luau-exec',
    ...(request.body && {
      'content-type': 'application/octet-stream',
      'content-length': String(request.body.sizeBytes),
    }),
  };
  // Uploads over connections that are kept have failed, and those with `connection: close` have not (seen live).
  const options = { ...readTarget(request.url), method: request.method, headers, body, reset: true };
  return dispatch(pool, options, { pending: handler.exchange, handler });
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
