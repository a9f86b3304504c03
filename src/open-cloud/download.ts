import { ByteMeter } from './byte-meter.ts';
import { failureOfBadAnswer } from './failure.ts';
import { type OpenNewFile, openPartFile, type PartFile } from './part-file.ts';
import { parsePresignedUri } from './presigned-uri.ts';
import type { TryResult } from './retry.ts';
import { Transfer, type TransferClient, type TransferOptions } from './transfer.ts';

/** What a file holds. */
export interface DownloadedFile {
  sizeBytes: number;
  /** In hexadecimal. */
  sha256: string;
}

export interface DownloadOptions extends TransferOptions {
  /** Read the task that names the URI. */
  client: Pick<TransferClient, 'origin'>;
  /** How `FILE.part` is opened; the file system's own way by default. */
  openNew?: OpenNewFile;
}

/**
 * Downloads the binary output of a task to `file`, without the API key and never whole in memory, and resolves with what
 * it is. It is written to `FILE.part` and renamed when it is whole and on the disk, so `file` is never half a
 * download; where anything fails, `FILE.part` is removed.
 *
 * Retries network errors, an answer that is too short, 408, 429 and 5xx four times, from the start. Throws
 * `LuauExecError`: LX074 (kind `io`) where the file cannot be written or `file` is a directory or a symbolic link, LX531
 * for a URI that is not safe, LX530 for a redirect, LX540 (kind `unavailable`) once no try makes sense; and the reason
 * of a signal that aborts.
 */
export async function downloadBinaryOutput(
  uri: string,
  file: string,
  options: DownloadOptions,
): Promise<DownloadedFile> {
  const url = parsePresignedUri(uri, options.client.origin);
  const transfer = new Transfer('downloadBinaryOutput', options);
  const part = await openPartFile(file, options.openNew);
  try {
    let tries = 0;
    const downloaded = await transfer.run(async () => {
      if (tries++ > 0) await part.restart();
      return fetchInto(part, url, transfer);
    });
    await part.finish();
    return downloaded;
  } finally {
    await part.discard();
  }
}

async function fetchInto(part: PartFile, url: URL, transfer: Transfer): Promise<TryResult<DownloadedFile>> {
  const meter = new ByteMeter();
  const onChunk = (chunk: Uint8Array, totalBytes: number | null) => {
    part.write(chunk);
    meter.add(chunk);
    transfer.noteProgress(meter.doneBytes, totalBytes);
  };
  const result = await transfer.send({ method: 'GET', url, onChunk });
  if ('failure' in result) return result;
  const { response } = result;
  const { doneBytes } = meter;
  const problem = findProblem(response.status, response.headers, doneBytes);
  return problem === null
    ? { value: { sizeBytes: doneBytes, sha256: meter.digest() } }
    : { failure: failureOfBadAnswer(response, problem) };
}

/** Why an answer is not the whole of what was asked for; null when it is. */
function findProblem(
  status: number,
  headers: Readonly<Record<string, string>>,
  doneBytes: number,
): string | null {
  if (status !== 200) return `HTTP ${status}`;
  const length = headers['content-length'];
  if (length !== undefined) {
    return Number(length) === doneBytes ? null : `${doneBytes} bytes came of ${length}`;
  }
  // An answer that ends with its connection may have been cut off anywhere. Chunks have an end of their own.
  return /\bchunked\b/i.test(headers['transfer-encoding'] ?? '')
    ? null
    : 'the answer does not tell its length';
}
