import { CommanderError } from 'commander';
import type { Context } from '../context.ts';
import { LuauExecError } from '../errors.ts';
import { createRedactor, createSink } from '../output/redact.ts';
import { createErrorReport } from './create-report.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { readSignalName } from './interrupt.ts';
import { createPrinter, type Printer } from './printer.ts';
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
    redact = createRedactor([...secrets]);
  };
  const context: Context = {
    ...world,
    stdout: createSink(world.stdout, (text) => redact(text)),
    stderr: createSink(world.stderr, (text) => redact(text)),
  };
  let printer: Printer | null = null;
  // What a program asked for holds also where its other words make no sense.
  let options: GlobalOptions = argv.includes('--json') ? { json: true } : {};
  let exitCode: number = EXIT_CODES.ok;
  const program = createProgram(async (given, run) => {
    options = given;
    printer = await createPrinter({ context, options });
    exitCode = await run({ context, printer, protect });
  });
  for (const command of [program, ...program.commands]) {
    command.exitOverride().configureOutput({
      writeOut: (text) => context.stdout.write(text),
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
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return EXIT_CODES.ok;
    return await report(readError(thrown, context), { context, options, printer });
  }
}

function readError(thrown: unknown, { signal }: Context): unknown {
  if (thrown instanceof CommanderError) return createUsageError(thrown);
  if (signal.aborted && thrown === signal.reason) {
    return new LuauExecError('stopped', { id: 'LX602', kind: 'interrupted' });
  }
  return thrown;
}

/** commander says `error: unknown option '--jsn'` and, on a second line, what it takes it for. */
function createUsageError(thrown: CommanderError): LuauExecError {
  const [headline = '', suggestion] = thrown.message.replace(/^error: /, '').split('\n');
  return new LuauExecError(headline, {
    id: 'LX003',
    kind: 'usage',
    hint:
      suggestion?.replace(/^\(Did you mean (.*)\?\)$/, 'did you mean $1') ??
      'luau-exec --help lists what there is',
  });
}

interface Reporting {
  context: Context;
  options: GlobalOptions;
  printer: Printer | null;
}

async function report(thrown: unknown, { context, options, printer }: Reporting): Promise<number> {
  const signalName = readSignalName(context.signal);
  const failure = createErrorReport(thrown, { script: null, task: null, signalName });
  const out = printer ?? (await createPrinter({ context, options }));
  try {
    await out.printRun(failure, { logsTo: 'stderr', hasHeadings: false });
    await out.printEnd([failure], failure.exitCode);
  } catch (lost) {
    // Nobody reads us any more; the code is all that is left to tell the truth with.
    return lost instanceof LuauExecError ? EXIT_CODES.io : EXIT_CODES.internal;
  }
  return failure.exitCode;
}
