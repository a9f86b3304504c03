import type { Command, Option } from 'commander';
import { VERSION } from '../../version.ts';
import { createProgram } from '../program.ts';
import { extrasOf } from './command-extras.ts';
import { describeOption, listOptions } from './format-help.ts';
import type { Entry } from './layout.ts';
import { escapeRoff, formatRoffEntry, formatRoffHeading, formatRoffText, formatRoffUsage } from './roff.ts';
import type { Topic } from './topic.ts';
import type { TopicName } from './topic-names.ts';
import { TOPICS } from './topics.ts';

const DESCRIPTION = [
  'Submits scripts to the Luau Execution API of Roblox Open Cloud, or with --local to an emulator on this machine that runs real Luau, waits for their end, and prints what they return.',
  'Standard output is for data: each returned value is one line of JSON. What scripts print, progress, warnings and errors go to standard error.',
  'Open Cloud needs an API key with the scope universe.place.luau-execution-session:write, a universe id and a place id. --local needs nothing.',
];

/** Under which heading a manual has what the topics of help tell. */
const TOPIC_HEADINGS: Readonly<Record<TopicName, string>> = {
  'exit-codes': 'EXIT STATUS',
  environment: 'ENVIRONMENT',
  files: 'FILES',
  limits: 'LIMITS',
  json: 'JSON',
};

const SEE_ALSO = [
  'luau-exec help, luau-exec help TOPIC, and luau-exec COMMAND --help say the same in pieces.',
  "Roblox's own reference: https://create.roblox.com/docs/cloud/reference/features/luau-execution",
];

/** The manual as roff with the macros of man(7), made from what `--help` and the topics are made from. */
export function createManPage({ date }: { date: string }): string {
  const program = createProgram(async () => undefined);
  const { examples } = extrasOf(program);
  const name = program.name();
  const lines = [
    `.TH ${escapeRoff(name.toUpperCase())} 1 "${date}" "${escapeRoff(`${name} ${VERSION}`)}" "User Commands"`,
    // A hyphen that is put into a name or a command would be copied with it.
    '.nh',
    '.ad l',
    formatRoffHeading('SH', 'NAME'),
    ...formatRoffText(`${name} - ${startLowerCase(program.description())}`),
    formatRoffHeading('SH', 'SYNOPSIS'),
    formatRoffUsage(`${name} ${program.usage()}`),
    formatRoffHeading('SH', 'DESCRIPTION'),
    ...formatParagraphs(DESCRIPTION),
    formatRoffHeading('SH', 'COMMANDS'),
    ...program.commands.flatMap((command) => formatCommand(command, name)),
    formatRoffHeading('SH', 'GLOBAL OPTIONS'),
    ...formatRoffText('These stand before or after any command.'),
    ...formatOptions(program),
    ...Object.entries(TOPICS).flatMap(([topic, describe]) =>
      formatTopicSections(headingOf(topic), describe()),
    ),
    formatRoffHeading('SH', 'EXAMPLES'),
    ...examples.flatMap(formatRoffEntry),
    formatRoffHeading('SH', 'SEE ALSO'),
    ...formatParagraphs(SEE_ALSO),
  ];
  return `${lines.join('\n')}\n`;
}

function formatCommand(command: Command, programName: string): string[] {
  const { examples, notes } = extrasOf(command);
  const parameters = command.registeredArguments.map((argument): Entry => {
    const choices = argument.argChoices?.join(', ');
    return { term: argument.name(), text: `${argument.description}${choices ? `: ${choices}` : ''}` };
  });
  return [
    formatRoffHeading('SS', `${programName} ${command.name()}`),
    formatRoffUsage(`${programName} ${command.name()} ${command.usage()}`),
    '.PP',
    ...formatRoffText(`${startUpperCase(command.description())}.`),
    ...parameters.flatMap(formatRoffEntry),
    ...formatOptions(command),
    ...notes.flatMap((note) => ['.PP', ...formatRoffText(note)]),
    '.PP',
    'Examples:',
    ...examples.flatMap(formatRoffEntry),
  ];
}

function formatOptions(command: Command): string[] {
  const helper = command.createHelp();
  return listOptions(command, helper).flatMap((option) => [
    '.TP',
    formatFlags(option),
    ...formatRoffText(describeOption(option, helper)),
  ]);
}

/** `-u, --universe <id>`: the comma is not typed. */
function formatFlags({ flags }: Option): string {
  return flags
    .split(', ')
    .map((flag) => formatRoffUsage(flag))
    .join(', ');
}

function formatTopicSections(heading: string, topic: Topic): string[] {
  return topic.flatMap((section, at) => [
    at === 0 ? formatRoffHeading('SH', heading) : formatRoffHeading('SS', section.heading),
    ...formatParagraphs(section.paragraphs),
    ...section.entries.flatMap(formatRoffEntry),
  ]);
}

function formatParagraphs(paragraphs: readonly string[]): string[] {
  return paragraphs.flatMap((text, at) => [...(at === 0 ? [] : ['.PP']), ...formatRoffText(text)]);
}

function headingOf(topic: string): string {
  return Object.entries(TOPIC_HEADINGS).find(([name]) => name === topic)?.[1] ?? topic.toUpperCase();
}

function startLowerCase(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

function startUpperCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
