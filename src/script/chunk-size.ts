import { LuauExecError } from '../errors.ts';

/** The largest script that Open Cloud accepts, by its documentation. */
export const MAX_CHUNK_BYTES = 4 * 1024 * 1024;

/** LX004: `name` alone, or with everything that it requires, is larger than a script may be. */
export function createTooLargeError(
  name: string,
  sizeBytes: number | null,
  facts: readonly string[] = [],
): LuauExecError {
  const size = sizeBytes === null ? 'more than 4 MB' : formatMegabytes(sizeBytes);
  return new LuauExecError(`${name} is ${size}, Open Cloud accepts 4 MB`, {
    id: 'LX004',
    kind: 'usage',
    facts,
    hint: 'move data out of the script: a DataStore, or several smaller scripts',
  });
}

/** Rounded up, so that what is too large never looks as if it were not. */
export function formatMegabytes(sizeBytes: number): string {
  return `${(Math.ceil((sizeBytes / 1024 / 1024) * 10) / 10).toFixed(1)} MB`;
}
