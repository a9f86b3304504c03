import type { LogLevel, LogMessage } from '../open-cloud/task.ts';

/** Levels that a reader can ask for, from the least severe. */
export const LOG_LEVELS: readonly LogLevel[] = ['OUTPUT', 'INFO', 'WARNING', 'ERROR'];

/**
 * The messages of this level and of more severe ones; all where it is null. Messages whose level the service did not say
 * are always among them, because they may be errors.
 */
export function selectLevel(messages: readonly LogMessage[], lowest: LogLevel | null): LogMessage[] {
  const wanted = new Set<LogLevel>(LOG_LEVELS.slice(lowest === null ? 0 : LOG_LEVELS.indexOf(lowest)));
  return messages.filter(({ level }) => level === 'UNSPECIFIED' || wanted.has(level));
}
