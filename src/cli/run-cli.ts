import { CommanderError } from 'commander';
import type { Context, OutputStream } from '../context.ts';
import { createGithubGuard } from '../output/github-guard.ts';
import { createRedactor, createSink } from '../output/redact.ts';
import { writeOut } from '../output/write-out.ts';
import { createAbortableInput } from './abortable-input.ts';
import { EXIT_CODES } from './exit-codes.ts';
import type { Printer } from './printer.ts';
import { createProgram } from './program.ts';
import type { GlobalOptions } from './shared-options.ts';

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
  const guard = createGithubGuard(world.env);
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
  const program = createProgram(async (given, run) => {
    options = given;
    // Help and version need neither a printer nor reports, so these are loaded past them.
    const { createPrinter } = await import('./printer.ts');
    printer = await createPrinter({ context, options, guard });
    exitCode = await run({ context, printer, protect, redact: (text) => redact(text) });
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
    if (isAskedByShell(argv)) {
      const { answerShell } = await import('./completion/answer-shell.ts');
      await answerShell(program, context, argv.slice(1));
      return EXIT_CODES.ok;
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
    return await reportFailure(failure, { context, options, printer, guard });
  }
}

/** A TAB, not a person. It is no command of the program, so neither help nor a suggestion knows it. */
function isAskedByShell([word, mode = '']: readonly string[]): boolean {
  return word === 'complete' && ['--', '--bash', '--variable'].includes(mode);
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
