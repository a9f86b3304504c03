import { type FileHandle, open, stat } from 'node:fs/promises';
import { createInputError, requireInputSize } from './binary-input.ts';

/** Where the bytes of a binary input come from: the name of a file, or the bytes, which stay as they are meanwhile. */
export type ByteSource = string | Uint8Array;

/** A source whose bytes can be read any number of times, each time from the start. */
export interface OpenedSource {
  sizeBytes: number;
  readChunks(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

const CHUNK_BYTES = 64 * 1024;

/**
 * How many bytes a source holds now, to ask for as large a slot. Throws LX015, kind `usage`, where it cannot be read, is
 * no regular file, is empty, or is larger than 100 MiB.
 */
export async function measureByteSource(source: ByteSource): Promise<number> {
  const sizeBytes = typeof source === 'string' ? await readFileSize(source) : source.byteLength;
  requireInputSize(sizeBytes);
  return sizeBytes;
}

/** Throws as `measureByteSource` does. A file that changes while it is read ends the reading with LX015. */
export async function openByteSource(source: ByteSource): Promise<OpenedSource> {
  const sizeBytes = await measureByteSource(source);
  if (typeof source !== 'string') {
    return { sizeBytes, readChunks: () => cutBytes(source), close: () => Promise.resolve() };
  }
  const file = await open(source).catch((error) => {
    throw createReadError(source, error);
  });
  return {
    sizeBytes,
    readChunks: () => readFileChunks(file, { name: source, sizeBytes }),
    close: () => file.close(),
  };
}

async function readFileSize(name: string): Promise<number> {
  const found = await stat(name).catch((error) => {
    throw createReadError(name, error);
  });
  // A pipe could be read once only, and a retry begins at the start.
  if (!found.isFile()) throw createInputError(`cannot read ${name}: it is not a regular file`);
  return found.size;
}

async function* cutBytes(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += CHUNK_BYTES) {
    yield bytes.subarray(start, start + CHUNK_BYTES);
  }
}

async function* readFileChunks(
  file: FileHandle,
  { name, sizeBytes }: { name: string; sizeBytes: number },
): AsyncIterable<Uint8Array> {
  for (let position = 0; position < sizeBytes; ) {
    // New memory each time: the last piece may still be on its way.
    const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, sizeBytes - position));
    const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, position).catch((error) => {
      throw createReadError(name, error);
    });
    if (bytesRead === 0) throw createChangeError(name);
    position += bytesRead;
    // Before the last piece leaves, so that what is uploaded is never the beginning of something longer.
    if (position === sizeBytes && (await file.stat()).size !== sizeBytes) throw createChangeError(name);
    yield buffer.subarray(0, bytesRead);
  }
}

function createReadError(name: string, cause: unknown) {
  return createInputError(
    `cannot read ${name}: ${cause instanceof Error ? cause.message : String(cause)}`,
    cause,
  );
}

function createChangeError(name: string) {
  return createInputError(`${name} changed its size while it was uploaded`);
}
