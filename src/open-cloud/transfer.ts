import { type Clock, systemClock } from '../clock.ts';
import { messageOf } from '../errors.ts';
import type { RequestTrace, RequestWait } from './api-session.ts';
import { createCallSignal } from './call-signal.ts';
import type { OpenCloudClient } from './client.ts';
import { ExchangeError, type HttpResponse } from './exchange.ts';
import { type Failure, failureOfExchange, failureOfResponse } from './failure.ts';
import { OPERATIONS, type TransferName } from './operations.ts';
import { RetryBudget, type TryResult, withRetry } from './retry.ts';
import type { StreamExchange, StreamRequest } from './stream-exchange.ts';
import { createTransferError } from './transfer-error.ts';

/** How far the try under way has come; a retry begins at 0 again. */
export interface TransferProgress {
  doneBytes: number;
  /** Null where the service does not say. */
  totalBytes: number | null;
}

export interface TransferOptions {
  /** Of a transport. It has no way to be given a key. */
  stream: StreamExchange;
  /** The client's own, as ages of slots are measured on it. */
  clock?: Clock;
  random?: () => number;
  signal?: AbortSignal;
  onProgress?: (progress: TransferProgress) => void;
  /** Told each time before a failed try is repeated. */
  onWait?: (wait: RequestWait) => void;
  /** URLs are shown without their query, which is what makes them secret. */
  onTrace?: (trace: RequestTrace) => void;
}

/** One transfer with its retries, always from the start. */
export class Transfer {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly #name: TransferName;
  readonly #options: TransferOptions;

  constructor(name: TransferName, options: TransferOptions) {
    this.#name = name;
    this.#options = options;
    this.clock = options.clock ?? systemClock;
    this.signal = createCallSignal(options.signal);
  }

  /** Repeats `attempt` as the table of operations says. Throws `LuauExecError`, and the reason of an abort. */
  async run<T>(attempt: () => Promise<TryResult<T>>): Promise<T> {
    const { random = Math.random, onWait } = this.#options;
    const operation = OPERATIONS[this.#name];
    const startMs = this.clock.now();
    const result = await withRetry(
      {
        operation,
        clock: this.clock,
        signal: this.signal,
        random,
        budget: new RetryBudget(),
        throttlePatienceMs: 0,
        isRepeatAllowed: false,
        taskAgeMs: null,
        onWait: (wait) => onWait?.({ operation: this.#name, ...wait }),
      },
      async () => {
        this.signal.throwIfAborted();
        return attempt();
      },
    );
    if ('value' in result) return result.value;
    const elapsedMs = this.clock.now() - startMs;
    throw createTransferError(result.failure, { operation, attempts: result.attempts, elapsedMs });
  }

  /** One exchange; an answer that is not a success is a failure. */
  async send(
    request: Omit<StreamRequest, 'limits' | 'signal'>,
  ): Promise<{ response: HttpResponse } | { failure: Failure }> {
    const { stream, onTrace } = this.#options;
    const { limits } = OPERATIONS[this.#name];
    const { method, url } = request;
    const startMs = this.clock.now();
    const trace = (status: number | null, detail: string) =>
      onTrace?.({ method, url: url.origin + url.pathname, status, ms: this.clock.now() - startMs, detail });
    try {
      const response = await stream({ ...request, limits, signal: this.signal });
      trace(response.status, '');
      if (response.status >= 200 && response.status <= 299) return { response };
      return { failure: withoutThrottle(failureOfResponse(response)) };
    } catch (error) {
      trace(null, messageOf(error));
      if (!(error instanceof ExchangeError)) throw error;
      if (error.failure === 'aborted') throw this.signal.reason;
      return { failure: failureOfExchange(error) };
    }
  }

  noteProgress(doneBytes: number, totalBytes: number | null): void {
    this.#options.onProgress?.({ doneBytes, totalBytes });
  }
}

/** The API that presigned URIs came from; makes a new slot where one has expired. */
export type TransferClient = Pick<OpenCloudClient, 'origin' | 'createBinaryInput'>;

/** A store has no windows that would say when to come back, so its 429 is a failure like a 503. */
function withoutThrottle(failure: Failure): Failure {
  if (failure.kind !== 'throttled') return failure;
  const { refusal, httpStatus, reason, mayHaveRun } = failure;
  return { kind: 'server', refusal, httpStatus, reason, mayHaveRun };
}
