import { appendFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { LuauExecError } from '../errors.ts';

export interface OutputFile {
  append(text: string): void;
}

/** Empties or creates a file, before anything is sent, so that a bad name costs nothing. Throws LX074, kind `io`. */
export function openOutputFile(name: string, cwd: string): OutputFile {
  const path = resolve(cwd, name);
  const attempt = (write: () => void) => {
    try {
      write();
    } catch (cause) {
      throw new LuauExecError(
        `cannot write ${name}: ${cause instanceof Error ? cause.message : String(cause)}`,
        {
          id: 'LX074',
          kind: 'io',
          hint: 'name a file in a directory that exists and that you may write to',
          cause,
        },
      );
    }
  };
  attempt(() => writeFileSync(path, ''));
  return { append: (text) => attempt(() => appendFileSync(path, text)) };
}
