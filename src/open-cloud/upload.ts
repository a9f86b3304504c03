import { type BinaryInput, createInputError } from './binary-input.ts';
import { ByteMeter } from './byte-meter.ts';
import { type ByteSource, type OpenedSource, openByteSource } from './byte-source.ts';
import type { Failure } from './failure.ts';
import { failureOfBadAnswer } from './failure.ts';
import { parsePresignedUri } from './presigned-uri.ts';
import type { TryResult } from './retry.ts';
import { Transfer, type TransferClient, type TransferOptions } from './transfer.ts';

export interface UploadOptions extends TransferOptions {
  /** Made `slot`, and makes the one that takes its place where it expires. */
  client: TransferClient;
}

/** A slot with its bytes in it. */
export interface UploadedInput extends BinaryInput {
  /** Of the bytes, in hexadecimal. */
  sha256: string;
}

/** A slot is valid for 15 minutes; an upload that begins later than this may not get through in time. */
export const SLOT_FRESH_MS = 13 * 60_000;

/**
 * Uploads the bytes of a binary input, without the API key and never whole in memory. Resolves with the slot that holds
 * them, whose `path` is for `createTask`: it is another one where `slot` had expired, or did so meanwhile.
 *
 * Retries network errors, 408, 429 and 5xx three times, from the start of the source. Throws `LuauExecError`: LX015
 * (kind `usage`) where the source cannot be read or is not as large as the slot, LX531 for an upload URI that is not
 * safe, LX530 for a redirect, LX540 (kind `unavailable`) once no try makes sense; and the reason of a signal that
 * aborts. But for the size of what is read meanwhile, all about the source is known before anything is sent.
 */
export async function uploadBinaryInput(
  slot: BinaryInput,
  source: ByteSource,
  options: UploadOptions,
): Promise<UploadedInput> {
  const opened = await openByteSource(source);
  try {
    if (opened.sizeBytes !== slot.sizeBytes) {
      throw createInputError(
        `the binary input is ${opened.sizeBytes} bytes long, its slot was made for ${slot.sizeBytes}`,
      );
    }
    const upload = new Upload(slot, opened, options);
    return await upload.run();
  } finally {
    await opened.close();
  }
}

class Upload {
  readonly #source: OpenedSource;
  readonly #options: UploadOptions;
  readonly #transfer: Transfer;
  #slot: BinaryInput;
  #isRenewed = false;

  constructor(slot: BinaryInput, source: OpenedSource, options: UploadOptions) {
    this.#slot = slot;
    this.#source = source;
    this.#options = options;
    this.#transfer = new Transfer('uploadBinaryInput', options);
  }

  run(): Promise<UploadedInput> {
    return this.#transfer.run(() => this.#try());
  }

  async #try(): Promise<TryResult<UploadedInput>> {
    if (!this.#isFresh()) await this.#renew();
    const result = await this.#put();
    if ('value' in result || this.#isRenewed || !this.#isExpiry(result.failure)) return result;
    await this.#renew();
    return this.#put();
  }

  #isFresh(): boolean {
    return this.#isRenewed || this.#transfer.clock.now() - this.#slot.createdAtMs <= SLOT_FRESH_MS;
  }

  /** Stores differ in the status with which they turn an old URI away, and a clock may stand still in a sleep. */
  #isExpiry(failure: Failure): boolean {
    if (failure.kind !== 'refused') return false;
    return !this.#isFresh() || /expired/i.test(`${failure.refusal.code} ${failure.refusal.message}`);
  }

  async #renew(): Promise<void> {
    const { client, onWait } = this.#options;
    const { universeId, sizeBytes } = this.#slot;
    const { signal } = this.#transfer;
    this.#slot = await client.createBinaryInput({ universeId, sizeBytes }, { signal, onWait });
    this.#isRenewed = true;
  }

  async #put(): Promise<TryResult<UploadedInput>> {
    const slot = this.#slot;
    const url = parsePresignedUri(slot.uploadUri, this.#options.client.origin);
    const { sizeBytes } = this.#source;
    const meter = new ByteMeter();
    const body = { sizeBytes, readChunks: () => this.#meterChunks(meter) };
    const result = await this.#transfer.send({ method: 'PUT', url, body });
    if ('failure' in result) return result;
    if (meter.doneBytes === sizeBytes) return { value: { ...slot, sha256: meter.digest() } };
    return { failure: failureOfBadAnswer(result.response, 'answered before all was sent') };
  }

  async *#meterChunks(meter: ByteMeter): AsyncIterable<Uint8Array> {
    this.#transfer.noteProgress(0, this.#source.sizeBytes);
    for await (const chunk of this.#source.readChunks()) {
      yield chunk;
      meter.add(chunk);
      this.#transfer.noteProgress(meter.doneBytes, this.#source.sizeBytes);
    }
  }
}
