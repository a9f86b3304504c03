import type { StreamBody } from './stream-body.ts';

/** One HTTP request as this tool sends it. `headers` are lower case. */
export interface HttpRequest {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  url: URL;
  headers: Record<string, string>;
  /** One that is streamed goes over a connection of its own, which ends with the answer. */
  body?: string | Uint8Array | StreamBody;
  limits: ExchangeLimits;
  /** True: never over a connection that carried a request before. */
  isFreshSocket: boolean;
  signal: AbortSignal;
}

/** Upper bounds for one exchange; past any of them it fails. */
export interface ExchangeLimits {
  connectMs: number;
  headersMs: number;
  bodyMs: number;
  /** The whole exchange, connect to last byte. */
  attemptMs: number;
  maxBodyBytes: number;
}

export interface HttpResponse {
  status: number;
  /** Lower-case names; a header that came several times is joined with `, `. */
  headers: Record<string, string>;
  body: Uint8Array;
}

/** Sends one request once and reads the whole answer. Throws `ExchangeError` where no whole answer came. */
export type Exchange = (request: HttpRequest) => Promise<HttpResponse>;

export type ExchangeFailure =
  | 'connect'
  /** A proxy answered, and did not open the way to the host. */
  | 'proxy'
  | 'tls'
  | 'dns'
  | 'timeout'
  | 'reset'
  | 'too_large'
  | 'protocol'
  | 'aborted';

/** An exchange that ended without a whole answer. */
export class ExchangeError extends Error {
  override readonly name = 'ExchangeError';
  readonly failure: ExchangeFailure;
  /** The system's or undici's own word, such as `ECONNREFUSED`. */
  readonly code: string;
  /** False only when it is certain that not one byte of the request was written. */
  readonly wasSent: boolean;
  /** True when the connection had carried a request before, and so may just have been closed for being idle. */
  readonly isReusedSocket: boolean;
  /** As much of an answer as had come when it broke off; null where not even its head had. */
  readonly partial: HttpResponse | null;

  constructor(
    message: string,
    options: {
      failure: ExchangeFailure;
      code: string;
      wasSent: boolean;
      isReusedSocket: boolean;
      partial?: HttpResponse | null;
      cause?: unknown;
    },
  ) {
    super(message, { cause: options.cause });
    this.failure = options.failure;
    this.code = options.code;
    this.wasSent = options.wasSent;
    this.isReusedSocket = options.isReusedSocket;
    this.partial = options.partial ?? null;
  }
}
