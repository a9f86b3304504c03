import type { Command } from 'commander';
import { describe, expect, it } from 'vitest';
import { listCommands, takesValue } from '../../../src/cli/completion/command-position.ts';
import { findArgumentSource, findOptionSource } from '../../../src/cli/completion/value-sources.ts';
import { createProgram } from '../../../src/cli/program.ts';

const everyCommand = listAll(createProgram(async () => undefined));

/** The program and all commands below it, the hidden ones too. */
function listAll(command: Command): Command[] {
  const below = new Set([...command.commands, ...listCommands(command)]);
  return [command, ...[...below].flatMap(listAll)];
}

describe('the sources of values', () => {
  it('are decided for each option that takes a value', () => {
    const options = everyCommand.flatMap((command) => command.options).filter(takesValue);
    expect(options.length).toBeGreaterThan(20);
    const undecided = options.filter((option) => findOptionSource(option) === undefined);
    expect(undecided.map(({ flags }) => flags)).toEqual([]);
  });

  it('are decided for each argument', () => {
    const named = everyCommand.flatMap((command) =>
      command.registeredArguments.map((argument) => ({ command: command.name(), argument })),
    );
    expect(named.length).toBeGreaterThan(8);
    const undecided = named.filter(({ argument }) => findArgumentSource(argument) === undefined);
    expect(undecided.map(({ command, argument }) => `${command} ${argument.name()}`)).toEqual([]);
  });
});
