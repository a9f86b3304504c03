import { CommanderError } from 'commander';
import type { Context, OutputStream } from '../context.ts';
import { LuauExecError } from '../errors.ts';
import { createGithubGuard, isGithubActions } from '../output/github-guard.ts';
import { guessOutputChoices, type OutputChoice, parseOutputChoices } from '../output/output-choice.ts';
import { createRedactor, createSink } from '../output/redact.ts';
import { writeOut } from '../output/write-out.ts';
import { createAbortableInput } from './abortable-input.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { Start } from './invocation.ts';
import type { Printer } from './printer.ts';
import { createProgram } from './program.ts';
import type { GlobalOptions } from './shared-options.ts';

/** The commands whose end the other steps of a workflow want to know. */
const RUN_COMMANDS: ReadonlySet<string> = new Set(['run', 'wait']);
/** The commands that end with a report. Others have a document of their own, or none. */
const REPORTING_COMMANDS: ReadonlySet<string> = new Set([
  ...RUN_COMMANDS,
  'check',
  'status',
  'logs',
  'cancel',
]);

/**
 * Runs one call of the command line and resolves to its exit code. `argv` holds the user's words alone. Never
 * rejects: whatever is thrown below is caught here, told once, and turned into a code.
 */
export async function runCli(argv: readonly string[], world: Context): Promise<number> {
  const secrets = new Set<string>();
  let redact = createRedactor([]);
  const protect = (secret: string) => {
    secrets.add(secret);
    // What fills up base64 at its end says nothing, and `--arg KEY==` is a name without it.
    secrets.add(secret.replace(/=+$/, ''));
    redact = createRedactor([...secrets]);
  };
  const hasCommands = guessOutputChoices(argv).some(({ format }) => format === 'github');
  const guard = createGithubGuard({ isActive: hasCommands || isGithubActions(world.env) });
  const context: Context = {
    ...world,
    stdin: createAbortableInput(world.stdin, world.signal),
    stdout: createSink(world.stdout, (text) => guard.disarm(redact(text))),
    stderr: createSink(world.stderr, (text) => guard.disarm(redact(text))),
  };
  let printer: Printer | null = null;
  let help = '';
  // What a program asked for holds also where its other words make no sense.
  let options: GlobalOptions = argv.includes('--json') ? { json: true } : {};
  let exitCode: number = EXIT_CODES.ok;
  let commandName = '';
  const start: Start = async (given, run) => {
    options = given;
    const choices = parseOutputChoices({ isJson: given.json ?? false, words: given.output ?? [] });
    requireOutput(commandName, choices);
    // Help and version need neither a printer nor reports, so these are loaded past them.
    const { createPrinter } = await import('./printer.ts');
    const safe = (text: string) => redact(text);
    const isRun = RUN_COMMANDS.has(commandName);
    printer = await createPrinter({ context, options, choices, guard, redact: safe, isRun });
    exitCode = await run({ context, printer, protect, redact: safe });
  };
  const program = createProgram(start).hook('preAction', (_, command) => {
    commandName = command.name();
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => {
        help += text;
      },
      writeErr: () => undefined,
      getOutHelpWidth: () => Math.min(world.stdout.columns || 100, 110),
    });
  }
  try {
    if (argv.length === 0) {
      context.stderr.write(program.helpInformation());
      return EXIT_CODES.usage;
    }
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (thrown) {
    const isHelp = thrown instanceof CommanderError && thrown.exitCode === 0;
    const failure = isHelp ? await writeHelp(context.stdout, help) : thrown;
    if (failure === null) return EXIT_CODES.ok;
    const { reportFailure } = await import('./report-failure.ts');
    const { protectEnvironment } = await import('./protect-environment.ts');
    // Words that make no sense are quoted, and one of them may be the key.
    protectEnvironment({ context, protect });
    return await reportFailure(failure, {
      argv,
      context,
      options,
      printer,
      guard,
      redact: (text) => redact(text),
    });
  }
}

/** What went wrong with the writing, or null. */
async function writeHelp(stdout: OutputStream, help: string): Promise<unknown> {
  try {
    await writeOut(stdout, help);
    return null;
  } catch (error) {
    return error;
  }
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
