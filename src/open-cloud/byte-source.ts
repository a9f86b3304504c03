import { type FileHandle, open, stat } from 'node:fs/promises';
import { type LuauExecError, messageOf } from '../errors.ts';
import { createInputError, requireInputSize } from './binary-input.ts';

/** Where bytes come from: the name of a file, or the bytes, which stay as they are meanwhile. */
export type ByteSource = string | Uint8Array;

/** A source whose bytes can be read any number of times, each time from the start. */
export interface OpenedSource {
  sizeBytes: number;
  readChunks(): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** What makes a source one of its kind. Errors are of kind `usage`. */
export interface SourceRules {
  /** Throws for a size that it cannot have. */
  requireSize(sizeBytes: number): void;
  createError(message: string, cause?: unknown): LuauExecError;
}

const BINARY_INPUT: SourceRules = { requireSize: requireInputSize, createError: createInputError };
const CHUNK_BYTES = 64 * 1024;

/**
 * How many bytes a source holds now, to ask for as large a slot. Throws LX015, kind `usage`, where it cannot be read, is
 * no regular file, is empty, or is larger than 100 MiB.
 */
export async function measureByteSource(source: ByteSource): Promise<number> {
  return measure(source, BINARY_INPUT);
}

/**
 * Throws what `rules` say for a source that cannot be read, is no regular file, or has a size that is not possible. A
 * file that changes while it is read ends the reading with such an error.
 */
export async function openByteSource(source: ByteSource, rules = BINARY_INPUT): Promise<OpenedSource> {
  const sizeBytes = await measure(source, rules);
  if (typeof source !== 'string') {
    return { sizeBytes, readChunks: () => cutBytes(source), close: () => Promise.resolve() };
  }
  const file = await open(source).catch((error) => {
    throw createReadError(source, error, rules);
  });
  return {
    sizeBytes,
    readChunks: () => readFileChunks(file, { name: source, sizeBytes, rules }),
    close: () => file.close(),
  };
}

async function measure(source: ByteSource, rules: SourceRules): Promise<number> {
  const sizeBytes = typeof source === 'string' ? await readFileSize(source, rules) : source.byteLength;
  rules.requireSize(sizeBytes);
  return sizeBytes;
}

async function readFileSize(name: string, rules: SourceRules): Promise<number> {
  const found = await stat(name).catch((error) => {
    throw createReadError(name, error, rules);
  });
  if (found.isDirectory()) throw rules.createError(`cannot read ${name}: it is a directory`);
  // A pipe could be read once only, and a retry begins at the start.
  if (!found.isFile()) throw rules.createError(`cannot read ${name}: it is not a regular file`);
  return found.size;
}

async function* cutBytes(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += CHUNK_BYTES) {
    yield bytes.subarray(start, start + CHUNK_BYTES);
  }
}

async function* readFileChunks(
  file: FileHandle,
  { name, sizeBytes, rules }: { name: string; sizeBytes: number; rules: SourceRules },
): AsyncIterable<Uint8Array> {
  const createChangeError = () => rules.createError(`${name} changed its size while it was uploaded`);
  for (let position = 0; position < sizeBytes; ) {
    // New memory each time: the last piece may still be on its way.
    const buffer = Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, sizeBytes - position));
    const { bytesRead } = await file.read(buffer, 0, buffer.byteLength, position).catch((error) => {
      throw createReadError(name, error, rules);
    });
    if (bytesRead === 0) throw createChangeError();
    position += bytesRead;
    // Before the last piece leaves, so that what is uploaded is never the beginning of something longer.
    if (position === sizeBytes && (await file.stat()).size !== sizeBytes) throw createChangeError();
    yield buffer.subarray(0, bytesRead);
  }
}

function createReadError(name: string, cause: unknown, { createError }: SourceRules): LuauExecError {
  return createError(`cannot read ${name}: ${messageOf(cause)}`, cause);
}
