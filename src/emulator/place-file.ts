import { createHash } from 'node:crypto';
import type { ApiRequest } from './api-request.ts';

/** What is left of a file that was uploaded. */
export interface PlaceFile {
  /** In hexadecimal digits. */
  sha256: string;
  sizeBytes: number;
}

// Enough for what may stand before the first element.
const HEAD_BYTES = 4096;
const BINARY = /^<roblox!/;
// The three bytes are a byte order mark: a head is read as one character for each byte.
const XML = /^(?:\xEF\xBB\xBF)?[\t\n\r ]*(?:<\?xml[\s\S]*?\?>[\t\n\r ]*)?<roblox[\t\n\r />]/;

/**
 * Reads a body that is to be a place, binary or XML, by its beginning; null when it is none. No more than that
 * beginning is held at any time. Rejects when the body is cut off.
 */
export async function readPlaceFile(request: Pick<ApiRequest, 'readPieces'>): Promise<PlaceFile | null> {
  const hash = createHash('sha256');
  let head = '';
  let sizeBytes = 0;
  await request.readPieces((piece) => {
    hash.update(piece);
    sizeBytes += piece.byteLength;
    head += Buffer.from(piece.subarray(0, HEAD_BYTES - head.length)).toString('latin1');
  });
  return BINARY.test(head) || XML.test(head) ? { sha256: hash.digest('hex'), sizeBytes } : null;
}
