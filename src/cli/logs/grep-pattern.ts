import { runInNewContext } from 'node:vm';
import { LuauExecError } from '../../errors.ts';
import { formatCodeFrame } from '../../output/code-frame.ts';
import { cutText } from '../../output/cut-text.ts';

/** A pattern that has not answered by then goes back and forth without an end in sight. */
const LIMIT_MS = 5_000;

const LONGEST_SHOWN = 120;

/**
 * A JavaScript regular expression with the flags `u` and `m`: `^` and `$` are the ends of each line. Throws LX011, which
 * shows where, for a text that is none.
 */
export async function parseGrepPattern(text: string): Promise<RegExp> {
  try {
    return new RegExp(text, 'mu');
  } catch (cause) {
    const { locatePatternMistake } = await import('./pattern-mistake.ts');
    const { reason, offset } = locatePatternMistake(text, cause);
    throw new LuauExecError(`--grep is not a regular expression: ${reason}`, {
      id: 'LX011',
      kind: 'usage',
      facts: offset === null ? [cutText(text, LONGEST_SHOWN)] : drawMistake(text, offset),
      hint: String.raw`put \ before a character that stands for itself, such as ( or [`,
      cause,
    });
  }
}

function drawMistake(text: string, offset: number): string[] {
  const before = text.slice(0, offset).split('\n');
  const column = (before.at(-1)?.length ?? 0) + 1;
  return formatCodeFrame({ text, line: before.length, column })?.split('\n') ?? [];
}

export interface Search {
  pattern: RegExp;
  texts: readonly string[];
  /** For all texts together; 5 s by default. */
  limitMs?: number;
}

/**
 * Which of the texts match, as their indices. A pattern such as `(a+)+$` can need more time for a text of 50 characters
 * than there is; so all together get 5 s, or `limitMs`, after which LX011 is thrown.
 */
export function findMatches({ pattern, texts, limitMs = LIMIT_MS }: Search): number[] {
  const found: number[] = [];
  let current = 0;
  const search = () => {
    for (; current < texts.length; current++) if (pattern.test(texts[current] ?? '')) found.push(current);
  };
  try {
    // Not for another context: a time limit is to be had in no other way, and it ends a match that is under way.
    runInNewContext('search()', { search }, { timeout: limitMs });
  } catch (error) {
    // The engine compiles a pattern when it is first used, and may find only then that it is too large.
    if (error instanceof SyntaxError) throw refuseLargePattern(error);
    if (!isTimeout(error)) throw error;
    throw new LuauExecError(`--grep took longer than ${limitMs / 1000} s and was stopped`, {
      id: 'LX011',
      kind: 'usage',
      facts: [`it was looking at message ${current + 1} of ${texts.length}, ${lengthOf(texts[current])}`],
      hint: 'write a pattern that has fewer ways to match: no + or * inside another, such as (a+)+',
      cause: error,
    });
  }
  return found;
}

function refuseLargePattern(cause: SyntaxError): LuauExecError {
  return new LuauExecError('--grep is too large a regular expression', {
    id: 'LX011',
    kind: 'usage',
    hint: 'write a shorter pattern',
    cause,
  });
}

function lengthOf(text = ''): string {
  return `of ${text.length.toLocaleString('en-GB')} characters`;
}

/** The error may be of the other context, whose `Error` is not ours. */
function isTimeout(error: unknown): boolean {
  const isObject = typeof error === 'object' && error !== null;
  return isObject && 'code' in error && error.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}
