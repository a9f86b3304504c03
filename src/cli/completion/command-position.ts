import type { Argument, Command, Option } from 'commander';

/** What the word under the cursor is, as the program's own definition has it. */
export type CommandPosition = {
  /** The options that were given before the cursor, each with its value; null where it takes none. */
  given: ReadonlyMap<Option, string | null>;
} & (
  | { kind: 'command'; commands: readonly Command[] }
  | { kind: 'options'; options: readonly Option[] }
  /** `head` is what the word begins with before the value: `--logs=`, else empty. */
  | { kind: 'value'; option: Option; head: string; prefix: string }
  | { kind: 'argument'; argument: Argument }
  | { kind: 'nothing' }
);

/** The words before the cursor, read as commander will read them. */
interface Reading {
  /** Null after a command that does not exist. */
  command: Command | null;
  operandCount: number;
  /** The option whose value comes next. */
  pending: Option | null;
  /** After `--` nothing is an option. */
  isLiteral: boolean;
  given: Map<Option, string | null>;
}

/** Finds what stands at the end of `before` and may continue `current`; `before` does not hold the program's name. */
export function findCommandPosition(
  program: Command,
  { before, current }: { before: readonly string[]; current: string },
): CommandPosition {
  const reading: Reading = {
    command: program,
    operandCount: 0,
    pending: null,
    isLiteral: false,
    given: new Map(),
  };
  for (const word of before) readWord(reading, word);
  const { command, given, pending, isLiteral } = reading;
  if (command === null) return { kind: 'nothing', given };
  if (pending !== null) return { kind: 'value', option: pending, head: '', prefix: current, given };
  if (!isLiteral && current.startsWith('-')) return findOptionPosition(command, { current, given });
  const commands = listCommands(command);
  if (commands.length > 0 && reading.operandCount === 0) return { kind: 'command', commands, given };
  const argument = findArgument(command, reading.operandCount);
  return argument === undefined ? { kind: 'nothing', given } : { kind: 'argument', argument, given };
}

/** The commands that help lists, help itself among them. */
export function listCommands(command: Command): Command[] {
  return command.createHelp().visibleCommands(command);
}

function findOptionPosition(
  command: Command,
  { current, given }: { current: string; given: Map<Option, string | null> },
): CommandPosition {
  const [head = '', name = ''] = /^(--[^=]+)=/.exec(current) ?? [];
  if (head === '') return { kind: 'options', options: listOptions(command), given };
  const option = findOption(command, name);
  if (option === undefined || !takesValue(option)) return { kind: 'nothing', given };
  return { kind: 'value', option, head, prefix: current.slice(head.length), given };
}

function readWord(reading: Reading, word: string): void {
  const { command, pending, given } = reading;
  if (command === null) return;
  if (pending !== null) {
    reading.pending = null;
    given.set(pending, word);
  } else if (!reading.isLiteral && word === '--') {
    reading.isLiteral = true;
  } else if (!reading.isLiteral && word.startsWith('--')) {
    readLongOption(reading, { command, word });
  } else if (!reading.isLiteral && word.startsWith('-') && word !== '-') {
    readShortOptions(reading, { command, word });
  } else {
    readOperand(reading, { command, word });
  }
}

function readLongOption(reading: Reading, { command, word }: { command: Command; word: string }): void {
  const equals = word.indexOf('=');
  const option = findOption(command, equals === -1 ? word : word.slice(0, equals));
  if (option === undefined) return;
  if (equals === -1 && option.required) reading.pending = option;
  else reading.given.set(option, equals === -1 ? null : word.slice(equals + 1));
}

/** `-q`, `-qv`, `-u7`, and `-qu` whose value comes next. */
function readShortOptions(reading: Reading, { command, word }: { command: Command; word: string }): void {
  for (let index = 1; index < word.length; index++) {
    const option = findOption(command, `-${word.charAt(index)}`);
    if (option === undefined) return;
    const rest = word.slice(index + 1);
    if (option.required && rest === '') reading.pending = option;
    else reading.given.set(option, takesValue(option) ? rest : null);
    if (takesValue(option)) return;
  }
}

function readOperand(reading: Reading, { command, word }: { command: Command; word: string }): void {
  const commands = listCommands(command);
  if (commands.length === 0 || reading.operandCount > 0) {
    reading.operandCount++;
    return;
  }
  reading.command =
    commands.find((candidate) => candidate.name() === word || candidate.aliases().includes(word)) ?? null;
}

export function takesValue(option: Option): boolean {
  return option.required || option.optional;
}

/** The options of a command, and after them those of the commands above it, which may stand behind it too. */
function listOptions(command: Command): Option[] {
  const own = command.createHelp().visibleOptions(command);
  const above = command.parent === null ? [] : listOptions(command.parent);
  const names = new Set(own.map((option) => option.long));
  return [...own, ...above.filter(({ long }) => !names.has(long) && long !== '--version')];
}

function findOption(command: Command, name: string): Option | undefined {
  const isNamed = ({ short, long }: Option) => short === name || long === name;
  return command.options.find(isNamed) ?? listOptions(command).find(isNamed);
}

function findArgument(command: Command, index: number): Argument | undefined {
  const { registeredArguments } = command;
  const last = registeredArguments.at(-1);
  return registeredArguments[index] ?? (last?.variadic ? last : undefined);
}
