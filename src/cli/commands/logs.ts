import { LuauExecError } from '../../errors.ts';
import { isFinished, type LogMessage, type Task } from '../../open-cloud/task.ts';
import { formatTaskPath } from '../../open-cloud/task-path.ts';
import { describeError } from '../../output/describe-error.ts';
import type { Report } from '../../output/report.ts';
import { mapLogs } from '../../output/script-position.ts';
import { createLogWarnings } from '../../task/log-warnings.ts';
import type { ShownLogs } from '../../task/outcome.ts';
import { createTaskReport } from '../create-report.ts';
import { EXIT_CODES, exitCodeOfError } from '../exit-codes.ts';
import { readSignalName } from '../interrupt.ts';
import type { Invocation } from '../invocation.ts';
import { filterLogs, type LogFilter, parseLogFilter } from '../logs/log-filter.ts';
import { readTaskLogs, type TaskLogs } from '../logs/task-logs.ts';
import { type OpenTask, openTask } from '../open-task.ts';
import { findSentSource } from '../sent-source.ts';
import type { LogsOptions } from '../shared-options.ts';

/**
 * Prints a task's log messages as data. Before the end there are none to be had: then the exit code is 8, unless they are
 * to be followed.
 */
export async function showLogs(
  invocation: Invocation,
  reference: string | undefined,
  options: LogsOptions,
): Promise<number> {
  const { context, printer } = invocation;
  const { signal } = context;
  const filter = await parseLogFilter(options);
  const open = await openTask(invocation, reference, options);
  const task = await open.client.getTask(open.path, { signal });
  open.notes.noteTask(task);
  const read = isFinished(task)
    ? await readTaskLogs(task, open, signal)
    : await follow(task, { open, invocation, filter, options });
  const source = await findSentSource(read.task, { ...open, signal, messages: read.logs.messages });
  // What is searched is what is shown.
  const all = source ? mapLogs(read.logs.messages, source) : read.logs.messages;
  const messages = filterLogs(all, filter);
  const report: Report = {
    ...createTaskReport(read.task, 'ok', EXIT_CODES.ok),
    logs: {
      ...read.logs,
      messages,
      leftOut: all.length - messages.length,
      ...(read.logs.shown && { shown: selectShown(read.logs.shown, all, messages) }),
    },
    logDisplay: { hasTimestamps: options.timestamps ?? false },
    warnings: [...open.loaded.warnings, ...createLogWarnings(read.task, read.logs, null)],
  };
  if (read.error) {
    report.exitCode = exitCodeOfError(read.error.kind, readSignalName(signal));
    report.outcome = read.error.kind;
    report.error = describeError(read.error);
  }
  const told = await printer.printLogs(report);
  if (all.length > 0 && messages.length === 0) {
    await printer.printNotice(describeNone(all.length, options));
  }
  return printer.printEnd([told], told.exitCode);
}

interface Following {
  open: OpenTask;
  invocation: Invocation;
  filter: LogFilter;
  options: LogsOptions;
}

/** Throws LX604 where nobody wants to wait for the end. */
async function follow(task: Task, { options, ...following }: Following): Promise<TaskLogs> {
  if (!options.follow) throw createPendingError(task);
  const { followLogs } = await import('../logs/follow-logs.ts');
  return followLogs({ task, ...following, hasTimestamps: options.timestamps ?? false });
}

/** What was shown of `all`, seen from `messages`, which are some of them. */
function selectShown(
  { indexes, olderCount }: ShownLogs,
  all: readonly LogMessage[],
  messages: readonly LogMessage[],
): ShownLogs {
  const meant = new Set([...indexes].map((index) => all[index]));
  const left = messages.flatMap((message, index) => (meant.has(message) ? [index] : []));
  return { indexes: new Set(left), olderCount };
}

function createPendingError({ state, path }: Task): LuauExecError {
  const taskPath = formatTaskPath(path);
  return new LuauExecError(`the task is in the state ${state}; its logs can be read once it has finished`, {
    id: 'LX604',
    kind: 'pending',
    taskPath,
    hint: `luau-exec logs ${taskPath} --follow`,
  });
}

const FILTERS = ['level', 'grep', 'since', 'tail'] as const;

function describeNone(count: number, options: LogsOptions): string {
  const flags = FILTERS.filter((name) => options[name] !== undefined).map((name) => `--${name}`);
  const subject =
    count === 1 ? 'the one log message there is' : `all ${count.toLocaleString('en-GB')} log messages`;
  return `${flags.join(', ')} left out ${subject}`;
}
