import type { LogMessage, Task } from '../open-cloud/task.ts';

// What the harness (script/harness.luau) leaves in the error and the log messages of a run. It is known by its words
// alone, so that any process can read it, also one that has not sent the script.

/** The error with which a run ends that was told to stop. */
const CANCELLED = /^luau-exec: cancelled run [\w-]+$/;
const STACK_HEAD = 'luau-exec: error stack\n';
const WARNING = /^(luau-exec: .* may not work: )TaskScript:\d+: /;
const TRACEBACK_LINE = /^(.+?):(\d+)(?: function (.+))?$/;
const STACK_BEGIN = '\nStack Begin\n';
/** The harness cuts a stack off here. */
const LONGEST_STACK = 8_000;
const MOST_FRAMES = 100;

/** True where somebody has stopped the task: the service's own state for it, or the error of a harness that was told to. */
export function isCancelled(task: Task): boolean {
  if (task.phase === 'cancelled') return true;
  return task.phase === 'failed' && CANCELLED.test(task.error.message);
}

/** Why a task has not come to a good end, in a word: the service's, or `CANCELLED`; null where it has, or has none. */
export function readEndCode(task: Task): string | null {
  if (task.phase !== 'failed') return null;
  return isCancelled(task) ? 'CANCELLED' : task.error.code;
}

/**
 * The log messages as the script would have left them without a harness: the stack of an uncaught error, which the
 * harness tells right before it, in its place.
 */
export function unwrapLogs(messages: readonly LogMessage[]): LogMessage[] {
  return messages.flatMap((entry, index) => {
    const stack = readStack(messages[index - 1]);
    if (stack !== null && hasStack(entry)) return [{ ...entry, message: replaceStack(entry.message, stack) }];
    return readStack(entry) !== null && hasStack(messages[index + 1]) ? [] : [cleanWarning(entry)];
  });
}

/** What `debug.traceback` said, in a message that tells nothing else. */
function readStack(entry: LogMessage | undefined): string | null {
  const isWarning = entry?.level === 'WARNING' || entry?.level === 'UNSPECIFIED';
  return isWarning && entry.message.startsWith(STACK_HEAD) ? entry.message.slice(STACK_HEAD.length) : null;
}

function hasStack(entry: LogMessage | undefined): boolean {
  const isError = entry?.level === 'ERROR' || entry?.level === 'UNSPECIFIED';
  return isError && entry.message.includes(STACK_BEGIN);
}

/** A warning of the harness without the place in it that made it, which is nobody's concern. */
export function cleanWarning(entry: LogMessage): LogMessage {
  return entry.level === 'WARNING' ? { ...entry, message: entry.message.replace(WARNING, '$1') } : entry;
}

/** `traceback` is what `debug.traceback` says; the form of the service's own stacks was seen in live logs. */
function replaceStack(message: string, traceback: string): string {
  const text = message.slice(0, message.lastIndexOf(STACK_BEGIN));
  const lines = traceback.split('\n');
  // The last line may be half of one.
  if (traceback.length >= LONGEST_STACK) lines.pop();
  const frames = lines.slice(0, MOST_FRAMES).flatMap((line) => {
    const [, chunk, number, name] = TRACEBACK_LINE.exec(line) ?? [];
    if (chunk === undefined) return [];
    return [`Script '${chunk}', Line ${number}${name === undefined ? '' : ` - function ${name}`}`];
  });
  return [`${text}\nStack Begin`, ...frames, 'Stack End'].join('\n');
}
