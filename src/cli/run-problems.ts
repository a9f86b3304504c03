import { addFacts, LuauExecError } from '../errors.ts';
import { UNANSWERED_CANCEL, UNANSWERED_STOP } from '../history/unanswered-error.ts';
import { isFinished } from '../open-cloud/task.ts';
import { formatTaskPath } from '../open-cloud/task-path.ts';
import { requestCancel } from '../task/control-channel.ts';
import { createInterruptError, describeGuard } from './interrupt.ts';
import type { Job, RunState } from './run-job.ts';

/** A run that may be there although its create was never answered: it is told to stop where that was asked for. */
export async function settleUnanswered(thrown: unknown, job: Job): Promise<unknown> {
  const { harness, connection, runId, waitSignal } = job;
  if (!(thrown instanceof LuauExecError) || thrown.kind !== 'unknown') return thrown;
  if (!harness?.isCancellable || connection.journal === null) return thrown;
  const { signal } = job.invocation.context;
  if (!signal.aborted || waitSignal === signal) return addFacts(thrown, [UNANSWERED_CANCEL]);
  const { client, universeId } = connection;
  try {
    await requestCancel(client, { universeId, runId, signal: waitSignal });
    return addFacts(thrown, [UNANSWERED_STOP]);
  } catch (problem) {
    const why = problem instanceof LuauExecError ? problem.message : 'interrupted';
    return addFacts(thrown, [`it could not be told to stop: ${why}`, UNANSWERED_CANCEL]);
  }
}

/** Of a wait that is over while nobody knows yet whether the guard has let the script through. */
export function addGuardFact(error: unknown, { guardedVersionId, task }: RunState): unknown {
  if (guardedVersionId === null || task === null || isFinished(task)) return error;
  const isWaitOver = error instanceof LuauExecError && error.kind === 'wait_timeout';
  return isWaitOver ? addFacts(error, [describeGuard(guardedVersionId)]) : error;
}

/** What a stop came to that did not end the run; anything else is what it was. */
export function interruptionOf(thrown: unknown, state: RunState, job: Job): unknown {
  const { signal } = job.invocation.context;
  const { task } = state;
  if (thrown === signal.reason || thrown === job.waitSignal.reason) return interruptError(state, job);
  const isCancelling = job.waitSignal !== signal && task !== null && !isFinished(task);
  return isCancelling && thrown instanceof LuauExecError ? interruptError(state, job, thrown) : thrown;
}

/** `problem` is why a run that can be cancelled was not. */
export function interruptError(
  { task, guardedVersionId }: RunState,
  job: Job,
  problem: LuauExecError | null = null,
): LuauExecError {
  return createInterruptError({
    taskPath: task && formatTaskPath(task.path),
    endState: task && isFinished(task) ? task.state : null,
    timeoutSeconds: job.timeoutSeconds,
    isLocal: job.connection.journal === null,
    cancelling: job.waitSignal === job.invocation.context.signal ? null : { problem },
    guardedVersionId,
  });
}
