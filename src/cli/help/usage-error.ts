import { resolve } from 'node:path';
import type { Command, CommanderError } from 'commander';
import { isFile } from '../../config/search-places.ts';
import { suggestName } from '../../did-you-mean.ts';
import { LuauExecError } from '../../errors.ts';
import { quoteWord } from '../quote-word.ts';
import { isTopicName, TOPIC_SUMMARIES } from './topic-names.ts';

export interface RefusedWords {
  /** The command that commander was reading words for; the program itself where none was recognised. */
  command: Command;
  cwd: string;
}

interface Advice {
  headline: string;
  facts?: string[];
  hint: string;
}

/** Words of other programs for what this one does. */
export const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ['exec', 'run FILE'],
  ['execute', 'run FILE'],
  ['start', 'run FILE'],
  ['log', 'logs'],
  ['tail', 'logs'],
  ['stop', 'cancel'],
  ['kill', 'cancel'],
  ['abort', 'cancel'],
  ['resume', 'wait'],
  ['attach', 'wait'],
  ['watch', 'run --watch FILE'],
  ['compile', 'check FILE'],
  ['lint', 'check FILE'],
  ['build', 'bundle FILE'],
  ['serve', 'emulate'],
  ['server', 'emulate'],
  ['mock', 'emulate'],
  ['local', 'run --local FILE'],
  ['login', 'auth set'],
  ['logout', 'auth remove'],
  ['whoami', 'auth status'],
  ['settings', 'config'],
  ['env', 'help environment'],
  ['version', '--version'],
]);

/** Flags that would show a secret to every user of the machine. */
const KEY_FLAGS: readonly string[] = ['--api-key', '--apikey', '--key', '--token', '--secret'];

/** What commander refused, as an error with what was probably meant. */
export function createUsageError(thrown: CommanderError, refused: RefusedWords): LuauExecError {
  const message = thrown.message.replace(/^error: /, '');
  const { headline, facts = [], hint } = advise(thrown.code, message, refused);
  return new LuauExecError(headline, { id: 'LX003', kind: 'usage', facts, hint });
}

function advise(code: string, message: string, refused: RefusedWords): Advice {
  const { command } = refused;
  const seeHelp = `${nameOf(command)} --help`;
  switch (code) {
    // Options alone: commander would print help, and has no words for it.
    case 'commander.help':
      return { headline: 'no command was named', hint: seeHelp };
    case 'commander.unknownCommand':
      return { headline: message, hint: adviseOnCommand(command, refused.cwd) ?? seeHelp };
    case 'commander.unknownOption': {
      // What stands behind an equals sign may be a key.
      const flag = /'([^'=]*)/.exec(message)?.[1] ?? '';
      const facts = KEY_FLAGS.includes(flag)
        ? ['no option takes the key itself: other users could read it']
        : [];
      return { headline: `unknown option '${flag}'`, facts, hint: adviseOnOption(flag, command) ?? seeHelp };
    }
    case 'commander.invalidArgument':
      return adviseOnChoice(message, seeHelp);
    case 'commander.missingArgument': {
      const choices = command.registeredArguments.flatMap(({ argChoices = [] }) => argChoices);
      return { headline: message, facts: listChoices(choices), hint: seeHelp };
    }
    case 'commander.conflictingOption':
      return { headline: message, hint: 'leave one of them out' };
    case 'commander.excessArguments': {
      const counts = /\. Expected (\d+) arguments? but got (\d+)\.$/;
      return { headline: message.replace(counts, ': it takes $1 and was given $2'), hint: seeHelp };
    }
    default:
      return { headline: message, hint: seeHelp };
  }
}

function adviseOnCommand(program: Command, cwd: string): string | null {
  const [word = ''] = program.args;
  const name = nameOf(program);
  if (word === '-' || /\.luau?$/i.test(word)) return `${name} run ${quoteWord(word)}`;
  const file = [word, `${word}.luau`].find((candidate) => isFile(resolve(cwd, candidate)));
  if (file !== undefined) return `${name} run ${quoteWord(file)}`;
  const meant = OTHER_WORDS.get(word.toLowerCase());
  if (meant !== undefined) return `${name} ${meant}`;
  const commands = program.commands.map((command) => command.name());
  const likely = suggestName(word, [...commands, ...Object.keys(TOPIC_SUMMARIES)]);
  if (likely === null) return null;
  return isTopicName(likely) ? `${name} help ${likely}` : `did you mean ${likely}?`;
}

function adviseOnOption(flag: string, command: Command): string | null {
  if (KEY_FLAGS.includes(flag)) return 'keep the key in ROBLOX_API_KEY, or use --api-key-file FILE';
  const program = command.parent ?? command;
  const owners = listOwners(flag, program);
  if (owners.length > 0) {
    return command.parent === null
      ? `write it behind its command: ${nameOf(command)} ${owners[0]} ${flag}`
      : `${flag} is an option of ${listWords(owners)}, not of ${command.name()}`;
  }
  const known = [...command.options, ...program.options].flatMap(({ long }) => long ?? []);
  const likely = suggestName(flag, [...known, '--help']);
  if (likely !== null) return `did you mean ${likely}?`;
  const others = program.commands.flatMap(({ options }) => options.flatMap(({ long }) => long ?? []));
  const other = suggestName(flag, others);
  return other && `did you mean ${other}, an option of ${listWords(listOwners(other, program))}?`;
}

/** The commands that have this option, short or long. */
function listOwners(flag: string, program: Command): string[] {
  return program.commands
    .filter(({ options }) => options.some((option) => option.short === flag || option.long === flag))
    .map((owner) => owner.name());
}

/** commander says `… 'sett' is invalid for argument 'action'. Allowed choices are set, status, remove.` */
function adviseOnChoice(message: string, seeHelp: string): Advice {
  const [headline = '', list] = message
    .replace(/^command-argument value/, 'the value')
    .split(/\. Allowed choices are /);
  const choices = list?.replace(/\.$/, '').split(', ') ?? [];
  const given = /'([^']*)' is invalid/.exec(headline)?.[1] ?? '';
  const likely = suggestName(given, choices);
  return {
    headline: headline.replace(/\.$/, ''),
    facts: listChoices(choices),
    hint: likely === null ? seeHelp : `did you mean ${likely}?`,
  };
}

function listChoices(choices: readonly string[]): string[] {
  return choices.length > 0 ? [`choices are ${choices.join(', ')}`] : [];
}

function nameOf(command: Command): string {
  return command.parent ? `${command.parent.name()} ${command.name()}` : command.name();
}

/** `run`, `run and doctor`, `run, init and doctor`. */
function listWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
