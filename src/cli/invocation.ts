import type { Context } from '../context.ts';
import type { Printer } from './printer.ts';

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
