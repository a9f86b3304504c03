import { resolve } from 'node:path';
import { LuauExecError } from '../../errors.ts';
import type { Invocation } from '../invocation.ts';

/** Where a file lies, and what the user called it. */
export interface LocatedFile {
  name: string;
  file: string;
}

export function locateFile(name: string, { context }: Invocation): string {
  return resolve(context.cwd, name);
}

/** The error in the user's own words for the file. */
export function nameAsGiven(error: unknown, { name, file }: LocatedFile): unknown {
  if (!(error instanceof LuauExecError)) return error;
  return new LuauExecError(error.message.replaceAll(file, name), { ...error, cause: error });
}
