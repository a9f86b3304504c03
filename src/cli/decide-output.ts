import { LuauExecError } from '../errors.ts';
import { type OutputChoice, parseOutputChoices } from '../output/output-choice.ts';
import type { GlobalOptions } from './shared-options.ts';

/** The commands whose end the other steps of a workflow want to know. */
export const RUN_COMMANDS: ReadonlySet<string> = new Set(['run', 'wait']);
/** The commands that end with a report. Others have a document of their own, or none. */
const REPORTING_COMMANDS: ReadonlySet<string> = new Set([
  ...RUN_COMMANDS,
  'check',
  'status',
  'logs',
  'cancel',
]);

/** The formats that a command shall write, and whether a workflow follows it. Throws LX003 for one that it cannot. */
export function decideOutput(
  commandName: string,
  { json = false, output = [] }: GlobalOptions,
): { choices: OutputChoice[]; isRun: boolean } {
  const choices = parseOutputChoices({ isJson: json, words: output });
  requireOutput(commandName, choices);
  return { choices, isRun: RUN_COMMANDS.has(commandName) };
}

function requireOutput(commandName: string, choices: readonly OutputChoice[]): void {
  if (REPORTING_COMMANDS.has(commandName)) return;
  const odd = choices.find(({ format, file }) => file !== null || !['human', 'json'].includes(format));
  if (odd === undefined) return;
  throw new LuauExecError(`${commandName} makes no report that --output ${odd.format} could write`, {
    id: 'LX003',
    kind: 'usage',
    hint: `luau-exec ${commandName}, or with --json`,
  });
}
