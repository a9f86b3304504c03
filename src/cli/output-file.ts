import { appendFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { LuauExecError } from '../errors.ts';
import type { Invocation } from './invocation.ts';

export interface OutputFile {
  /** Why the text could not be written (LX074, kind `io`); null when it was. */
  append(text: string): LuauExecError | null;
}

/**
 * Empties or creates a file, before anything is sent, so that a bad name costs nothing. No secret gets into it. Throws
 * LX074, kind `io`.
 */
export function openOutputFile(
  name: string,
  { context, redact }: Pick<Invocation, 'context' | 'redact'>,
): OutputFile {
  const path = resolve(context.cwd, name);
  const attempt = (write: () => void): LuauExecError | null => {
    try {
      write();
      return null;
    } catch (cause) {
      const why = cause instanceof Error ? cause.message : String(cause);
      return new LuauExecError(`cannot write ${name}: ${why}`, {
        id: 'LX074',
        kind: 'io',
        hint: isFull(cause)
          ? 'free some space there, or name a file elsewhere'
          : 'name a file in a directory that exists and that you may write to',
        cause,
      });
    }
  };
  const problem = attempt(() => writeFileSync(path, ''));
  if (problem) throw problem;
  return { append: (text) => attempt(() => appendFileSync(path, redact(text))) };
}

function isFull(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC';
}
