import type { Argument, Option } from 'commander';
import { LOG_LEVELS } from '../../output/log-level.ts';
import { isForPeople, OUTPUT_FORMATS } from '../../output/output-choice.ts';
import { PINS } from '../files/file-plan.ts';

/** Where the values of an option or an argument come from. */
export type ValueSource =
  | {
      from: 'choices';
      choices: readonly string[];
      /** A file may stand in the place of a choice. */
      hasFiles: boolean;
      /** The choices behind which `=` and a file may stand. */
      withFile?: readonly string[];
    }
  | { from: 'files' }
  /** Luau files, and the directories on the way to them. */
  | { from: 'scripts' }
  | { from: 'targets' }
  | { from: 'tasks' }
  /** Commands, and topics of help. */
  | { from: 'help' }
  /** What only the user can know: a number, a text, code. */
  | { from: 'nowhere' };

const NOWHERE: ValueSource = { from: 'nowhere' };
const FILES: ValueSource = { from: 'files' };
const LEVELS: ValueSource = {
  from: 'choices',
  choices: LOG_LEVELS.map((level) => level.toLowerCase()),
  hasFiles: false,
};
const SCRIPTS: ValueSource = { from: 'scripts' };

/** By the long name of an option. What commander knows the choices of need not stand here. */
const OPTION_SOURCES: ReadonlyMap<string, ValueSource> = new Map<string, ValueSource>([
  ['--api-key-file', FILES],
  ['--arg', NOWHERE],
  ['--arg-json', NOWHERE],
  ['--args', FILES],
  ['--base-url', NOWHERE],
  ['--binary-input', FILES],
  ['--binary-output', FILES],
  ['--boot-delay', NOWHERE],
  ['--cancel-poll', NOWHERE],
  ['--concurrency', NOWHERE],
  ['--config', FILES],
  ['--data-dir', FILES],
  ['--eval', NOWHERE],
  ['--faults', FILES],
  ['--grep', NOWHERE],
  ['--host', NOWHERE],
  ['--id-file', FILES],
  ['--key-variable', NOWHERE],
  ['--level', LEVELS],
  ['--log-level', LEVELS],
  ['--logs', { from: 'choices', choices: ['stderr', 'stdout', 'none'], hasFiles: true }],
  ['--map', FILES],
  [
    '--output',
    {
      from: 'choices',
      choices: OUTPUT_FORMATS,
      hasFiles: false,
      withFile: OUTPUT_FORMATS.filter((format) => !isForPeople(format)),
    },
  ],
  ['--pin', { from: 'choices', choices: PINS, hasFiles: false }],
  ['--place', NOWHERE],
  ['--place-file', FILES],
  ['--place-version', NOWHERE],
  ['--port', NOWHERE],
  ['--queue-timeout', NOWHERE],
  ['--rojo', FILES],
  ['--since', NOWHERE],
  ['--tail', NOWHERE],
  ['--target', { from: 'targets' }],
  ['--timeout', NOWHERE],
  ['--universe', NOWHERE],
  ['--wait', NOWHERE],
  ['--wait-timeout', NOWHERE],
]);

/** By the name of an argument. */
const ARGUMENT_SOURCES: ReadonlyMap<string, ValueSource> = new Map<string, ValueSource>([
  ['script', SCRIPTS],
  ['scripts', SCRIPTS],
  ['task', { from: 'tasks' }],
  ['word', { from: 'help' }],
]);

/** Undefined when nobody has decided where the values of this option come from. */
export function findOptionSource(option: Option): ValueSource | undefined {
  return findChoices(option.argChoices) ?? OPTION_SOURCES.get(option.long ?? '');
}

/** The same for an argument. */
export function findArgumentSource(argument: Argument): ValueSource | undefined {
  return findChoices(argument.argChoices) ?? ARGUMENT_SOURCES.get(argument.name());
}

function findChoices(choices: readonly string[] | undefined): ValueSource | undefined {
  return choices && { from: 'choices', choices, hasFiles: false };
}
