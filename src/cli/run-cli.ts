import { CommanderError } from 'commander';
import type { Context, OutputStream } from '../context.ts';
import { writeOut } from '../output/write-out.ts';
import { decideOutput } from './decide-output.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { guardContext } from './guard-context.ts';
import { type CommanderReply, hearCommander } from './hear-commander.ts';
import type { Start } from './invocation.ts';
import type { Printer } from './printer.ts';
import { createProgram } from './program.ts';
import type { GlobalOptions } from './shared-options.ts';

/**
 * Runs one call of the command line and resolves to its exit code. `argv` holds the user's words alone. Never
 * rejects: whatever is thrown below is caught here, told once, and turned into a code.
 */
export async function runCli(argv: readonly string[], world: Context): Promise<number> {
  const { context, guard, protect, redact } = guardContext(argv, world);
  let printer: Printer | null = null;
  // What a program asked for holds also where its other words make no sense.
  let options: GlobalOptions = argv.includes('--json') ? { json: true } : {};
  let exitCode: number = EXIT_CODES.ok;
  const start: Start = async (given, run) => {
    options = given;
    const { choices, isRun } = decideOutput(reply.commandName, given);
    // Help and version need neither a printer nor reports, so these are loaded past them.
    const { createPrinter } = await import('./printer.ts');
    printer = await createPrinter({ context, options, choices, guard, redact, isRun });
    exitCode = await run({ context, printer, protect, redact });
  };
  const program = createProgram(start);
  const reply = hearCommander(program, world);
  try {
    if (argv.length === 0) {
      context.stderr.write(program.helpInformation({ error: true }));
      return EXIT_CODES.usage;
    }
    if (isAskedByShell(argv)) {
      const { answerShell } = await import('./completion/answer-shell.ts');
      await answerShell(program, context, argv.slice(1));
      return EXIT_CODES.ok;
    }
    await program.parseAsync([...argv], { from: 'user' });
    return exitCode;
  } catch (thrown) {
    const failure =
      thrown instanceof CommanderError ? await readCommanderError(thrown, { reply, context }) : thrown;
    if (failure === null) return EXIT_CODES.ok;
    const { reportFailure } = await import('./report-failure.ts');
    const { protectEnvironment } = await import('./protect-environment.ts');
    // Words that make no sense are quoted, and one of them may be the key.
    protectEnvironment({ context, protect });
    return await reportFailure(failure, { argv, context, options, printer, guard, redact });
  }
}

/** A TAB, not a person. It is no command of the program, so neither help nor a suggestion knows it. */
function isAskedByShell([word, mode = '']: readonly string[]): boolean {
  return word === 'complete' && ['--', '--bash', '--variable'].includes(mode);
}

/** commander throws help too: that is written. What is wrong in the end, or null. */
async function readCommanderError(
  thrown: CommanderError,
  { reply, context }: { reply: CommanderReply; context: Context },
): Promise<unknown> {
  if (thrown.exitCode === 0) return writeHelp(context.stdout, reply.help);
  const { createUsageError } = await import('./help/usage-error.ts');
  return createUsageError(thrown, { command: reply.refusing, cwd: context.cwd });
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
