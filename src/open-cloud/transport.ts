import { subscribe } from 'node:diagnostics_channel';
import { setMaxListeners } from 'node:events';
import type { Dispatcher } from 'undici';
import connect from 'undici/lib/api/api-connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import type { Clock } from '../clock.ts';
import { LuauExecError } from '../errors.ts';
import type { Exchange, HttpRequest } from './exchange.ts';
import { PendingExchange } from './pending-exchange.ts';

export interface TransportOptions {
  clock: Clock;
  /** Read for HTTP_PROXY, HTTPS_PROXY and NO_PROXY, in either case. */
  env: Readonly<Record<string, string | undefined>>;
  /** Sockets held open to one origin; one for each task that is watched at the same time. */
  connections?: number;
}

export interface Transport {
  exchange: Exchange;
  /** Drops all connections; exchanges under way fail. */
  close(): Promise<void>;
}

/**
 * A client over undici: one exchange at a time and deadline, no retry, no redirect, no cookies. Throws
 * `LuauExecError` of kind `usage` for a proxy that cannot be read.
 */
export function createTransport(options: TransportOptions): Transport {
  const pools = new Set<Dispatcher>();
  // undici's own destroy leaves alone what is still connecting.
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const openDispatcher = () => {
    const opened = createDispatcher(options.env, options.connections ?? 10, closing.signal);
    pools.add(opened);
    return opened;
  };
  let pool = openDispatcher();

  const exchange: Exchange = (request) => {
    if (request.isFreshSocket) {
      // The new connection serves the requests that follow; the old ones end with what they carry.
      const old = pool;
      old.close().then(
        () => pools.delete(old),
        () => undefined,
      );
      pool = openDispatcher();
    }
    return send(pool, request, options.clock);
  };
  const close = async () => {
    closing.abort();
    await Promise.all([...pools].map((open) => open.destroy()));
  };
  return { exchange, close };
}

function createDispatcher(
  env: TransportOptions['env'],
  connections: number,
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
    connect: { timeout: 10_000, signal },
  };
  const read = (name: string) => env[name.toLowerCase()] || env[name.toUpperCase()] || '';
  const httpProxy = parseProxy(read('http_proxy'));
  const httpsProxy = parseProxy(read('https_proxy')) || httpProxy;
  if (httpProxy === '' && httpsProxy === '') return new Agent(settings);
  const noProxy = read('no_proxy').trim();
  const proxySettings = {
    ...settings,
    httpProxy,
    httpsProxy,
    // An emulator on this machine is never behind a proxy.
    noProxy: noProxy === '*' ? noProxy : `${noProxy},localhost,127.0.0.1,[::1]`,
    // undici's index gives every dispatcher its `connect`; without the index the tunnel has to be given one.
    clientFactory: (origin: URL, poolOptions: object) =>
      Object.assign(new Pool(origin, poolOptions), { connect }),
  };
  return new EnvHttpProxyAgent(proxySettings);
}

/** A proxy without a scheme speaks HTTP, as it does for curl. */
function parseProxy(text: string): string {
  if (text === '') return '';
  const url = text.includes('://') ? text : `http://${text}`;
  if (URL.canParse(url)) return url;
  // The text is not shown, as it may hold a password.
  throw new LuauExecError('the proxy named in the environment is not a URL', {
    id: 'LX011',
    kind: 'usage',
    hint: 'set HTTPS_PROXY to a URL such as http://proxy.example:8080, or unset it',
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

function send(pool: Dispatcher, request: HttpRequest, clock: Clock) {
  if (!isSubscribed) {
    isSubscribed = true;
    subscribe('undici:request:create', noteCreated);
    subscribe('undici:client:sendHeaders', noteWritten);
  }
  const pending = new PendingExchange(request, clock);
  pending.start();
  dispatching = pending;
  try {
    pool.dispatch(
      {
        origin: request.url.origin,
        path: request.url.pathname + request.url.search,
        method: request.method,
        headers: request.headers,
        body: request.body ?? null,
      },
      pending,
    );
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
