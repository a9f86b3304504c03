import type { Command } from 'commander';
import type { Context } from '../../context.ts';
import { writeOut } from '../../output/write-out.ts';
import { formatAnswer } from './answer.ts';
import { findAnswer, type PartialCall } from './find-answer.ts';
import { formatBashAnswer } from './format-bash-answer.ts';
import { splitBashLine } from './split-bash-line.ts';

/** TAB, `?` after a second one, `!` of show-all-if-ambiguous, `@` of show-all-if-unmodified; not `%` and `*`. */
const LISTING_TYPES = ['9', '63', '33', '64'];
/** PowerShell loses empty words and quotes on the way to a program, so its words come in a variable. */
const WORDS_VARIABLE = 'LUAU_EXEC_COMPLETE_WORDS';

/**
 * Answers the script of a shell, which asks at each TAB: `-- WORD…`, the last word being the one under the cursor;
 * `--bash -- LINE REPLACED COLUMNS COMP_TYPE`; or `--variable`. Never rejects: a shell that is in the middle of a line
 * can do nothing with an error, so there is no answer then.
 */
export async function answerShell(
  program: Command,
  context: Context,
  words: readonly string[],
): Promise<void> {
  try {
    await writeOut(context.stdout, await composeAnswer(program, context, words));
  } catch {
    // Nothing is completed.
  }
}

async function composeAnswer(
  program: Command,
  context: Context,
  [mode, ...words]: readonly string[],
): Promise<string> {
  if (mode === '--bash') return answerBash(program, context, words.slice(1));
  const given = mode === '--variable' ? readWordsVariable(context) : words;
  const call: PartialCall = { before: given.slice(0, -1), current: given.at(-1) ?? '' };
  return formatAnswer(await findAnswer(program, context, call));
}

async function answerBash(
  program: Command,
  context: Context,
  [line = '', replaced = '', columns = '', compType = '']: readonly string[],
): Promise<string> {
  const { before, current } = splitBashLine(line);
  const call = { before: before.slice(1), current: current.text };
  return formatBashAnswer(await findAnswer(program, context, call), {
    current,
    replaced,
    columns: Number.parseInt(columns, 10) || 80,
    isList: LISTING_TYPES.includes(compType),
  });
}

function readWordsVariable({ env }: Context): string[] {
  const words: unknown = JSON.parse(env[WORDS_VARIABLE] ?? '[]');
  return Array.isArray(words) ? words.map(String) : [];
}
