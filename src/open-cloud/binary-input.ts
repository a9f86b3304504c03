import { LuauExecError } from '../errors.ts';
import { parseJsonObject, WireError } from './wire.ts';

/** Room on the service for the bytes of a binary input: any number of tasks of its universe may read them. */
export interface BinaryInput {
  /** Resource path, which a create names as its `binaryInput`. */
  path: string;
  universeId: string;
  /** Exactly as many bytes have to be uploaded. */
  sizeBytes: number;
  /** Presigned, so a secret: whoever knows it may write the input. */
  uploadUri: string;
  /** When the slot was given out, on the client's clock. It is valid for 15 minutes from then. */
  createdAtMs: number;
}

/** By the OpenAPI document. */
const MAX_BINARY_INPUT_BYTES = 100 * 1024 * 1024;
/** By the OpenAPI document. */
export const MAX_BINARY_OUTPUT_BYTES = 256 * 1024 * 1024;

const PATH = /^universes\/([1-9]\d{0,19})\/luau-execution-session-task-binary-inputs\/[A-Za-z0-9_-]{1,128}$/;

/** Throws `LuauExecError` LX015, kind `usage`, for a size that no binary input can have. */
export function requireInputSize(sizeBytes: number): void {
  if (sizeBytes === 0) throw createInputError('the binary input is empty');
  if (!Number.isInteger(sizeBytes) || sizeBytes < 0) {
    throw createInputError('the size of a binary input is a whole number of bytes');
  }
  if (sizeBytes <= MAX_BINARY_INPUT_BYTES) return;
  const sizeMib = (Math.ceil((sizeBytes / 1024 / 1024) * 10) / 10).toFixed(1);
  throw createInputError(`the binary input is ${sizeMib} MiB, Open Cloud accepts 100 MiB`);
}

/** What is wrong with the bytes that are to be uploaded; nothing was sent of them, or not all. */
export function createInputError(message: string, cause?: unknown): LuauExecError {
  return new LuauExecError(message, { id: 'LX015', kind: 'usage', cause });
}

/** Reads the answer to a create. Throws `WireError` for any other answer than one about the input that was asked for. */
export function parseBinaryInput(
  text: string,
  { universeId, sizeBytes }: { universeId: string; sizeBytes: number },
): Pick<BinaryInput, 'path' | 'uploadUri'> {
  const { path, uploadUri, size = sizeBytes } = parseJsonObject(text);
  if (typeof path !== 'string' || typeof uploadUri !== 'string' || uploadUri === '') {
    throw new WireError('the answer holds no binary input');
  }
  // A 64-bit number may come as a string in JSON that is made from protocol buffers.
  if (PATH.exec(path)?.[1] !== universeId || String(size) !== String(sizeBytes)) {
    throw new WireError('the answer is about another binary input');
  }
  return { path, uploadUri };
}
