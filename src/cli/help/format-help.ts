import type { Command, Help, HelpConfiguration, Option } from 'commander';
import { wrapText } from '../../output/wrap-text.ts';
import { extrasOf } from './command-extras.ts';
import { type Entry, layOutEntries, layOutParagraph, longestTerm } from './layout.ts';
import { TOPIC_SUMMARIES } from './topic-names.ts';

interface Group {
  heading: string;
  entries: readonly Entry[];
}

/** The shape of every `--help`. Headings are bold; commander takes that out where there is no colour. */
export const helpConfiguration: HelpConfiguration = {
  styleTitle: (title) => `\x1b[1m${title}\x1b[22m`,
  formatHelp: (command, helper) => formatHelp(command, helper),
};

function formatHelp(command: Command, helper: Help): string {
  const widthColumns = helper.helpWidth ?? 80;
  const { examples, notes } = extrasOf(command);
  const title = (text: string) => helper.styleTitle(text);
  // The lists of one kind share a column.
  const layOutGroups = (groups: readonly Group[]) => {
    const termColumns = Math.max(...groups.map(({ entries }) => longestTerm(entries)));
    return groups.map(({ heading, entries }) => [
      title(heading),
      ...layOutEntries(entries, { widthColumns, termColumns }),
    ]);
  };
  const blocks = [
    wrapText(`Usage: ${helper.commandUsage(command)}`, widthColumns).map((line) =>
      line.replace(/^Usage:/, title),
    ),
    wrapText(helper.commandDescription(command), widthColumns),
    ...layOutGroups(listCommands(command, helper)),
    ...layOutGroups(listParameters(command, helper)),
    ...(command.parent ? [formatGlobalOptions(command.parent, { title, widthColumns })] : []),
    ...layOutGroups(examples.length > 0 ? [{ heading: 'Examples:', entries: examples }] : []),
    ...notes.map((note) => wrapText(note, widthColumns)),
  ];
  return `${blocks.map((lines) => lines.join('\n')).join('\n\n')}\n`;
}

/** Of the whole program; a command has none. */
function listCommands(command: Command, helper: Help): Group[] {
  if (command.parent) return [];
  const commands = groupBy(helper.visibleCommands(command), (sub) => sub.helpGroup() || 'Commands:', {
    term: (sub) => sub.name(),
    text: (sub) => helper.subcommandDescription(sub),
  });
  const topics = Object.entries(TOPIC_SUMMARIES).map(([term, text]) => ({ term, text }));
  return [...commands, { heading: `Topics (${command.name()} help TOPIC):`, entries: topics }];
}

function listParameters(command: Command, helper: Help): Group[] {
  const options = groupBy(listOptions(command, helper), (option) => headingOf(option, command), {
    term: (option) => helper.optionTerm(option),
    text: (option) => describeOption(option, helper),
  });
  const parameters = helper.visibleArguments(command).map((argument) => ({
    term: helper.argumentTerm(argument),
    text: helper.argumentDescription(argument),
  }));
  return parameters.length > 0 ? [{ heading: 'Arguments:', entries: parameters }, ...options] : options;
}

/** All that help tells of; `--help` itself stands with the global options alone. */
export function listOptions(command: Command, helper: Help): Option[] {
  return helper.visibleOptions(command).filter(({ long }) => !command.parent || long !== '--help');
}

/** A default stands as it is typed, without the quotation marks of commander. */
export function describeOption(option: Option, helper: Help): string {
  return helper.optionDescription(option).replace(/\(default: "(.*)"\)/, '(default: $1)');
}

function headingOf(option: Option, command: Command): string {
  return option.helpGroupHeading ?? (command.parent ? 'Options:' : 'Global options:');
}

function groupBy<Item>(
  items: readonly Item[],
  headingOfItem: (item: Item) => string,
  describe: { term: (item: Item) => string; text: (item: Item) => string },
): Group[] {
  const groups = new Map<string, Entry[]>();
  for (const item of items) {
    const heading = headingOfItem(item);
    const entries = groups.get(heading) ?? [];
    groups.set(heading, [...entries, { term: describe.term(item), text: describe.text(item) }]);
  }
  return [...groups].map(([heading, entries]) => ({ heading, entries }));
}

/** What holds for every command is named here and explained by the program's own help alone. */
function formatGlobalOptions(
  program: Command,
  { title, widthColumns }: { title: (text: string) => string; widthColumns: number },
): string[] {
  const names = program.options
    .filter((option) => !option.hidden && option.long !== '--version')
    .map((option) => option.long ?? option.flags);
  const text = [...names, '--help'].join(', ');
  return [title(`Global options (${program.name()} --help):`), ...layOutParagraph(text, { widthColumns })];
}
