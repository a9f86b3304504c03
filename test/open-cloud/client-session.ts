import { afterEach } from 'vitest';
import type { RequestTrace, RequestWait } from '../../src/open-cloud/api-session.ts';
import { OpenCloudClient } from '../../src/open-cloud/client.ts';
import { ExchangeError, type HttpRequest, type HttpResponse } from '../../src/open-cloud/exchange.ts';
import { FakeClock } from '../helpers/fake-clock.ts';

/** What becomes of one request: an answer, an error, or whatever a function makes of it. */
export type Step = HttpResponse | ExchangeError | ((request: HttpRequest) => Promise<HttpResponse>);

export interface ClientSession {
  client: OpenCloudClient;
  clock: FakeClock;
  requests: HttpRequest[];
  waits: RequestWait[];
  traces: RequestTrace[];
  /** Pass as `onWait`. */
  onWait: (wait: RequestWait) => void;
  /** Virtual milliseconds since the session began, for each request. */
  timesMs: number[];
}

/** Clients whose requests meet prepared ends in order; one request more or less than prepared fails the test. */
export function useClients(): (steps: Step[], options?: { random?: () => number }) => ClientSession {
  const checks: (() => void)[] = [];
  const stops: (() => void)[] = [];
  afterEach(() => {
    for (const stop of stops.splice(0)) stop();
    for (const check of checks.splice(0)) check();
  });
  return (steps, { random = () => 1 } = {}) => {
    const clock = new FakeClock();
    stops.push(clock.startAutomatic());
    const startMs = clock.now();
    const left = [...steps];
    const requests: HttpRequest[] = [];
    const timesMs: number[] = [];
    const waits: RequestWait[] = [];
    const traces: RequestTrace[] = [];
    checks.push(() => {
      if (requests.length !== steps.length) {
        throw new Error(`${steps.length} requests were prepared, ${requests.length} came`);
      }
    });
    const client = new OpenCloudClient({
      apiKey: 'the-key',
      exchange: async (request) => {
        requests.push(request);
        timesMs.push(Math.round(clock.now() - startMs));
        const step = left.shift();
        if (step === undefined) throw new Error(`unexpected request ${request.method} ${request.url.href}`);
        if (step instanceof ExchangeError) throw step;
        return typeof step === 'function' ? step(request) : step;
      },
      clock,
      random,
      onTrace: (trace) => traces.push(trace),
    });
    return { client, clock, requests, waits, traces, timesMs, onWait: (wait) => waits.push(wait) };
  };
}
