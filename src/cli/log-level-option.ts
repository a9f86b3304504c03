import { quoteValue } from '../config/setting-error.ts';
import { suggestName } from '../did-you-mean.ts';
import { LuauExecError } from '../errors.ts';
import type { LogLevel } from '../open-cloud/task.ts';
import { LOG_LEVELS } from '../output/log-level.ts';

const NAMES = LOG_LEVELS.map((level) => level.toLowerCase());

/** The level that `flag` names, in any case; null where it was not given. Throws LX011 for an unknown one. */
export function parseLogLevel(text: string | undefined, flag: string): LogLevel | null {
  if (text === undefined) return null;
  const level = LOG_LEVELS.find((known) => known === text.toUpperCase());
  if (level !== undefined) return level;
  const start = text.toLowerCase();
  const meant =
    suggestName(text, NAMES) ?? NAMES.find((name) => start !== '' && name.startsWith(start)) ?? null;
  throw new LuauExecError(`${flag} ${quoteValue(text)} is not a level of log messages`, {
    id: 'LX011',
    kind: 'usage',
    hint: meant === null ? `use ${NAMES.slice(0, -1).join(', ')} or ${NAMES.at(-1)}` : `${flag} ${meant}`,
  });
}
