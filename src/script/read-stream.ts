import { messageOf, systemCodeOf } from '../errors.ts';
export interface ReadLimit {
  maxBytes: number;
  /** What is thrown where there is more. */
  createError(): Error;
}

/** All of a stream. It stops reading as soon as there is too much, so that an endless pipe ends. */
export async function readStream(
  stream: AsyncIterable<Uint8Array | string>,
  { maxBytes, createError }: ReadLimit,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  for await (const chunk of stream) {
    const bytes = Buffer.from(chunk);
    chunks.push(bytes);
    sizeBytes += bytes.length;
    if (sizeBytes > maxBytes) throw createError();
  }
  return Buffer.concat(chunks);
}

const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'it is a directory'],
  ['EACCES', 'permission denied'],
]);

/** Why a file could not be read: the system's code, empty where there is none, and a reason for people. */
export function explainReadError(error: unknown): { code: string; why: string } {
  const code = systemCodeOf(error);
  return { code, why: REASONS.get(code) ?? messageOf(error) };
}
