import { type Command, CommanderError } from 'commander';
import { createProgram } from '../../src/cli/program.ts';
import { readShellWords } from './shell-words.ts';

/** A program that says how many commands were reached, and does nothing. */
export function createIdleProgram(): { program: Command; countReached: () => number } {
  let reached = 0;
  const program = createProgram(async () => {
    reached++;
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({ writeOut: () => undefined, writeErr: () => undefined });
  }
  return { program, countReached: () => reached };
}

/** What becomes of a command line as it stands in an example: `a command`, `help`, or what commander says of it. */
export async function parseLine(line: string): Promise<string> {
  const { program, countReached } = createIdleProgram();
  try {
    await program.parseAsync(readShellWords(line, 'luau-exec'), { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 'help' : error.message;
  }
  return countReached() === 1 ? 'a command' : 'nothing';
}
