import { type Attempt, LuauExecError, type SourceLocation } from '../errors.ts';
import { formatCodeFrame } from './code-frame.ts';
import { cutText } from './cut-text.ts';
import { sanitize, sanitizeLine } from './sanitize.ts';

/** A position in a file of the user's, or in a file that only the service knows. */
export interface Frame {
  file: string;
  line: number;
  function: string | null;
}

/** One error in words and fields, the same for every output format. */
export interface ErrorDescription {
  id: string;
  /** The service's error code, where there is one. */
  code: string | null;
  /** The headline: what happened, on one line. */
  message: string;
  /** Further lines, one fact each. */
  facts: string[];
  hint: string | null;
  file: string | null;
  line: number | null;
  /** Counted from 1, in characters; null where only the line is known. */
  column: number | null;
  traceback: Frame[];
  /** Source lines around `line`, ready to print; null when the source is not at hand. */
  codeFrame: string | null;
  /** The log message that says the same as this, where there is one: people need not read it twice. */
  sameAsLog: string | null;
  httpStatus: number | null;
  /** The task concerned, so that a program can take it up again. */
  taskPath: string | null;
  attempts: readonly Attempt[];
}

export interface DescribeErrorOptions {
  /** True at `-vv`: the stack of any error is among the facts. It always is for a bug of our own. */
  hasStack?: boolean;
}

const MAX_QUOTE_CHARACTERS = 500;
const MAX_STACK_LINES = 40;
const MAX_CAUSES = 5;

/** Any thrown value in words. What is not a `LuauExecError` is our own bug: LX900, with its stack among the facts. */
export function describeError(error: unknown, options: DescribeErrorOptions = {}): ErrorDescription {
  if (!(error instanceof LuauExecError)) return describeBug(error);
  const hasStack = options.hasStack === true || error.kind === 'internal';
  return {
    ...createDescription(error.id, sanitizeLine(error.message)),
    code: error.code,
    facts: [...error.facts.map(sanitize), ...(hasStack ? listStack(error) : [])],
    hint: error.hint === null ? null : sanitize(error.hint),
    ...(error.location && describeLocation(error.location)),
    httpStatus: error.httpStatus,
    taskPath: error.taskPath,
    attempts: error.attempts.map((attempt) => ({ ...attempt, reason: sanitizeLine(attempt.reason) })),
  };
}

function describeLocation(location: SourceLocation) {
  const { file, line, column } = location;
  return { file, line, column, codeFrame: formatCodeFrame(location) };
}

/** A description of which only id and headline are known. */
export function createDescription(id: string, message: string): ErrorDescription {
  return {
    id,
    code: null,
    message,
    facts: [],
    hint: null,
    file: null,
    line: null,
    column: null,
    traceback: [],
    codeFrame: null,
    sameAsLog: null,
    httpStatus: null,
    taskPath: null,
    attempts: [],
  };
}

/** The service's own words: made safe, on one line, at most 500 characters. */
export function quoteServerText(text: string): string {
  return cutText(sanitizeLine(text), MAX_QUOTE_CHARACTERS);
}

function describeBug(error: unknown): ErrorDescription {
  const message = error instanceof Error ? `${error.name}: ${error.message}` : formatThrown(error);
  return {
    ...createDescription('LX900', `a bug in luau-exec: ${quoteServerText(message)}`),
    facts: listStack(error),
    hint: 'report it, with the lines above',
  };
}

/** The stack of an error and of its causes, one line each; nothing for a thrown value that has none. */
function listStack(error: unknown): string[] {
  const lines: string[] = [];
  let current = error;
  for (let depth = 0; depth < MAX_CAUSES && current instanceof Error; depth++) {
    const stack = sanitize(current.stack ?? String(current)).split('\n');
    lines.push(...stack.map((line, index) => (depth > 0 && index === 0 ? `caused by ${line}` : line)));
    current = current.cause;
  }
  return lines.slice(0, MAX_STACK_LINES);
}

/** Not every value can be made a string: `Object.create(null)` throws. */
function formatThrown(thrown: unknown): string {
  try {
    return String(thrown);
  } catch {
    return `a thrown ${typeof thrown}`;
  }
}
