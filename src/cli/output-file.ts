import { appendFileSync, closeSync, constants, openSync, statSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Context } from '../context.ts';
import { LuauExecError, messageOf } from '../errors.ts';

/** Where its name is relative to, and what becomes of its text first. */
export interface OutputFilePlace {
  context: Pick<Context, 'cwd'>;
  /** The text without its secrets. */
  redact: (text: string) => string;
}

export interface OutputFile {
  /** Why the text could not be written (LX074, kind `io`); null when it was. */
  append(text: string): LuauExecError | null;
}

/**
 * Empties or creates a file, before anything is sent, so that a bad name costs nothing. No secret gets into it. Throws
 * LX003 for the name of a script, and LX074, kind `io`.
 */
export function openOutputFile(name: string, { context, redact }: OutputFilePlace): OutputFile {
  // `--logs a.luau`, where the option's own value was forgotten, would empty somebody's work.
  if (/\.luau?$/i.test(name)) throw overScript(name);
  const path = resolve(context.cwd, name);
  const attempt = (write: () => void): LuauExecError | null => {
    try {
      write();
      return null;
    } catch (cause) {
      const why = messageOf(cause);
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
  let target: string | number = path;
  const problem = attempt(() => {
    target = openTarget(path);
  });
  if (problem) throw problem;
  return { append: (text) => attempt(() => appendFileSync(target, redact(text))) };
}

/** What is to be written to: a file by its name; a pipe, whose reader leaves when it is closed, by what is open. */
function openTarget(path: string): string | number {
  if (statSync(path, { throwIfNoEntry: false })?.isFIFO() !== true) {
    writeFileSync(path, '');
    return path;
  }
  // To wait for a reader would be to wait deaf to every signal. This fails where there is none.
  const probe = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
  const pipe = openSync(path, constants.O_WRONLY);
  closeSync(probe);
  return pipe;
}

function overScript(name: string): LuauExecError {
  return new LuauExecError(`${name} is named as a script is, and would be emptied to be written to`, {
    id: 'LX003',
    kind: 'usage',
    hint: 'name the file of an output otherwise',
  });
}

function isFull(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC';
}
