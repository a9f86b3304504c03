import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { makeTemporaryDirectory } from '../temporary-directory.ts';
import { type DownloadedFile, type DownloadOptions, downloadBinaryOutput } from './download.ts';

/**
 * Downloads the binary output of a task and passes it to a stream, at the stream's own pace, and ends the stream. A stream
 * cannot take back what it was given, so it is given nothing before all has come: until then the bytes are in a file that
 * only its owner may read. Throws what `downloadBinaryOutput` throws, and what the stream does.
 */
export async function streamBinaryOutput(
  uri: string,
  destination: NodeJS.WritableStream,
  options: DownloadOptions,
): Promise<DownloadedFile> {
  const directory = await makeTemporaryDirectory();
  try {
    const file = join(directory.path, 'output');
    const downloaded = await downloadBinaryOutput(uri, file, options);
    const { signal } = options;
    await pipeline(createReadStream(file), destination, { ...(signal && { signal }) });
    return downloaded;
  } catch (error) {
    options.signal?.throwIfAborted();
    throw error;
  } finally {
    await directory.remove();
  }
}
