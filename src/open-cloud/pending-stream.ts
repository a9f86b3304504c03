import type { IncomingHttpHeaders } from 'node:http';
import { Readable } from 'node:stream';
import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.ts';
import { ExchangeError, type HttpResponse } from './exchange.ts';
import { PendingExchange } from './pending-exchange.ts';
import type { StreamRequest } from './stream-exchange.ts';

/** What a stream is to do, wherever it goes. */
export type StreamTask = Pick<StreamRequest, 'body' | 'onChunk' | 'limits' | 'signal'>;

const MAX_KEPT_BYTES = 64 * 1024;
const PIECE_BYTES = 64 * 1024;

/** A `PendingExchange` whose bodies are passed on piece by piece. */
export class PendingStream implements Dispatcher.DispatchHandler {
  readonly exchange: PendingExchange;
  readonly #request: StreamTask;
  #isPassedOn = false;
  #totalBytes: number | null = null;
  #doneBytes = 0;

  constructor(request: StreamTask, clock: Clock) {
    this.#request = request;
    this.exchange = new PendingExchange(request, clock);
  }

  get response(): Promise<HttpResponse> {
    return this.exchange.response;
  }

  /** The request's body, which undici destroys with the exchange; null when it has none. */
  openBody(): Readable | null {
    const { body } = this.#request;
    if (!body) return null;
    const chunks = this.#watchChunks(body.readChunks());
    const stream = Readable.from(chunks, { objectMode: false, highWaterMark: PIECE_BYTES });
    // Whatever ends it has ended the exchange as well, which tells.
    return stream.on('error', () => undefined);
  }

  async *#watchChunks(chunks: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
    // What is thrown in at the `yield` comes from the exchange, which has failed already.
    let isReading = true;
    try {
      for await (const chunk of chunks) {
        isReading = false;
        this.exchange.noteSending();
        yield chunk;
        isReading = true;
      }
      this.exchange.noteSent();
    } catch (error) {
      if (isReading) this.exchange.end(error);
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.exchange.onRequestStart(controller);
  }

  onResponseStart(
    controller: Dispatcher.DispatchController,
    statusCode: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.#isPassedOn = this.#request.onChunk !== undefined && statusCode >= 200 && statusCode < 300;
    const length = headers['content-length'];
    this.#totalBytes = length === undefined ? null : Number(length);
    this.exchange.onResponseStart(controller, statusCode, headers);
  }

  /**
   * A piece is dealt with before the next one is read, and so must not take long. Pausing would be the other way, but
   * undici 7.30 then ends the process with an assertion when the peer closes (nodejs/undici#5360).
   */
  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    this.#doneBytes += chunk.length;
    const { limits, onChunk } = this.#request;
    if (this.#doneBytes > (this.#isPassedOn ? limits.maxBodyBytes : MAX_KEPT_BYTES)) {
      this.exchange.end(this.#createSizeError());
    } else if (this.#isPassedOn) {
      this.exchange.noteReading();
      try {
        onChunk?.(chunk, this.#totalBytes);
      } catch (error) {
        this.exchange.end(error);
      }
    } else {
      this.exchange.onResponseData(controller, chunk);
    }
  }

  onResponseEnd(): void {
    this.exchange.onResponseEnd();
  }

  onResponseError(controller: Dispatcher.DispatchController, error: Error): void {
    this.exchange.onResponseError(controller, error);
  }

  #createSizeError(): ExchangeError {
    return new ExchangeError('more came than can be an answer', {
      failure: 'too_large',
      code: 'TOO_LARGE',
      wasSent: true,
      isReusedSocket: false,
    });
  }
}
