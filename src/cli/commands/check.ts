import { LuauExecError } from '../../errors.ts';
import type { Report } from '../../output/report.ts';
import { sanitizeLine } from '../../output/sanitize.ts';
import { createErrorReport, createScriptReport } from '../create-report.ts';
import { worstExitCode } from '../exit-codes.ts';
import { readSignalName } from '../interrupt.ts';
import type { Invocation } from '../invocation.ts';
import { createPreparation, listSources, type NamedSource, type PrepareScript } from '../prepare-scripts.ts';
import { hasStack, type ScriptOptions } from '../shared-options.ts';

/** Puts scripts together and compiles them, and sends nothing. Every script is looked at; the exit code is the worst. */
export async function checkScripts(
  invocation: Invocation,
  named: string[],
  options: ScriptOptions,
): Promise<number> {
  const { printer } = invocation;
  const prepare = await createPreparation(invocation, options);
  const reports: Report[] = [];
  for (const source of await listSources(invocation, named, options)) {
    // An error has several lines, and the next script begins behind them.
    if (reports.at(-1)?.error) await printer.printNotice('');
    const checked = await checkOne(source, prepare, { invocation, options });
    const run = reports.length;
    const report = await printer.printRun(checked, { logsTo: 'none', hasHeadings: false, run });
    reports.push(report);
    if (report.error === null)
      await printer.printNotice(`${sanitizeLine(report.script?.name ?? '')} is fine`);
  }
  const exitCode = worstExitCode(reports.map((report) => report.exitCode));
  return printer.printEnd(reports, exitCode);
}

async function checkOne(
  { name, load }: NamedSource,
  prepare: PrepareScript,
  { invocation, options }: { invocation: Invocation; options: ScriptOptions },
): Promise<Report> {
  let shownName = name;
  try {
    const source = await load();
    shownName = source.name;
    return createScriptReport(await prepare(source));
  } catch (error) {
    if (!(error instanceof LuauExecError)) throw error;
    const signalName = readSignalName(invocation.context.signal);
    const report = createErrorReport(error, {
      script: null,
      task: null,
      signalName,
      hasStack: hasStack(options),
    });
    return { ...report, script: { name: shownName, sha256: null } };
  }
}
