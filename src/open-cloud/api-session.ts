import type { Clock } from '../clock.ts';
import { type Attempt, messageOf } from '../errors.ts';
import { type Exchange, ExchangeError, type ExchangeLimits, type HttpResponse } from './exchange.ts';
import { failureOfBadAnswer, failureOfExchange, failureOfResponse } from './failure.ts';
import { createFailureError } from './failure-error.ts';
import { OPERATIONS, type OperationName } from './operations.ts';
import { decidePacingMs, parseRateWindow, type RateWindow } from './pacing.ts';
import type { ApiRequest } from './requests.ts';
import { RetryBudget, type TryResult, withRetry } from './retry.ts';
import { formatTaskPath, type TaskPath } from './task-path.ts';
import { WireError } from './wire.ts';

/** A request is being held back: by a limit, by a full place, or because the last try failed. */
export interface RequestWait {
  operation: OperationName;
  reason: 'rate_limit' | 'place_full' | 'retry';
  waitMs: number;
  /** The try that failed; null when the client waits before it sends, because it knows the window is used up. */
  attempt: Attempt | null;
}

/** One exchange as it went over the wire, without headers or bodies. */
export interface RequestTrace {
  method: string;
  url: string;
  /** Null when no answer came. */
  status: number | null;
  ms: number;
  /** What the rate headers said, or why there was no answer. */
  detail: string;
}

export interface ApiSessionOptions {
  apiKey: string;
  origin: string;
  exchange: Exchange;
  clock: Clock;
  random: () => number;
  /** For messages only: the proxy in use, without credentials. */
  proxy: string | null;
  userAgent: string;
  onTrace?: (trace: RequestTrace) => void;
}

export interface CallSetting<T> {
  /** Ends the exchange under way. */
  signal: AbortSignal;
  onWait?: ((wait: RequestWait) => void) | undefined;
  /** Ends the waits between tries; `signal` where it is not given. */
  waitSignal?: AbortSignal;
  path?: TaskPath;
  universeId?: string;
  placeId?: string;
  throttlePatienceMs: number;
  /** Instead of the operation's own. */
  patienceMs?: number;
  isRepeatAllowed?: boolean;
  taskAgeMs?: number | null;
  /** Until a slot of a full place can be used that a task of our own has freed; 0 when there is none. */
  readSlotWaitMs?: () => number;
  /** Instead of the operation's own, for the first try alone. */
  firstTryLimits?: ExchangeLimits;
  /** False for an answer that is well formed but not about what was asked. */
  accept?: (value: T) => boolean;
}

interface TrySetting<T> extends CallSetting<T> {
  waitSignal: AbortSignal;
  limits: ExchangeLimits;
}

/** Sends requests under one key: adds the key, paces, retries, parses, and turns the last failure into an error. */
export class ApiSession {
  readonly #options: ApiSessionOptions;
  readonly #clock: Clock;
  readonly #budget = new RetryBudget();
  readonly #windows = new Map<OperationName, RateWindow>();

  constructor(options: ApiSessionOptions) {
    this.#options = options;
    this.#clock = options.clock;
  }

  /** The rate window that the service last reported for an operation; null before it has. */
  readWindow(operation: OperationName): RateWindow | null {
    return this.#windows.get(operation) ?? null;
  }

  /** Throws `LuauExecError` once no further try makes sense, and the reason of a signal that aborts. */
  async call<T>(request: ApiRequest, parse: (text: string) => T, options: CallSetting<T>): Promise<T> {
    const operation = OPERATIONS[request.operation];
    const startMs = this.#clock.now();
    const waitSignal = options.waitSignal ?? options.signal;
    let limits = options.firstTryLimits ?? operation.limits;
    const attempt = () => {
      const tryLimits = limits;
      limits = operation.limits;
      return this.#try(request, parse, { ...options, limits: tryLimits, waitSignal });
    };
    const result = await withRetry(
      {
        operation: { ...operation, patienceMs: options.patienceMs ?? operation.patienceMs },
        clock: this.#clock,
        signal: waitSignal,
        random: this.#options.random,
        budget: this.#budget,
        throttlePatienceMs: options.throttlePatienceMs,
        isRepeatAllowed: options.isRepeatAllowed ?? false,
        taskAgeMs: options.taskAgeMs ?? null,
        readSlotWaitMs: options.readSlotWaitMs,
        onWait: (wait) => options.onWait?.({ operation: request.operation, ...wait }),
      },
      attempt,
    );
    if ('value' in result) return result.value;
    throw createFailureError(result.failure, {
      operation,
      origin: this.#options.origin,
      universeId: options.path?.universeId ?? options.universeId ?? '',
      placeId: options.path?.placeId ?? options.placeId ?? '',
      taskPath: options.path ? formatTaskPath(options.path) : null,
      attempts: result.attempts,
      isRepeatAllowed: options.isRepeatAllowed ?? false,
      elapsedMs: this.#clock.now() - startMs,
      wallNowMs: this.#clock.wallNow(),
      proxy: this.#options.proxy ?? null,
    });
  }

  async #try<T>(
    request: ApiRequest,
    parse: (text: string) => T,
    options: TrySetting<T>,
  ): Promise<TryResult<T>> {
    await this.#pace(request.operation, options);
    options.waitSignal.throwIfAborted();
    let response: HttpResponse;
    try {
      response = await this.#send(request, options);
    } catch (error) {
      if (!(error instanceof ExchangeError)) throw error;
      const salvaged = this.#salvage(request, error, parse, options);
      if (salvaged) return salvaged;
      // An interrupted request is only worth a word where it may have started the script.
      const isHarmless = OPERATIONS[request.operation].isSafeToRepeat || !error.wasSent;
      if (error.failure === 'aborted' && isHarmless) throw options.signal.reason;
      return { failure: failureOfExchange(error) };
    }
    const isCreate = request.operation === 'createTask' || request.operation === 'createTaskAtVersion';
    if (!isSuccess(response)) return { failure: failureOfResponse(response, { isCreate }) };
    return this.#parse(response, parse, options);
  }

  /**
   * A create cannot be sent again to see the rest of an answer that broke off, but what came of it may hold all that
   * is needed. Null where it does not, and for all that can be asked again.
   */
  #salvage<T>(
    { operation }: ApiRequest,
    { partial }: ExchangeError,
    parse: (text: string) => T,
    options: CallSetting<T>,
  ): TryResult<T> | null {
    if (OPERATIONS[operation].isSafeToRepeat || !partial || !isSuccess(partial)) return null;
    const result = this.#parse(partial, parse, options);
    return 'value' in result ? result : null;
  }

  #parse<T>(response: HttpResponse, parse: (text: string) => T, options: CallSetting<T>): TryResult<T> {
    try {
      const value = parse(new TextDecoder().decode(response.body));
      if (options.accept && !options.accept(value)) {
        return { failure: failureOfBadAnswer(response, 'the answer is about another task') };
      }
      return { value };
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      return { failure: failureOfBadAnswer(response, error.message) };
    }
  }

  /** Holds a request back while its window is known to be used up. */
  async #pace<T>(operation: OperationName, options: TrySetting<T>): Promise<void> {
    const waitMs = decidePacingMs(this.readWindow(operation), this.#clock.now(), this.#options.random);
    if (waitMs === 0) return;
    options.onWait?.({ operation, reason: 'rate_limit', waitMs, attempt: null });
    await this.#clock.sleep(waitMs, options.waitSignal);
  }

  async #send<T>(request: ApiRequest, options: TrySetting<T>): Promise<HttpResponse> {
    const { apiKey, exchange, onTrace, userAgent } = this.#options;
    const operation = OPERATIONS[request.operation];
    const url = new URL(request.path, this.#options.origin);
    for (const [name, value] of Object.entries(request.query)) url.searchParams.set(name, value);
    const startMs = this.#clock.now();
    const trace = (status: number | null, detail: string) =>
      onTrace?.({ method: request.method, url: url.href, status, ms: this.#clock.now() - startMs, detail });
    try {
      const response = await exchange({
        method: request.method,
        url,
        headers: {
          ...(operation.keyPlace === 'header' ? { 'x-api-key': apiKey } : {}),
          accept: 'application/json',
          'user-agent': userAgent,
          ...(request.body === null ? {} : { 'content-type': request.contentType ?? 'application/json' }),
        },
        ...(request.body === null ? {} : { body: request.body }),
        limits: options.limits,
        isFreshSocket: operation.isFreshSocket,
        signal: options.signal,
      });
      const window = parseRateWindow(response.headers, this.#clock.now());
      if (window) this.#windows.set(request.operation, window);
      // Refusals may come without limits; a service that leaves them out of its answers has none that are known.
      else if (isSuccess(response)) this.#windows.delete(request.operation);
      trace(response.status, describeWindow(window, this.#clock.now()));
      return response;
    } catch (error) {
      trace(null, messageOf(error));
      throw error;
    }
  }
}

function isSuccess({ status }: HttpResponse): boolean {
  return status >= 200 && status <= 299;
}

function describeWindow(window: RateWindow | null, nowMs: number): string {
  if (!window) return '';
  const resetSeconds = Math.max(0, Math.round((window.resetAtMs - nowMs) / 1000));
  return `${window.remaining} of ${window.limit} left, reset in ${resetSeconds} s`;
}
