import { quoteValue } from '../../config/setting-error.ts';
import { suggestName } from '../../did-you-mean.ts';
import { LuauExecError } from '../../errors.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { formatTopic, formatTopicJson } from '../help/format-topic.ts';
import { decideHelpWidth } from '../help/help-width.ts';
import { isTopicName, TOPIC_SUMMARIES } from '../help/topic-names.ts';
import { TOPICS } from '../help/topics.ts';
import type { Invocation } from '../invocation.ts';

export interface HelpQuestion {
  /** What stood behind `help`, at least one word: `exit codes` is asked for as readily as `exit-codes`. */
  words: readonly string[];
  /** What else there is help on. */
  commands: readonly string[];
}

/** Prints a topic on stdout. Throws LX003 for what is neither a topic nor a command. */
export async function showTopic(
  { printer, context }: Invocation,
  { words, commands }: HelpQuestion,
): Promise<number> {
  const [first = ''] = words;
  const name = [first, words.join('-')].find(isTopicName);
  if (name === undefined) throw createUnknownError(words, commands);
  const topic = TOPICS[name]();
  if (printer.isJson) await printer.printData(formatTopicJson(name, topic));
  else {
    const { bold } = printer.stdoutStyle;
    const widthColumns = decideHelpWidth(context.stdout);
    await printer.printData(formatTopic(topic, { widthColumns, bold }));
  }
  return EXIT_CODES.ok;
}

function createUnknownError(words: readonly string[], commands: readonly string[]): LuauExecError {
  const topics = Object.keys(TOPIC_SUMMARIES);
  const likely = suggestName(words.join('-'), [...commands, ...topics]);
  return new LuauExecError(`there is no help on ${quoteValue(words.join(' '))}`, {
    id: 'LX003',
    kind: 'usage',
    facts: [`commands are ${commands.join(', ')}`, `topics are ${topics.join(', ')}`],
    hint: likely === null ? 'luau-exec help' : `luau-exec help ${likely}`,
  });
}
