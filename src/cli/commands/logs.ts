import { LuauExecError } from '../../errors.ts';
import { isFinished } from '../../open-cloud/task.ts';
import { formatTaskPath } from '../../open-cloud/task-path.ts';
import { describeError } from '../../output/describe-error.ts';
import type { Report } from '../../output/report.ts';
import { mapLogs } from '../../output/script-position.ts';
import { createLogWarnings } from '../../task/log-warnings.ts';
import { createOutcomeLogs } from '../../task/read-logs.ts';
import { createTaskReport } from '../create-report.ts';
import { EXIT_CODES, exitCodeOfError } from '../exit-codes.ts';
import { readSignalName } from '../interrupt.ts';
import type { Invocation } from '../invocation.ts';
import { openTask } from '../open-task.ts';
import { findSentSource } from '../sent-source.ts';
import type { GlobalOptions } from '../shared-options.ts';

/** Prints a task's log messages as data. Before the end there are none to be had: then the exit code is 8. */
export async function showLogs(
  invocation: Invocation,
  reference: string | undefined,
  options: GlobalOptions,
): Promise<number> {
  const { context, printer } = invocation;
  const { signal } = context;
  const { client, path, loaded, scriptName, notes } = await openTask(invocation, reference, options);
  const task = await client.getTask(path, { signal });
  notes.noteTask(task);
  if (!isFinished(task)) {
    throw new LuauExecError(
      `the task is in the state ${task.state}; its logs can be read once it has finished`,
      {
        id: 'LX604',
        kind: 'pending',
        taskPath: formatTaskPath(path),
        hint: `luau-exec wait ${formatTaskPath(path)}`,
      },
    );
  }
  const reading = await client.listLogs(task.path, { signal });
  const kept = createOutcomeLogs(reading);
  const source = await findSentSource(task, { client, signal, scriptName, messages: kept.messages });
  const logs = source ? { ...kept, messages: mapLogs(kept.messages, source) } : kept;
  const report: Report = {
    ...createTaskReport(task, 'ok', EXIT_CODES.ok),
    logs,
    warnings: [...loaded.warnings, ...createLogWarnings(task.path, kept, null)],
  };
  if (reading.error) {
    report.exitCode = exitCodeOfError(reading.error.kind, readSignalName(signal));
    report.outcome = reading.error.kind;
    report.error = describeError(reading.error);
  }
  await printer.printLogs(report);
  return printer.printEnd([report], report.exitCode);
}
