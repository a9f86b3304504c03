import { LuauExecError } from '../../errors.ts';
import type { Report } from '../../output/report.ts';
import type { Source } from '../../script/load-source.ts';
import { createErrorReport, createScriptReport } from '../create-report.ts';
import { worstExitCode } from '../exit-codes.ts';
import { readSignalName } from '../interrupt.ts';
import type { Invocation } from '../invocation.ts';
import { createPreparation, loadSources, type PrepareScript } from '../prepare-scripts.ts';
import { hasStack, type ScriptOptions } from '../shared-options.ts';

/** Puts scripts together and compiles them, and sends nothing. Every script is looked at; the exit code is the worst. */
export async function checkScripts(
  invocation: Invocation,
  named: string[],
  options: ScriptOptions,
): Promise<number> {
  const { printer } = invocation;
  const prepare = await createPreparation(invocation, options);
  const sources = await loadSources(invocation, named, options);
  const reports: Report[] = [];
  for (const source of sources) {
    const report = await checkOne(source, prepare, { invocation, options });
    reports.push(report);
    await printer.printRun(report, { logsTo: 'none', hasHeadings: false });
    if (report.error === null) await printer.printNotice(`${source.name} is fine`);
  }
  const exitCode = worstExitCode(reports.map((report) => report.exitCode));
  await printer.printEnd(reports, exitCode);
  return exitCode;
}

async function checkOne(
  source: Source,
  prepare: PrepareScript,
  { invocation, options }: { invocation: Invocation; options: ScriptOptions },
): Promise<Report> {
  try {
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
    return { ...report, script: { name: source.name, sha256: null } };
  }
}
