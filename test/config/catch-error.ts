import { LuauExecError } from '../../src/errors.ts';

/** What `action` throws on purpose; fails the test when it throws nothing or something else. */
export async function catchError(action: () => unknown): Promise<LuauExecError> {
  try {
    await action();
  } catch (error) {
    if (error instanceof LuauExecError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}
