import { quoteValue } from '../../config/setting-error.ts';
import { LuauExecError } from '../../errors.ts';
import type { LogLevel, LogMessage } from '../../open-cloud/task.ts';
import { selectLevel } from '../../output/log-level.ts';
import { parseLogLevel } from '../log-level-option.ts';
import type { LogsOptions } from '../shared-options.ts';
import { parseSince, type Since } from './parse-since.ts';

/** Which of a task's log messages are wanted; null where nothing was asked. */
export interface LogFilter {
  level: LogLevel | null;
  /** The indices of the texts that are wanted. */
  findMatches: ((texts: readonly string[]) => number[]) | null;
  since: Since | null;
  tailCount: number | null;
}

/** Reads the options of `logs`. Throws LX011 for one that cannot be used, LX003 for two that cannot be used together. */
export async function parseLogFilter(options: LogsOptions): Promise<LogFilter> {
  const past = options.tail === undefined ? options.since && '--since' : '--tail';
  if (options.follow && past) throw createFollowError(past);
  return {
    level: parseLogLevel(options.level, '--level'),
    since: options.since === undefined ? null : parseSince(options.since),
    tailCount: options.tail === undefined ? null : parseCount(options.tail),
    findMatches: options.grep === undefined ? null : await createSearch(options.grep),
  };
}

function createFollowError(flag: string): LuauExecError {
  return new LuauExecError(
    `${flag} looks back from the newest message, and with --follow there is always a newer one`,
    {
      id: 'LX003',
      kind: 'usage',
      hint: 'use --level or --grep with --follow',
    },
  );
}

async function createSearch(text: string): Promise<LogFilter['findMatches']> {
  const { findMatches, parseGrepPattern } = await import('./grep-pattern.ts');
  const pattern = await parseGrepPattern(text);
  return (texts) => findMatches({ pattern, texts });
}

function parseCount(text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new LuauExecError(`--tail ${quoteValue(text)} is not a number of messages`, {
    id: 'LX011',
    kind: 'usage',
    hint: 'write a whole number, such as 20',
  });
}

/** The messages that pass, in their order; `--tail` counts those that passed the others. Throws what a search throws. */
export function filterLogs(messages: readonly LogMessage[], filter: LogFilter): LogMessage[] {
  const { level, findMatches, since, tailCount } = filter;
  let kept = selectLevel(messages, level);
  if (since) kept = selectSince(kept, findStartMs(messages, since));
  if (findMatches) {
    const matches = new Set(findMatches(kept.map(({ message }) => message)));
    kept = kept.filter((_, index) => matches.has(index));
  }
  return tailCount === null ? kept : kept.slice(Math.max(0, kept.length - tailCount));
}

/** A message without a time may be of any. */
function selectSince(messages: readonly LogMessage[], startMs: number): LogMessage[] {
  return messages.filter(({ time }) => !(time !== null && Date.parse(time) < startMs));
}

function findStartMs(messages: readonly LogMessage[], since: Since): number {
  if (since.kind === 'at') return since.wallMs;
  // The order of messages is not that of their times.
  const times = messages.flatMap(({ time }) => (time === null ? [] : [Date.parse(time)]));
  const newestMs = times
    .filter((ms) => !Number.isNaN(ms))
    .reduce((newest, ms) => Math.max(newest, ms), Number.NEGATIVE_INFINITY);
  return newestMs - since.ms;
}
