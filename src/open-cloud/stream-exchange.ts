import type { ExchangeLimits, HttpResponse } from './exchange.ts';
import type { StreamBody } from './stream-body.ts';

/**
 * One transfer to or from a presigned URI. There is no field for headers, so no key can get into one; the transport
 * writes what little is needed.
 */
export interface StreamRequest {
  method: 'GET' | 'PUT';
  url: URL;
  /** What a PUT sends. */
  body?: StreamBody;
  /**
   * Takes the body of a 2xx answer, piece by piece and in order; without it the body is kept. `totalBytes` is null where
   * the answer does not say. What it throws ends the exchange, and is thrown by it.
   */
  onChunk?: (chunk: Uint8Array, totalBytes: number | null) => void;
  /** `headersMs` also bounds each pause while the body is sent, `bodyMs` each pause while the answer comes. */
  limits: ExchangeLimits;
  signal: AbortSignal;
}

/**
 * Sends one such request once, over a connection of its own. Throws `ExchangeError` where no whole answer came. The
 * `body` of what it returns is empty where `onChunk` has taken it.
 */
export type StreamExchange = (request: StreamRequest) => Promise<HttpResponse>;
