import type { Command } from 'commander';
import type { Entry } from './layout.ts';

/** What commander has no place for: the examples of a command, and what else its users should know. */
export interface CommandExtras {
  /** Each `term` is a command line that can be typed as it stands. */
  examples: readonly Entry[];
  /** One paragraph each. */
  notes: readonly string[];
}

const NONE: CommandExtras = { examples: [], notes: [] };
const extras = new WeakMap<Command, CommandExtras>();

/** Gives a command its examples, as pairs of a command line and what it is for, and its notes. */
export function addExamples(
  command: Command,
  examples: readonly (readonly [line: string, purpose: string])[],
  ...notes: readonly string[]
): Command {
  extras.set(command, { examples: examples.map(([term, text]) => ({ term, text })), notes });
  return command;
}

export function extrasOf(command: Command): CommandExtras {
  return extras.get(command) ?? NONE;
}
