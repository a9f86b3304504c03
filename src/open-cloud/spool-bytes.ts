import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { LuauExecError, messageOf } from '../errors.ts';
import { makeTemporaryDirectory } from '../temporary-directory.ts';
import { requireInputSize } from './binary-input.ts';

/** The bytes of a stream in a file that only their owner may read. */
export interface SpooledBytes {
  file: string;
  sizeBytes: number;
  /** Takes the file away again. Never rejects. */
  remove(): Promise<void>;
}

/**
 * Writes a stream that can be read only once, such as standard input, into a file of its own, from which a binary input
 * can be uploaded again. Never whole in memory, and no more than fits: throws LX015 (kind `usage`) for an empty stream
 * and for one of more than 100 MiB, which is then read no further; LX074 (kind `io`) where the temporary directory takes
 * no more; what the stream throws; and the reason of a signal that aborts. Then nothing is left of it.
 */
export async function spoolBytes(
  stream: AsyncIterable<Uint8Array | string>,
  { signal }: { signal?: AbortSignal } = {},
): Promise<SpooledBytes> {
  const { path, remove } = await makeTemporaryDirectory();
  const file = join(path, 'input');
  let sizeBytes = 0;
  let failure: unknown = null;
  async function* measure(): AsyncIterable<Uint8Array> {
    // What is thrown in at the `yield` comes from the writing.
    let isReading = true;
    try {
      for await (const chunk of stream) {
        const bytes = Buffer.from(chunk);
        sizeBytes += bytes.byteLength;
        // Here as well as at the end: an endless pipe has to end.
        if (sizeBytes > 0) requireInputSize(sizeBytes);
        isReading = false;
        yield bytes;
        isReading = true;
      }
    } catch (error) {
      if (isReading) failure = error;
      throw error;
    }
  }
  try {
    const source = Readable.from(measure(), { objectMode: false });
    await pipeline(source, createWriteStream(file, { mode: 0o600, flags: 'wx' }), {
      ...(signal && { signal }),
    });
    requireInputSize(sizeBytes);
    return { file, sizeBytes, remove };
  } catch (error) {
    await remove();
    signal?.throwIfAborted();
    if (failure !== null) throw failure;
    throw error instanceof LuauExecError ? error : createSpoolError(error);
  }
}

function createSpoolError(cause: unknown): LuauExecError {
  // Without the name that was made up for it.
  const [why = ''] = messageOf(cause).split(', ');
  return new LuauExecError(`cannot keep the binary input in the temporary directory: ${why}`, {
    id: 'LX074',
    kind: 'io',
    hint: 'free some space there, or name a file instead of a pipe',
    cause,
  });
}
