import type { Context } from '../context.ts';
import type { Printer } from './printer.ts';
import type { GlobalOptions } from './shared-options.ts';

/** One call of the command line, past the parsing of its options. */
export interface Invocation {
  /** `stdout` and `stderr` hide the secrets that `protect` was told of. */
  context: Context;
  printer: Printer;
  /** From now on this text appears in no output. */
  protect(secret: string): void;
  /** The text without its secrets, for what goes into a file. */
  redact(text: string): string;
}

/** Called when a command has been recognised; resolves to the exit code of the process. */
export type Start = (
  options: GlobalOptions,
  run: (invocation: Invocation) => Promise<number>,
) => Promise<void>;
