import type { Command, Option } from 'commander';
import type { Context } from '../../context.ts';
import { TOPIC_SUMMARIES } from '../help/topic-names.ts';
import { type Answer, type Candidate, NO_ANSWER } from './answer.ts';
import { type CommandPosition, findCommandPosition, listCommands } from './command-position.ts';
import { findArgumentSource, findOptionSource, type ValueSource } from './value-sources.ts';

const SCRIPT_EXTENSIONS = ['luau', 'lua'];

/** A line as far as the cursor, in words without their quotes; `current` is empty behind a blank. */
export interface PartialCall {
  before: readonly string[];
  current: string;
}

interface Surroundings {
  program: Command;
  context: Context;
  given: CommandPosition['given'];
  prefix: string;
}

// What reads the journal or a config file is loaded when it is asked: most TABs need neither.

/**
 * What may stand at the cursor. Candidates need not begin with `current`: shells have their own ideas of what matches.
 * Those of `--option=` come with that beginning.
 */
export async function findAnswer(program: Command, context: Context, call: PartialCall): Promise<Answer> {
  const position = findCommandPosition(program, call);
  const { given } = position;
  switch (position.kind) {
    case 'nothing':
      return NO_ANSWER;
    case 'command':
      return { ...NO_ANSWER, candidates: describeCommands(position.commands) };
    case 'options':
      return { ...NO_ANSWER, candidates: describeOptions(position.options, { given, word: call.current }) };
    case 'value': {
      const surroundings = { program, context, given, prefix: position.prefix };
      return addHead(await findValues(findOptionSource(position.option), surroundings), position.head);
    }
    default: {
      const surroundings = { program, context, given, prefix: call.current };
      return findValues(findArgumentSource(position.argument), surroundings);
    }
  }
}

async function findValues(
  source: ValueSource | undefined,
  { program, context, given, prefix }: Surroundings,
): Promise<Answer> {
  switch (source?.from) {
    case 'choices': {
      if (source.withFile?.some((choice) => prefix.startsWith(`${choice}=`))) {
        return { ...NO_ANSWER, files: 'any' };
      }
      const candidates = source.choices.map((value) => ({ value, description: '' }));
      return { candidates, files: source.hasFiles ? 'any' : 'none', isOrdered: true };
    }
    case 'files':
      return { ...NO_ANSWER, files: 'any' };
    case 'scripts':
      return { ...NO_ANSWER, files: { extensions: SCRIPT_EXTENSIONS } };
    case 'help':
      return { ...NO_ANSWER, candidates: [...describeCommands(listCommands(program)), ...TOPICS] };
    case 'targets': {
      const { findTargetCandidates } = await import('./target-candidates.ts');
      const candidates = await findTargetCandidates(context, findGiven(given, '--config'));
      return { candidates, files: 'none', isOrdered: true };
    }
    case 'tasks': {
      const { findTaskCandidates } = await import('./task-candidates.ts');
      const candidates = findTaskCandidates(context, { baseUrl: findGiven(given, '--base-url'), prefix });
      return { candidates, files: 'none', isOrdered: true };
    }
    default:
      return NO_ANSWER;
  }
}

const TOPICS: readonly Candidate[] = Object.entries(TOPIC_SUMMARIES).map(([value, description]) => ({
  value,
  description,
}));

function describeCommands(commands: readonly Command[]): Candidate[] {
  return commands.map((command) => ({
    value: command.name(),
    description: command.summary() || command.description(),
  }));
}

/** Long names, or the short ones where the word has begun as one. What was given already is left out. */
function describeOptions(
  options: readonly Option[],
  { given, word }: { given: CommandPosition['given']; word: string },
): Candidate[] {
  const isShort = word.startsWith('-') && word !== '-' && !word.startsWith('--');
  const settled = new Set(
    [...given.keys()].filter(({ parseArg }) => parseArg === undefined).map((o) => o.attributeName()),
  );
  return options
    .filter((option) => !settled.has(option.attributeName()))
    .flatMap(({ short, long, description }) => {
      const value = isShort ? short : (long ?? short);
      return value === undefined ? [] : [{ value, description }];
    });
}

function addHead(answer: Answer, head: string): Answer {
  const candidates = answer.candidates.map((candidate) => ({
    ...candidate,
    value: `${head}${candidate.value}`,
  }));
  return { ...answer, candidates };
}

function findGiven(given: CommandPosition['given'], long: string): string | undefined {
  for (const [option, value] of given) if (option.long === long) return value ?? undefined;
  return undefined;
}
