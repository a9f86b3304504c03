import type { Dispatcher } from 'undici';
import connect from 'undici/lib/api/api-connect.js';
import Agent from 'undici/lib/dispatcher/agent.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';
import Pool from 'undici/lib/dispatcher/pool.js';
import { LuauExecError, systemCodeOf } from '../errors.ts';

const CONNECT_MS = 10_000;
// Said aloud, as NODE_TLS_REJECT_UNAUTHORIZED=0 would else turn the check off.
const CHECKED_TLS = { rejectUnauthorized: true };

/**
 * Connections as this tool wants them, through the proxy that `env` names; `connections` is how many are open to one
 * origin at most, null for no bound. Throws `LuauExecError` of kind `usage` for a proxy that cannot be read.
 */
export function createDispatcher(
  env: Readonly<Record<string, string | undefined>>,
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
    if (systemCodeOf(error) !== 'UND_ERR_SOCKET') throw error;
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
