import { parseDuration } from '../../config/durations.ts';
import { DURATION_HINT } from '../../config/parse-setting.ts';
import { quoteValue } from '../../config/setting-error.ts';
import { LuauExecError } from '../../errors.ts';
import { UnansweredError } from '../../history/unanswered-error.ts';
import { type FinishedTask, isFinished, type Task } from '../../open-cloud/task.ts';
import { formatTaskPath } from '../../open-cloud/task-path.ts';
import { requestCancel } from '../../task/control-channel.ts';
import { readGuardMark } from '../../task/guard-mark.ts';
import { isCancelled } from '../../task/harness-marks.ts';
import type { RunEvent } from '../../task/run-event.ts';
import { stopTask } from '../../task/stop-task.ts';
import { describeOwnEnd } from '../../task/unstopped-error.ts';
import { createTaskReport } from '../create-report.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { findRunControl } from '../find-run-control.ts';
import { findSuccessor } from '../find-successor.ts';
import type { Invocation } from '../invocation.ts';
import { findOpenTask, loadConnection, type OpenTask } from '../open-task.ts';
import type { CancelOptions } from '../shared-options.ts';

/**
 * Stops a task that was sent with a harness and waits for its end. Open Cloud has no operation that cancels, so of any
 * other it says what is true: finished already, or when it will end.
 */
export async function cancelTask(
  invocation: Invocation,
  reference: string | undefined,
  options: CancelOptions,
): Promise<number> {
  const { printer } = invocation;
  const waitMs = parseWait(options.wait ?? DEFAULT_WAIT);
  const open = await openOrStop(invocation, reference, options);
  const first = await end({ open, invocation, waitMs });
  // The run goes on in another task where the server of this one had another version of the place.
  const successor = readGuardMark(first.task) === null ? null : await findSuccessor(open, invocation);
  const { task, isEarlier } = successor ? await end({ open: successor, invocation, waitMs }) : first;
  const report = { ...createTaskReport(task, 'ok', EXIT_CODES.ok), warnings: open.loaded.warnings };
  await printer.printWarnings(report.warnings);
  await printer.printNotice(isEarlier ? describeEarlier(task) : describeEnd(task));
  return printer.printEnd([report], report.exitCode);
}

/** `isEarlier` where the task had finished by itself before anybody looked. */
async function end(stopping: Stopping): Promise<{ task: FinishedTask; isEarlier: boolean }> {
  const { open, invocation } = stopping;
  const { signal } = invocation.context;
  const task = await open.client.getTask(open.path, { signal });
  open.notes.noteTask(task);
  if (isFinished(task)) return { task, isEarlier: true };
  return { task: await stop(task, stopping), isEarlier: false };
}

const DEFAULT_WAIT = '30s';

/** Of a run whose create was never answered only its id is known, which is enough to tell it to stop. */
async function openOrStop(
  invocation: Invocation,
  reference: string | undefined,
  options: CancelOptions,
): Promise<OpenTask> {
  const connection = await loadConnection(invocation, options);
  try {
    return findOpenTask(invocation, reference, connection);
  } catch (error) {
    if (!(error instanceof UnansweredError) || !error.run.facts.isCancellable) throw error;
    const { universeId, runId } = error.run.facts;
    await requestCancel(connection.client, { universeId, runId, signal: invocation.context.signal });
    throw new UnansweredError(error.run, { isToldToStop: true });
  }
}

interface Stopping {
  open: OpenTask;
  invocation: Invocation;
  waitMs: number;
}

async function stop(task: Task, { open, invocation, waitMs }: Stopping): Promise<FinishedTask> {
  const { context, printer } = invocation;
  const { clock, signal } = context;
  const { client, scheduler, notes } = open;
  const control = await findRunControl(open, signal);
  if (!control?.isCancellable) throw createNotCancelled(task, context.clock.wallNow());
  const [listen] = printer.trackRuns([null]).runs;
  const onEvent = (event: RunEvent) => listen?.(event);
  try {
    const { runId } = control;
    const ended = await stopTask(task, { client, scheduler, clock, signal, runId, waitMs, onEvent });
    notes.noteTask(ended);
    return ended;
  } finally {
    printer.stopProgress();
  }
}

function describeEarlier({ state }: FinishedTask): string {
  return `the task has finished already: ${state}`;
}

/** It may have come to its end by itself before it heard of us. */
function describeEnd(task: FinishedTask): string {
  if (readGuardMark(task) !== null) return 'the run has ended, and nothing of its script has run';
  return isCancelled(task)
    ? `the run was cancelled; the state of its task is ${task.state}`
    : `the run ended by itself before it could be stopped: ${task.state}`;
}

function parseWait(text: string): number {
  const ms = parseDuration(text);
  if (ms !== null && ms > 0) return ms;
  throw new LuauExecError(`--wait ${quoteValue(text)} is not a duration longer than nothing`, {
    id: 'LX011',
    kind: 'usage',
    hint: DURATION_HINT,
  });
}

function createNotCancelled(task: Task, wallNowMs: number): LuauExecError {
  const taskPath = formatTaskPath(task.path);
  return new LuauExecError(
    'this run cannot be cancelled: Open Cloud has no operation for it, and it was not sent with --cancellable',
    {
      id: 'LX603',
      kind: 'not_cancelled',
      taskPath,
      facts: [describeOwnEnd(task, wallNowMs)],
      hint: `luau-exec wait ${taskPath}`,
    },
  );
}
