import { type FileHandle, open } from 'node:fs/promises';

/** `reason` goes on a sentence that began with the file's name; `isMissing` tells absence from other failures. */
export type TextFile =
  | { ok: true; text: string; mode: number }
  | { ok: false; reason: string; isMissing: boolean };

const CHUNK_BYTES = 65_536;
const REASONS: ReadonlyMap<string, string> = new Map([
  ['ENOENT', 'does not exist'],
  ['ENOTDIR', 'does not exist'],
  ['EACCES', 'may not be read (permission denied)'],
  ['EPERM', 'may not be read (permission denied)'],
  ['EISDIR', 'is a directory'],
]);

/** Reads a whole text file of at most `limitBytes`, from pipes and devices too; failures come back as words. */
export async function readTextFile(path: string, limitBytes: number): Promise<TextFile> {
  let handle: FileHandle | null = null;
  try {
    handle = await open(path, 'r');
    const { mode } = await handle.stat();
    const bytes = await readAtMost(handle, limitBytes);
    if (bytes === null) return { ok: false, reason: `is larger than ${limitBytes} bytes`, isMissing: false };
    const text = decodeText(bytes);
    return text === null
      ? { ok: false, reason: 'is not UTF-8 text', isMissing: false }
      : { ok: true, text, mode };
  } catch (error) {
    const code = readErrorCode(error);
    return {
      ok: false,
      reason: REASONS.get(code) ?? `could not be read (${code})`,
      isMissing: code === 'ENOENT' || code === 'ENOTDIR',
    };
  } finally {
    await handle?.close();
  }
}

/** UTF-8 or, where a byte order mark says so, UTF-16 as older PowerShells write it; null when it is neither. */
export function decodeText(bytes: Uint8Array): string | null {
  const encoding = bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8';
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** The file's bytes, or null when there are more than `limitBytes`; the size is not asked for, since a pipe has none. */
async function readAtMost(handle: FileHandle, limitBytes: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let sizeBytes = 0;
  for (;;) {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, null);
    if (bytesRead === 0) return Buffer.concat(chunks);
    sizeBytes += bytesRead;
    if (sizeBytes > limitBytes) return null;
    chunks.push(buffer.subarray(0, bytesRead));
  }
}

function readErrorCode(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : null;
  return typeof code === 'string' ? code : 'unknown error';
}
