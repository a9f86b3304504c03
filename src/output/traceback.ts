import type { LogMessage } from '../open-cloud/task.ts';

/** One line of a stack as the service prints it. `chunk` is `TaskScript` or the full name of a module. */
export interface StackLine {
  chunk: string;
  line: number;
  function: string | null;
}

const STACK_LINE = /^Script '(?:\[string "(.*)"\]|(.*))', Line (\d+)(?: - (?:function )?(.+))?$/;
const STACK_BEGIN = /^Stack Begin\s*$/m;

/**
 * Reads the lines between `Stack Begin` and `Stack End`; empty when there is no stack. The form, seen in live logs:
 * `Script 'TaskScript', Line 12 - function f` and `Script '[string "ServerScriptService.Mod"]', Line 3`.
 */
export function parseStack(text: string): StackLine[] {
  const begin = STACK_BEGIN.exec(text);
  if (!begin) return [];
  const stack: StackLine[] = [];
  for (const row of text.slice(begin.index + begin[0].length).split('\n')) {
    if (row.trim() === 'Stack End') break;
    const match = STACK_LINE.exec(row.trim());
    const chunk = match?.[1] ?? match?.[2];
    if (chunk !== undefined) stack.push({ chunk, line: Number(match?.[3]), function: match?.[4] ?? null });
  }
  return stack;
}

/**
 * The log message in which the service reports the error that ended the task. The error of a spawned thread looks
 * the same, so the message with the task's own text wins; else it is the last one, as the task ended there.
 */
export function findErrorLog(messages: readonly LogMessage[], errorMessage: string): LogMessage | null {
  const errors = messages.filter(({ level, message }) => canHoldStack(level) && STACK_BEGIN.test(message));
  return errors.findLast(({ message }) => message.startsWith(errorMessage)) ?? errors.at(-1) ?? null;
}

/** The FLAT view gives no levels. */
function canHoldStack(level: LogMessage['level']): boolean {
  return level === 'ERROR' || level === 'UNSPECIFIED';
}
