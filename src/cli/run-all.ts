import { LuauExecError } from '../errors.ts';
import type { Report } from '../output/report.ts';
import type { Script } from '../script/compose-script.ts';
import { createErrorReport } from './create-report.ts';
import { EXIT_CODES, worstExitCode } from './exit-codes.ts';
import { readSignalName } from './interrupt.ts';
import { runOneScript } from './run-one-script.ts';
import type { RunPlan } from './run-plan.ts';

/**
 * Runs the scripts, as many at once as the plan says, and prints what comes of each, in the order in which they are
 * named; resolves to the worst exit code.
 */
export async function runAll(scripts: readonly Script[], plan: RunPlan): Promise<number> {
  const { printer } = plan.invocation;
  const { logsTo, level } = plan.logs;
  const names = scripts.map(({ name }) => name);
  const { runs: listeners, all: listenToAll } = printer.trackRuns(names, { logsTo, level });
  const reports: Report[] = [];
  const printReady = createInOrderPrinter(reports, { plan, hasHeadings: scripts.length > 1 });
  let next = 0;
  const takeTurns = async () => {
    for (let index = next++; index < scripts.length; index = next++) {
      const script = scripts[index];
      const listen = listeners[index];
      if (script === undefined || listen === undefined) return;
      const failed = plan.options.bail ? findFailed(reports) : null;
      reports[index] = failed
        ? createSkippedReport(script, failed, plan)
        : await runOneScript(script, plan, { listen, listenToAll });
      await printReady();
    }
  };
  try {
    await Promise.all(Array.from({ length: plan.concurrency }, takeTurns));
  } finally {
    printer.stopProgress();
  }
  return printer.printEnd(reports, worstExitCode(reports.map((report) => report.exitCode)));
}

/** Prints what has come to its turn: everything up to the first run that has not ended. */
function createInOrderPrinter(
  reports: Report[],
  { plan, hasHeadings }: { plan: RunPlan; hasHeadings: boolean },
): () => Promise<void> {
  let printed = 0;
  let printing = Promise.resolve();
  const { printer } = plan.invocation;
  const printReady = async () => {
    for (let report = reports[printed]; report !== undefined; report = reports[printed]) {
      const written = plan.logs.write(report);
      const news = [...plan.warnings.splice(0), ...plan.connection.warnings.splice(0)];
      const told = { ...written, warnings: [...news, ...written.warnings] };
      reports[printed] = await printer.printRun(told, {
        logsTo: plan.logs.logsTo,
        hasHeadings,
        run: printed,
      });
      printed++;
    }
  };
  return () => {
    printing = printing.then(printReady);
    return printing;
  };
}

function findFailed(reports: readonly Report[]): Report | null {
  // Reports of runs that have not ended are missing.
  return reports.find((report) => report !== undefined && report.exitCode !== EXIT_CODES.ok) ?? null;
}

function createSkippedReport(script: Script, failed: Report, { invocation }: RunPlan): Report {
  const name = failed.script?.name ?? 'another script';
  const error = new LuauExecError(`not sent: ${name} had not come to a good end, and --bail was given`, {
    id: 'LX605',
    kind: 'skipped',
    hint: `run it again without --bail, or once ${name} is mended`,
  });
  const signalName = readSignalName(invocation.context.signal);
  return createErrorReport(error, { script, task: null, signalName, hasStack: false });
}
