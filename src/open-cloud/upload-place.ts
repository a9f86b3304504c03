import { LuauExecError } from '../errors.ts';
import { ByteMeter } from './byte-meter.ts';
import type { ByteSource } from './byte-source.ts';
import type { OpenCloudClient, QueuedCallOptions } from './client.ts';
import { openPlaceSource } from './place-source.ts';
import type { UploadPlaceParameters } from './requests.ts';
import type { TransferProgress } from './transfer.ts';

export interface UploadPlaceOptions extends QueuedCallOptions {
  onProgress?: (progress: TransferProgress) => void;
}

/** A version of a place that holds exactly these bytes. */
export interface UploadedPlace {
  versionId: string;
  sizeBytes: number;
  /** In hexadecimal. */
  sha256: string;
}

/**
 * Uploads a place file as a version of a place, never whole in memory, over a connection of its own. The same bytes as
 * those of the newest version are that version again (seen live).
 *
 * With `Saved`, retries network errors, 408, 429 and 5xx three times, from the start of the source. With `Published` it
 * is sent once: where its answer is lost, the error is LX511, kind `unknown`. Throws `LuauExecError`: LX020 (kind
 * `usage`) for what is no place file or cannot be read, LX409 (`unavailable`) while the place is open in Team Create,
 * the errors of every request, and the reason of a signal that aborts.
 */
export async function uploadPlace(
  client: Pick<OpenCloudClient, 'uploadPlace'>,
  source: ByteSource,
  { onProgress, ...parameters }: UploadPlaceParameters & UploadPlaceOptions,
): Promise<UploadedPlace> {
  const opened = await openPlaceSource(source);
  const { sizeBytes, contentType } = opened;
  let meter = new ByteMeter();
  async function* readChunks(): AsyncIterable<Uint8Array> {
    meter = new ByteMeter();
    onProgress?.({ doneBytes: 0, totalBytes: sizeBytes });
    for await (const chunk of opened.readChunks()) {
      yield chunk;
      meter.add(chunk);
      onProgress?.({ doneBytes: meter.doneBytes, totalBytes: sizeBytes });
    }
  }
  try {
    const versionId = await client.uploadPlace({
      ...parameters,
      body: { sizeBytes, contentType, readChunks },
    });
    if (meter.doneBytes !== sizeBytes) {
      const headline = 'Open Cloud answered before all of the place was sent';
      throw new LuauExecError(headline, { id: 'LX520', kind: 'bad_response', hint: 'run it again' });
    }
    return { versionId, sizeBytes, sha256: meter.digest() };
  } finally {
    await opened.close();
  }
}
