import { type Attempt, type ErrorKind, LuauExecError } from '../errors.ts';
import type { Failure } from './failure.ts';
import { OPERATIONS, type Operation } from './operations.ts';

const MAX_QUOTE_CHARACTERS = 500;

/** What the wording of an error needs besides the failure itself. */
export interface FailureSetting {
  operation: Operation;
  origin: string;
  universeId: string;
  placeId: string;
  /** Null before a create was answered. */
  taskPath: string | null;
  attempts: Attempt[];
  /** True where the user allowed a create to be sent again. */
  isRepeatAllowed: boolean;
  /** Milliseconds since the first try. */
  elapsedMs: number;
  /** Milliseconds since the Unix epoch, for telling when a quota ends. */
  wallNowMs: number;
  /** The proxy in use, without its credentials; null when there is none. */
  proxy: string | null;
}

/** One error with what all of them carry: attempts, status, task and cause. */
export function errorOfFailure(
  message: string,
  failure: Failure,
  setting: FailureSetting,
  options: { id: string; kind: ErrorKind; hint?: string; facts?: string[]; code?: string | null },
): LuauExecError {
  const { code, ...rest } = options;
  return new LuauExecError(message, {
    ...rest,
    ...(code ? { code } : {}),
    ...(failure.httpStatus === null ? {} : { httpStatus: failure.httpStatus }),
    ...(setting.taskPath === null ? {} : { taskPath: setting.taskPath }),
    ...(failure.kind === 'exchange' ? { cause: failure.error } : {}),
    attempts: setting.attempts,
  });
}

/** What is left of a task of which something could not be read, and how to take it up again. */
export function describeResumption({ operation, taskPath }: FailureSetting): {
  facts: string[];
  hint?: string;
} {
  if (taskPath === null) return { facts: [] };
  // There are none to be read before the end.
  if (operation === OPERATIONS.listLogs) return { facts: [], hint: `luau-exec logs ${taskPath}` };
  return { facts: ['the task goes on'], hint: `luau-exec wait ${taskPath}` };
}

/** The service's own words, short enough to read; renderers make them safe for a terminal. */
export function quoteService(text: string | null): string | null {
  if (text === null) return null;
  return `the service says: "${cutWords(text)}"`;
}

/** Never cuts through a word: the half of a key would pass a redactor that knows the whole key only. */
export function cutWords(text: string): string {
  return text.length > MAX_QUOTE_CHARACTERS
    ? `${text.slice(0, MAX_QUOTE_CHARACTERS).replace(/\S*$/, '')}…`
    : text;
}
