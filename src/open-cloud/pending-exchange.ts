import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { type Clock, SUSPENDED_MS } from '../clock.ts';
import { ExchangeError, type HttpRequest, type HttpResponse } from './exchange.ts';
import { classifyFailure } from './exchange-failure.ts';

type Phase = 'connecting' | 'sending' | 'waiting for an answer' | 'reading the answer';

/** One exchange under way: collects the answer, and ends it when a phase takes longer than its limit. */
export class PendingExchange implements Dispatcher.DispatchHandler {
  readonly response: Promise<HttpResponse>;
  readonly #request: Pick<HttpRequest, 'limits' | 'signal'>;
  readonly #clock: Clock;
  readonly #finished = new AbortController();
  #startedAtMs: number;
  #resolve: (response: HttpResponse) => void = () => undefined;
  #reject: (error: unknown) => void = () => undefined;
  #controller: Dispatcher.DispatchController | null = null;
  #phase: Phase = 'connecting';
  #phaseSinceMs: number;
  #wasSent = false;
  #isReusedSocket = false;
  #status = 0;
  #headers: Record<string, string> = {};
  #chunks: Uint8Array[] = [];
  #sizeBytes = 0;
  #stopReason: Error | null = null;

  constructor(request: Pick<HttpRequest, 'limits' | 'signal'>, clock: Clock) {
    this.#request = request;
    this.#clock = clock;
    this.#startedAtMs = clock.now();
    this.#phaseSinceMs = this.#startedAtMs;
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  start(): void {
    const { signal } = this.#request;
    signal.addEventListener('abort', this.#onAbort, { once: true });
    if (signal.aborted) this.#onAbort();
    void this.#watchDeadlines();
  }

  stop(): void {
    this.#finished.abort();
    this.#request.signal.removeEventListener('abort', this.#onAbort);
  }

  noteWritten(isReusedSocket: boolean): void {
    this.#wasSent = true;
    this.#isReusedSocket = isReusedSocket;
    this.#enter('waiting for an answer');
  }

  noteUntracked(): void {
    this.#wasSent = true;
  }

  /** A part of a long body was taken from its source: the peer takes what it is sent. */
  noteSending(): void {
    if (this.#phase !== 'reading the answer') this.#enter('sending');
  }

  /** The peer has been given all of a long body. */
  noteSent(): void {
    if (this.#phase === 'sending') this.#enter('waiting for an answer');
  }

  /** A part of the answer has come that is not kept here. */
  noteReading(): void {
    this.#phaseSinceMs = this.#clock.now();
  }

  /** Ends it with an error of the caller's, which `response` rejects with as it is. */
  end(error: unknown): void {
    this.#stop(error instanceof Error ? error : new Error(String(error)));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#stopReason !== null) controller.abort(this.#stopReason);
    else if (this.#phase === 'connecting') this.#enter('waiting for an answer');
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: IncomingHttpHeaders,
  ): void {
    if (statusCode < 200) return;
    this.#status = statusCode;
    this.#headers = flattenHeaders(headers);
    this.#enter('reading the answer');
    if (Number(this.#headers['content-length'] ?? 0) > this.#request.limits.maxBodyBytes)
      this.#refuse(controller);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.noteReading();
    this.#sizeBytes += chunk.length;
    if (this.#sizeBytes > this.#request.limits.maxBodyBytes) this.#refuse(controller);
    else this.#chunks.push(chunk);
  }

  onResponseEnd(): void {
    const response = this.#readResponse();
    // undici takes the socket back one turn from now; a request sent before that would open another connection.
    setImmediate(() => setImmediate(() => this.#resolve(response)));
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.fail(error);
  }

  fail(error: unknown): void {
    this.#reject(error instanceof ExchangeError ? error : classifyFailure(error, this.#readState()));
  }

  #refuse(controller: Dispatcher.DispatchController): void {
    const limitMib = Math.round(this.#request.limits.maxBodyBytes / 1024 / 1024);
    this.#chunks = [];
    controller.abort(this.#error('too_large', 'TOO_LARGE', `it is larger than ${limitMib} MiB`));
  }

  #enter(phase: Phase): void {
    this.#phase = phase;
    this.#phaseSinceMs = this.#clock.now();
  }

  /** One sleeper for all limits: it wakes at the next one that could have passed and looks again. */
  async #watchDeadlines(): Promise<void> {
    try {
      for (;;) {
        const leftMs = this.#deadlineMs() - this.#clock.now();
        if (leftMs <= 0) {
          this.#stop(this.#timeout());
          return;
        }
        const sleepMs = Math.min(leftMs, this.#shortestNextMs());
        const wakeMs = this.#clock.now() + sleepMs;
        await this.#clock.sleep(sleepMs, this.#finished.signal);
        this.#forgive(this.#clock.now() - wakeMs);
      }
    } catch {
      // The exchange ended first.
    }
  }

  /** What came while the machine was suspended has still to be read, so that time counts against no limit. */
  #forgive(lateMs: number): void {
    if (lateMs < SUSPENDED_MS) return;
    this.#startedAtMs += lateMs;
    this.#phaseSinceMs = this.#clock.now();
  }

  #deadlineMs(): number {
    const { connectMs, headersMs, bodyMs, attemptMs } = this.#request.limits;
    const phaseMs = {
      connecting: connectMs,
      sending: headersMs,
      'waiting for an answer': headersMs,
      'reading the answer': bodyMs,
    };
    return Math.min(this.#phaseSinceMs + phaseMs[this.#phase], this.#startedAtMs + attemptMs);
  }

  /** A phase that begins from now on cannot be over its limit sooner than this. */
  #shortestNextMs(): number {
    const { headersMs, bodyMs } = this.#request.limits;
    return this.#phase === 'connecting' ? Math.min(headersMs, bodyMs) : bodyMs;
  }

  #timeout(): ExchangeError {
    const seconds = Math.round((this.#clock.now() - this.#startedAtMs) / 100) / 10;
    const code = this.#phase === 'connecting' ? 'CONNECT_TIMEOUT' : 'TIMEOUT';
    return this.#error('timeout', code, `gave up after ${seconds} s while ${this.#phase}`);
  }

  #error(failure: ExchangeError['failure'], code: string, message: string): ExchangeError {
    return new ExchangeError(message, { ...this.#readState(), failure, code });
  }

  /** What an error has to say of the exchange, whatever ended it. */
  #readState() {
    const hasHead = this.#status !== 0;
    return {
      wasSent: this.#wasSent,
      isReusedSocket: this.#isReusedSocket,
      partial: hasHead ? this.#readResponse() : null,
    };
  }

  #readResponse(): HttpResponse {
    return { status: this.#status, headers: this.#headers, body: Buffer.concat(this.#chunks) };
  }

  readonly #onAbort = (): void => this.#stop(this.#error('aborted', 'ABORTED', 'stopped'));

  #stop(reason: Error): void {
    this.#stopReason = reason;
    // First, as the abort brings an error of its own.
    this.#reject(reason);
    this.#controller?.abort(reason);
  }
}

function flattenHeaders(headers: IncomingHttpHeaders): Record<string, string> {
  const flat: Record<string, string> = Object.create(null);
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat[name.toLowerCase()] = Array.isArray(value) ? value.join(', ') : value;
  }
  return flat;
}
