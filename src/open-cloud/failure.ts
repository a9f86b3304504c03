import { type ApiRefusal, isHtml, parseRefusal } from './api-error.ts';
import type { ExchangeError, HttpResponse } from './exchange.ts';
import { parseResetSeconds, parseRetryAfterMs } from './pacing.ts';

interface FailureFields {
  httpStatus: number | null;
  /** A few words for a line such as `retrying in 2 s (HTTP 503)`. */
  reason: string;
  /** False only when it is certain that the service has not acted on the request. */
  mayHaveRun: boolean;
}

/** Why one try of a request brought no usable answer. */
export type Failure = FailureFields &
  (
    | { kind: 'exchange'; error: ExchangeError }
    /** 429. Times are milliseconds from now; null where the service named none. */
    | {
        kind: 'throttled';
        refusal: ApiRefusal;
        isPlaceFull: boolean;
        resetMs: number | null;
        retryAfterMs: number | null;
      }
    /** 5xx, 408 and 425: the service or something in front of it is unwell. */
    | { kind: 'server'; refusal: ApiRefusal }
    /** A final no: any other 4xx. */
    | { kind: 'refused'; refusal: ApiRefusal }
    | { kind: 'redirect'; location: string | null }
    /** A 2xx whose body is not what the documentation promises. */
    | { kind: 'bad_answer'; title: string | null; text: string }
  );

/** What undici calls an answer whose connection ended before it did. */
const CUT_OFF: ReadonlySet<string> = new Set([
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'HPE_INVALID_EOF_STATE',
]);

export function failureOfExchange(error: ExchangeError): Failure {
  const { code, message } = error;
  const reason = error.failure === 'timeout' ? message : CUT_OFF.has(code) ? 'the answer was cut off' : code;
  return { kind: 'exchange', error, httpStatus: null, reason, mayHaveRun: error.wasSent };
}

/** Sorts an answer that is not a success. Only a create can meet a place with too many tasks. */
export function failureOfResponse(response: HttpResponse, { isCreate = true } = {}): Failure {
  const { status, headers } = response;
  if (status >= 300 && status < 400) {
    const location = headers.location ?? null;
    return { kind: 'redirect', location, httpStatus: status, reason: `HTTP ${status}`, mayHaveRun: false };
  }
  const refusal = parseRefusal(response);
  const fields = { refusal, httpStatus: status, reason: `HTTP ${status}${refusal.isHtml ? ' HTML' : ''}` };
  if (status === 429)
    return { kind: 'throttled', ...fields, mayHaveRun: false, ...readThrottle(response, refusal, isCreate) };
  if (status >= 500 || status === 408 || status === 425)
    return { kind: 'server', ...fields, mayHaveRun: true };
  return { kind: 'refused', ...fields, mayHaveRun: false };
}

export function failureOfBadAnswer(response: HttpResponse, why: string): Failure {
  const text = new TextDecoder().decode(response.body.subarray(0, 64 * 1024));
  const title = isHtml(text, response.headers['content-type'])
    ? (parseRefusal(response).message ?? 'without a title')
    : null;
  const reason = title === null ? why : `HTTP ${response.status} HTML`;
  return { kind: 'bad_answer', title, text, httpStatus: response.status, reason, mayHaveRun: true };
}

function readThrottle(response: HttpResponse, refusal: ApiRefusal, isCreate: boolean) {
  const resetSeconds = parseResetSeconds(response.headers);
  // The service says RESOURCE_EXHAUSTED for a place with ten unfinished tasks; a window that is used up says
  // remaining 0. Where both could be meant, the window decides, because its reset is exact.
  const isWindowUsedUp = /(^|,)\s*0\s*(;|,|$)/.test(response.headers['x-ratelimit-remaining'] ?? '');
  return {
    isPlaceFull: isCreate && refusal.code === 'RESOURCE_EXHAUSTED' && !isWindowUsedUp,
    resetMs: resetSeconds === null ? null : resetSeconds * 1000,
    retryAfterMs: parseRetryAfterMs(response.headers),
  };
}
