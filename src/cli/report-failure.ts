import type { Context } from '../context.ts';
import { LuauExecError, messageOf } from '../errors.ts';
import type { GithubGuard } from '../output/github-guard.ts';
import { guessOutputChoices } from '../output/output-choice.ts';
import { createErrorReport } from './create-report.ts';
import { RUN_COMMANDS } from './decide-output.ts';
import { EXIT_CODES, exitCodeOfError } from './exit-codes.ts';
import { readSignalName } from './interrupt.ts';
import { createPrinter, type Printer } from './printer.ts';
import { type GlobalOptions, hasStack } from './shared-options.ts';

export interface FailureReporting {
  argv: readonly string[];
  context: Context;
  options: GlobalOptions;
  /** Null when the failure came before there was one. */
  printer: Printer | null;
  guard: GithubGuard;
  redact: (text: string) => string;
}

/** Tells of what a call threw, in the format that was asked for, and resolves to its exit code. Never rejects. */
export async function reportFailure(thrown: unknown, reporting: FailureReporting): Promise<number> {
  const { context, options } = reporting;
  const signalName = readSignalName(context.signal);
  const failure = createErrorReport(readError(thrown, context), {
    script: null,
    task: null,
    signalName,
    hasStack: hasStack(options),
  });
  const out = reporting.printer ?? (await createSparePrinter(reporting));
  try {
    out.stopProgress();
    const told = await out.printRun(failure, { logsTo: 'stderr', hasHeadings: false, run: 0 });
    return await out.printEnd([told], told.exitCode);
  } catch (lost) {
    // A terminal that went away takes no more output; that it went is what the process dies of.
    if (context.signal.aborted) return exitCodeOfError('interrupted', signalName);
    // A bug in the telling itself, for instance of more than one text can hold.
    context.stderr.write(`error: ${messageOf(lost)}\n`);
    return EXIT_CODES.internal;
  }
}

/** For words that made no sense as a whole. A file that they name gets its report too, where it can be written. */
async function createSparePrinter({ argv, ...rest }: FailureReporting): Promise<Printer> {
  const choices = guessOutputChoices(argv);
  const settings = { ...rest, choices, isRun: argv.some((word) => RUN_COMMANDS.has(word)) };
  try {
    return await createPrinter(settings);
  } catch {
    return createPrinter({ ...settings, choices: choices.filter(({ file }) => file === null) });
  }
}

function readError(thrown: unknown, { signal }: Context): unknown {
  if (signal.aborted && thrown === signal.reason) {
    return new LuauExecError('stopped', { id: 'LX602', kind: 'interrupted' });
  }
  return thrown;
}
