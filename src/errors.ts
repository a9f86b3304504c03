/**
 * What went wrong, as a reader of exit codes would sort it. `cli/exit-codes.ts` maps each kind to its number.
 * `unknown` means: a create was written to the wire and no usable answer came, so the script may be running.
 */
export type ErrorKind =
  | 'usage'
  | 'auth'
  | 'not_found'
  | 'throttled'
  | 'unavailable'
  | 'unknown'
  | 'bad_response'
  | 'pending'
  | 'not_cancelled'
  | 'wait_timeout'
  | 'interrupted'
  | 'skipped'
  | 'io'
  | 'internal';

/** One failed try of a request, kept so that a report can show the whole story. */
export interface Attempt {
  /** Milliseconds since the first try of this request. */
  atMs: number;
  httpStatus: number | null;
  /** What the try ended with, in words: `HTTP 503`, `ECONNRESET`, `no answer in 8 s`. */
  reason: string;
  /** How long was waited before the next try; null when there was none. */
  waitMs: number | null;
}

/** A place in a file of the user's. */
export interface SourceLocation {
  /** Path relative to the working directory with forward slashes, or `-`, or `-e`. */
  file: string;
  /** Counted from 1. */
  line: number;
  /** Counted from 1, in characters; null where only the line is known. */
  column: number | null;
  /** The whole text of the file, for the lines around it. */
  text: string;
}

export interface LuauExecErrorOptions {
  /** Stable identifier such as `LX401`, listed in docs/cli.md. */
  id: string;
  kind: ErrorKind;
  /** One command or one action; no full stop. */
  hint?: string | null;
  /** Further lines shown between headline and hint, one fact each. */
  facts?: readonly string[];
  httpStatus?: number | null;
  /** The error code in the service's answer, for instance `PERMISSION_DENIED`. */
  code?: string | null;
  /** Full resource path of the task concerned, when it is known. */
  taskPath?: string | null;
  attempts?: readonly Attempt[];
  /** Where in the user's files the mistake is. */
  location?: SourceLocation | null;
  cause?: unknown;
}

/** Every error this tool throws on purpose. `message` is the headline: what happened, without a full stop. */
export class LuauExecError extends Error {
  override readonly name = 'LuauExecError';
  readonly id: string;
  readonly kind: ErrorKind;
  readonly hint: string | null;
  readonly facts: readonly string[];
  readonly httpStatus: number | null;
  readonly code: string | null;
  readonly taskPath: string | null;
  readonly attempts: readonly Attempt[];
  readonly location: SourceLocation | null;

  constructor(message: string, options: LuauExecErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.id = options.id;
    this.kind = options.kind;
    this.hint = options.hint ?? null;
    this.facts = options.facts ?? [];
    this.httpStatus = options.httpStatus ?? null;
    this.code = options.code ?? null;
    this.taskPath = options.taskPath ?? null;
    this.attempts = options.attempts ?? [];
    this.location = options.location ?? null;
  }
}

/** The same error with more to say. */
export function addFacts(error: LuauExecError, facts: readonly string[]): LuauExecError {
  return new LuauExecError(error.message, { ...error, facts: [...error.facts, ...facts], cause: error });
}

/** What something that was thrown says, whatever it is. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** The system's word for why a call of Node failed, such as `ENOENT`; empty where it has none. */
export function systemCodeOf(thrown: unknown): string {
  return thrown instanceof Error && 'code' in thrown && typeof thrown.code === 'string' ? thrown.code : '';
}
