import { LuauExecError } from '../../errors.ts';
import { isFinished, type Task } from '../../open-cloud/task.ts';
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
import { filterLogs, parseLogFilter } from '../logs/log-filter.ts';
import { openTask } from '../open-task.ts';
import { findSentSource } from '../sent-source.ts';
import type { LogsOptions } from '../shared-options.ts';

/** Prints a task's log messages as data. Before the end there are none to be had: then the exit code is 8. */
export async function showLogs(
  invocation: Invocation,
  reference: string | undefined,
  options: LogsOptions,
): Promise<number> {
  const { context, printer } = invocation;
  const { signal } = context;
  const filter = await parseLogFilter(options);
  const { client, path, loaded, scriptName, notes } = await openTask(invocation, reference, options);
  const task = await client.getTask(path, { signal });
  notes.noteTask(task);
  if (!isFinished(task)) throw createPendingError(task);
  const reading = await client.listLogs(task.path, { signal });
  const kept = createOutcomeLogs(reading, task);
  const source = await findSentSource(task, { client, signal, scriptName, messages: kept.messages });
  // What is searched is what is shown.
  const all = source ? mapLogs(kept.messages, source) : kept.messages;
  const messages = filterLogs(all, filter);
  const report: Report = {
    ...createTaskReport(task, 'ok', EXIT_CODES.ok),
    logs: { ...kept, messages, leftOut: all.length - messages.length },
    logDisplay: { hasTimestamps: options.timestamps ?? false },
    warnings: [...loaded.warnings, ...createLogWarnings(task, kept, null)],
  };
  if (reading.error) {
    report.exitCode = exitCodeOfError(reading.error.kind, readSignalName(signal));
    report.outcome = reading.error.kind;
    report.error = describeError(reading.error);
  }
  const told = await printer.printLogs(report);
  if (all.length > 0 && messages.length === 0) {
    await printer.printNotice(describeNone(all.length, options));
  }
  return printer.printEnd([told], told.exitCode);
}

function createPendingError({ state, path }: Task): LuauExecError {
  const taskPath = formatTaskPath(path);
  return new LuauExecError(`the task is in the state ${state}; its logs can be read once it has finished`, {
    id: 'LX604',
    kind: 'pending',
    taskPath,
    hint: `luau-exec wait ${taskPath}`,
  });
}

const FILTERS = ['level', 'grep', 'since', 'tail'] as const;

function describeNone(count: number, options: LogsOptions): string {
  const flags = FILTERS.filter((name) => options[name] !== undefined).map((name) => `--${name}`);
  const subject =
    count === 1 ? 'the one log message there is' : `all ${count.toLocaleString('en-GB')} log messages`;
  return `${flags.join(', ')} left out ${subject}`;
}
