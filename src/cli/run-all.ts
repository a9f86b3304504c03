import { formatTaskPath } from '../open-cloud/task-path.ts';
import type { Report } from '../output/report.ts';
import type { Script } from '../script/compose-script.ts';
import { worstExitCode } from './exit-codes.ts';
import { runOneScript } from './run-one-script.ts';
import type { RunPlan } from './run-plan.ts';

/** Runs the scripts and prints what comes of each; resolves to the worst exit code. */
export async function runAll(scripts: readonly Script[], plan: RunPlan): Promise<number> {
  const { printer } = plan.invocation;
  const reports: Report[] = [];
  try {
    for (const script of scripts) {
      const label = scripts.length > 1 ? script.name : null;
      const report = plan.logs.write(await runOneScript(script, plan, label));
      report.warnings.unshift(...plan.warnings.splice(0), ...plan.connection.warnings.splice(0));
      reports.push(report);
      await printer.printRun(report, { logsTo: plan.logs.logsTo, hasHeadings: label !== null });
      if (plan.options.detach && report.task && !printer.isJson) {
        await printer.printData(`${formatTaskPath(report.task.path)}\n`);
      }
    }
  } finally {
    printer.stopProgress();
  }
  const exitCode = worstExitCode(reports.map((report) => report.exitCode));
  await printer.printEnd(reports, exitCode);
  return exitCode;
}
