import {
  ExchangeError,
  type ExchangeFailure,
  type ExchangeLimits,
  type HttpRequest,
  type HttpResponse,
} from '../../src/open-cloud/exchange.ts';
import { parseTaskPath, type TaskPath } from '../../src/open-cloud/task-path.ts';

export const TASK_PATH = 'universes/11/places/22/versions/3/luau-execution-sessions/s-1/tasks/t-1';

/** Bounds that no test comes near. */
export const WIDE_LIMITS: ExchangeLimits = {
  connectMs: 60_000,
  headersMs: 60_000,
  bodyMs: 60_000,
  attemptMs: 60_000,
  maxBodyBytes: 1_000_000,
};

export function readPath(text = TASK_PATH): TaskPath {
  const path = parseTaskPath(text);
  if (!path) throw new Error(`not a task path: ${text}`);
  return path;
}

/** An answer; a body that is not text is written as JSON. */
export function answer(
  status: number,
  body: unknown = {},
  headers: Record<string, string> = {},
): HttpResponse {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, body: Buffer.from(text) };
}

export function taskAnswer(fields: Record<string, unknown> = {}): HttpResponse {
  return answer(200, { path: TASK_PATH, state: 'PROCESSING', ...fields });
}

export function exchangeError(
  failure: ExchangeFailure,
  {
    wasSent,
    isReusedSocket = false,
    code = failure.toUpperCase(),
  }: {
    wasSent: boolean;
    isReusedSocket?: boolean;
    code?: string;
  },
): ExchangeError {
  return new ExchangeError(`it was ${failure}`, { failure, code, wasSent, isReusedSocket });
}

/** A request as the transport gets it. */
export function request(url: string, fields: Partial<HttpRequest> = {}): HttpRequest {
  return {
    method: 'GET',
    url: new URL(url),
    headers: {},
    limits: WIDE_LIMITS,
    isFreshSocket: false,
    signal: new AbortController().signal,
    ...fields,
  };
}

export function answerText({ body }: HttpResponse): string {
  return Buffer.from(body).toString();
}
