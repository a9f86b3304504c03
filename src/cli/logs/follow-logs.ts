import type { Task } from '../../open-cloud/task.ts';
import { formatTaskPath } from '../../open-cloud/task-path.ts';
import type { RunEvent } from '../../task/run-event.ts';
import { resumeTask } from '../../task/run-task.ts';
import { createInterruptError } from '../interrupt.ts';
import type { Invocation } from '../invocation.ts';
import { openLiveReader } from '../live-reader.ts';
import type { OpenTask } from '../open-task.ts';
import type { LivePlace } from '../printer.ts';
import { filterLogs, type LogFilter } from './log-filter.ts';
import type { TaskLogs } from './task-logs.ts';

export interface FollowOptions {
  task: Task;
  open: OpenTask;
  invocation: Invocation;
  filter: LogFilter;
  hasTimestamps: boolean;
}

/** Shows the log messages of a run that goes on as they come, and resolves to all that are kept when it has ended. */
export async function followLogs(options: FollowOptions): Promise<TaskLogs> {
  const { open, invocation } = options;
  const { context, printer } = invocation;
  const { clock, signal } = context;
  const { client, scheduler, path } = open;
  const live = await openLiveReader(options.task, open, invocation);
  if (live === null) await printer.printNotice(NOT_LIVE);
  const place: LivePlace = { logsTo: 'stdout', hasTimestamps: options.hasTimestamps };
  const [listen] = printer.trackRuns([null], place).runs;
  const tell = createFilter(options.filter, (event) => listen?.(event));
  const onEvent = (event: RunEvent) => {
    open.notes.noteEvent(event);
    // What is searched is what is shown.
    tell(live ? live.translate(event) : event);
  };
  try {
    const outcome = await resumeTask(path, {
      ...{ client, scheduler, clock, signal, onEvent },
      ...(live && { control: live.control }),
    });
    return { task: outcome.task, logs: outcome.logs, error: outcome.logsError };
  } catch (thrown) {
    if (!signal.aborted || thrown !== signal.reason) throw thrown;
    const wait = { taskPath: formatTaskPath(path), endState: null, timeoutSeconds: null, isLocal: false };
    throw createInterruptError(wait);
  } finally {
    printer.stopProgress();
  }
}

const NOT_LIVE = 'this run was not sent with --live: its log messages come when it has ended';

/** Lets only those messages through that are wanted. */
function createFilter(filter: LogFilter, listen: (event: RunEvent) => void): (event: RunEvent) => void {
  // What looks back from the newest message has no meaning for the next one.
  const passing = { ...filter, since: null, tailCount: null };
  return (event) => {
    if (event.type !== 'live') return listen(event);
    const messages = filterLogs(event.messages, passing);
    if (messages.length > 0 || event.missed > 0) listen({ ...event, messages });
  };
}
