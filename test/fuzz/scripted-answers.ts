import fc, { type Arbitrary } from 'fast-check';
import type { ExchangeFailure, HttpRequest, HttpResponse } from '../../src/open-cloud/exchange.ts';
import { answer, exchangeError } from '../open-cloud/answers.ts';
import { hostileText } from './hostile-values.ts';

/** What comes of one request: an answer, or an exchange that broke off. */
export type Step =
  | { status: number; headers: Record<string, string>; body: string }
  | { failure: ExchangeFailure; wasSent: boolean; isReusedSocket: boolean };

/** What comes of the requests of each kind, one after the other; past the end all is well. */
export interface Script {
  creates: Step[];
  reads: Step[];
  logs: Step[];
}

const PATH = 'universes/11/places/22/versions/3/luau-execution-sessions/s-1/tasks/t-1';
const ENDS: { readonly [Key in keyof Script]: Step } = {
  creates: { status: 200, headers: {}, body: JSON.stringify({ path: PATH, state: 'QUEUED' }) },
  reads: {
    status: 200,
    headers: {},
    body: JSON.stringify({ path: PATH, state: 'COMPLETE', output: { results: [] } }),
  },
  logs: { status: 200, headers: {}, body: '{"luauExecutionSessionTaskLogs":[{"messages":[]}]}' },
};

export function kindOfRequest({ method, url }: HttpRequest): keyof Script {
  if (method === 'POST') return 'creates';
  return url.pathname.endsWith('/logs') ? 'logs' : 'reads';
}

/** Takes the next step of its kind off the script. */
export function takeStep(script: Script, kind: keyof Script): Step {
  return script[kind].shift() ?? ENDS[kind];
}

/** The answer of a step. Throws its `ExchangeError`. */
export function playStep(step: Step): HttpResponse {
  if ('failure' in step) throw exchangeError(step.failure, step);
  return answer(step.status, step.body, step.headers);
}

/** True unless it is certain that a create with this end started nothing. */
export function mayHaveRun(step: Step): boolean {
  if ('failure' in step) return step.wasSent;
  return step.status < 300 || step.status >= 500 || step.status === 408 || step.status === 425;
}

const number = fc.constantFrom('0', '1', '2', '45', '200', '1e9', '56442', '-1', 'x');
const headers = fc
  .record(
    {
      'x-ratelimit-limit': number,
      'x-ratelimit-remaining': number,
      'x-ratelimit-reset': number,
      'retry-after': number,
      'content-type': fc.constantFrom('application/json', 'text/html'),
      location: hostileText,
    },
    { requiredKeys: [] },
  )
  .map((fields) => ({ ...fields }));

const broken: Arbitrary<Step> = fc.record({
  failure: fc.constantFrom<ExchangeFailure>(
    ...(['connect', 'tls', 'dns', 'timeout', 'reset', 'too_large', 'protocol'] as const),
  ),
  wasSent: fc.boolean(),
  isReusedSocket: fc.boolean(),
});

/** Scripts in which every text that is not ours may hold the secret. */
export function arbitraryScript(secret: string): Arbitrary<Script> {
  const text = fc
    .tuple(
      hostileText,
      fc.constantFrom('', secret, JSON.stringify({ secret }), encodeURIComponent(secret)),
      hostileText,
    )
    .map((parts) => parts.join(''));
  const path = fc.oneof(
    { arbitrary: fc.constant(PATH), weight: 6 },
    text,
    fc.constant(PATH.replace('11', '12')),
  );
  const state = fc.constantFrom(
    'COMPLETE',
    'FAILED',
    'CANCELLED',
    'QUEUED',
    'PROCESSING',
    'PROCESSING',
    'PAUSED',
  );
  const task = fc
    .record(
      {
        path,
        state: fc.oneof({ arbitrary: state, weight: 9 }, text),
        createTime: text,
        timeout: fc.constantFrom('1s', '300s', 'x'),
        output: fc.record({ results: fc.array(fc.oneof(text, fc.jsonValue()), { maxLength: 3 }) }),
        error: fc.record({
          code: fc.oneof(fc.constantFrom('SCRIPT_ERROR', 'INTERNAL_ERROR', 'DEADLINE_EXCEEDED'), text),
          message: fc.oneof(
            text,
            text.map((words) => `TaskScript:1: ${words}`),
          ),
        }),
      },
      { requiredKeys: ['path', 'state'] },
    )
    .map((fields) => JSON.stringify(fields));
  const message = fc.record(
    { message: text, messageType: fc.constantFrom('OUTPUT', 'ERROR', 'NEW'), createTime: text },
    { requiredKeys: ['message'] },
  );
  const page = fc
    .record(
      {
        luauExecutionSessionTaskLogs: fc.array(
          fc.record({ structuredMessages: fc.array(message, { maxLength: 4 }) }),
          { maxLength: 2 },
        ),
        nextPageToken: fc.oneof(fc.constant(''), text),
      },
      { requiredKeys: [] },
    )
    .map((fields) => JSON.stringify(fields));
  const refusal = fc.oneof(
    text,
    text.map((words) => `<html><title>${words}`),
    fc
      .tuple(fc.constantFrom('PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', secret), text)
      .map(([code, words]) => {
        return JSON.stringify({
          code,
          message: words,
          errors: words.length % 2 === 0 ? [{ code, message: words }] : null,
        });
      }),
  );
  const status = fc.constantFrom(...[301, 400, 401, 403, 404, 408, 409, 429, 429, 500, 502, 503, 503]);
  const refused: Arbitrary<Step> = fc.record({ status, headers, body: refusal });
  const good = (body: Arbitrary<string>): Arbitrary<Step> =>
    fc.record({
      status: fc.constant(200),
      headers,
      body: fc.oneof(
        { arbitrary: body, weight: 6 },
        refusal,
        body.map((whole) => whole.slice(0, -2)),
      ),
    });
  const steps = (body: Arbitrary<string>) =>
    fc.array(fc.oneof({ arbitrary: good(body), weight: 3 }, refused, broken), { maxLength: 6 });
  return fc.record({ creates: steps(task), reads: steps(task), logs: steps(page) });
}
