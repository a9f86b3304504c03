import { messageOf } from '../errors.ts';
import { ExchangeError, type ExchangeFailure, type HttpResponse } from './exchange.ts';

const BY_CODE: ReadonlyMap<string, ExchangeFailure> = new Map([
  ['ENOTFOUND', 'dns'],
  ['EAI_AGAIN', 'dns'],
  ['EAI_FAIL', 'dns'],
  ['ECONNREFUSED', 'connect'],
  ['EHOSTUNREACH', 'connect'],
  ['ENETUNREACH', 'connect'],
  ['EADDRNOTAVAIL', 'connect'],
  ['ETIMEDOUT', 'timeout'],
  ['UND_ERR_CONNECT_TIMEOUT', 'timeout'],
  ['PROXY_ENDED', 'proxy'],
  ['UND_ERR_HEADERS_OVERFLOW', 'too_large'],
  ['UND_ERR_RES_EXCEEDED_MAX_SIZE', 'too_large'],
  ['ECONNRESET', 'reset'],
  ['EPIPE', 'reset'],
  ['UND_ERR_SOCKET', 'reset'],
  ['HOSTNAME_MISMATCH', 'tls'],
  ['INVALID_CA', 'tls'],
  ['INVALID_PURPOSE', 'tls'],
  ['PATH_LENGTH_EXCEEDED', 'tls'],
]);

/** undici 7.30 tells what a proxy answered to CONNECT in words alone. */
const PROXY_ANSWER = /^Proxy response \((\d{3})\)/;

/** Turns an error of the network stack into an `ExchangeError`; the original is kept as its cause. */
export function classifyFailure(
  error: unknown,
  state: { wasSent: boolean; isReusedSocket: boolean; partial?: HttpResponse | null },
): ExchangeError {
  const { code, message } = readCause(error);
  const status = PROXY_ANSWER.exec(message)?.[1];
  if (status !== undefined) {
    const words = `the proxy answered HTTP ${status}`;
    return new ExchangeError(words, { ...state, failure: 'proxy', code: `PROXY_${status}`, cause: error });
  }
  return new ExchangeError(message, { ...state, failure: decideFailure(code, message), code, cause: error });
}

/** A proxy that says 403 or 407 says it again; with 502 or 503 it may have better luck with the host next time. */
export function isRefusedByProxy({ failure, code }: ExchangeError): boolean {
  return failure === 'proxy' && code.startsWith('PROXY_4');
}

function decideFailure(code: string, message: string): ExchangeFailure {
  const known = BY_CODE.get(code);
  if (known) return known;
  // OpenSSL's and Node's certificate errors have dozens of codes; what they share is their shape.
  if (/CERT|^ERR_TLS|^ERR_SSL|^EPROTO$|SIGNATURE|ISSUER/.test(code)) return 'tls';
  if (code.startsWith('HPE_')) return code === 'HPE_HEADER_OVERFLOW' ? 'too_large' : 'protocol';
  return /socket|other side closed/i.test(message) ? 'reset' : 'protocol';
}

/** The innermost cause that has a code: undici and Node's dual-stack connect wrap it. */
function readCause(error: unknown): { code: string; message: string } {
  let found = { code: 'UNKNOWN', message: messageOf(error) };
  let current: unknown = error;
  for (let depth = 0; depth < 5 && current instanceof Error; depth++) {
    const code: unknown = Reflect.get(current, 'code');
    if (typeof code === 'string') found = { code, message: current.message || found.message };
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return found;
}
