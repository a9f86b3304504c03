import { addFacts, LuauExecError } from '../errors.ts';
import { UNANSWERED_CANCEL, UNANSWERED_STOP } from '../history/unanswered-error.ts';
import { isFinished, type Task } from '../open-cloud/task.ts';
import { formatTaskPath } from '../open-cloud/task-path.ts';
import type { Report } from '../output/report.ts';
import { mapLogs } from '../output/script-position.ts';
import { type Script, withChunk } from '../script/compose-script.ts';
import { requestCancel } from '../task/control-channel.ts';
import type { RunEvent } from '../task/run-event.ts';
import { type RunTaskOptions, runTask, submitTask } from '../task/run-task.ts';
import { createErrorReport, createOutcomeReport, createTaskReport } from './create-report.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { createInterruptError, readSignalName } from './interrupt.ts';
import { createRunId, openJournalEntry } from './journal-entry.ts';
import { addLostOutput } from './lost-output.ts';
import { requireLogs } from './require-logs.ts';
import type { RunPlan } from './run-plan.ts';
import { hasStack } from './shared-options.ts';

/**
 * Runs one script to its end, or submits it where the plan says so. What goes wrong with it is in the report. `listen`
 * is told what happens meanwhile.
 */
export async function runOneScript(
  composed: Script,
  plan: RunPlan,
  listen: (event: RunEvent) => void,
): Promise<Report> {
  const { harness, options, invocation } = plan;
  const { signal, takeSecondStop, clock } = invocation.context;
  const runId = createRunId(clock.wallNow());
  const script = harness ? await identify(composed, runId) : composed;
  const isStopped = harness?.isCancellable === true && !options.detach;
  const job: Job = { ...plan, listen, runId, waitSignal: isStopped ? takeSecondStop() : signal };
  return options.detach ? submitOne(script, job) : runOne(script, job);
}

interface Job extends RunPlan {
  listen: (event: RunEvent) => void;
  /** Letters, digits and a dash. */
  runId: string;
  /** Ends the waiting. For a run that can be stopped, the context's own signal does that. */
  waitSignal: AbortSignal;
}

/** The script as a run of its own, which its harness knows by its id. */
async function identify(script: Script, runId: string): Promise<Script> {
  const { setRunId } = await import('../script/harness.ts');
  return withChunk(script, setRunId(script.text, runId));
}

async function runOne(script: Script, job: Job): Promise<Report> {
  return guard(script, job, async (life) => {
    const outcome = await runTask(createParameters(script, job), { ...life, ...(await createControl(job)) });
    const report = createOutcomeReport(outcome, { script, source: script });
    return job.options.requireLogs ? requireLogs(report, outcome) : report;
  });
}

async function submitOne(script: Script, job: Job): Promise<Report> {
  return guard(script, job, async (life) => {
    const task = await submitTask(createParameters(script, job), life);
    const report = createTaskReport(task, 'submitted', EXIT_CODES.ok);
    return { ...report, script: { name: script.name, sha256: script.sha256 } };
  });
}

async function createControl(job: Job): Promise<Pick<RunTaskOptions, 'control'>> {
  const { harness, runId, invocation, logs, connection } = job;
  if (harness === null) return {};
  const { isCancellable } = harness;
  // What nobody here is shown is left for somebody who follows.
  const isLive = harness.isLive && invocation.printer.showsEvents(logs.logsTo);
  const control = { runId, isCancellable, isLive, liveSeconds: harness.liveSeconds };
  if (!isLive || connection.journal === null) return { control };
  const { shareLiveSource } = await import('./share-live-source.ts');
  return { control: shareLiveSource(control, invocation) };
}

function createParameters(script: Script, { connection, versionId, timeoutSeconds }: Job) {
  const { universeId, placeId } = connection;
  return { universeId, placeId, versionId, script: script.text, timeoutSeconds };
}

/** Runs `work` with everything that one script's life needs, and turns what it throws into a report. */
async function guard(
  script: Script,
  job: Job,
  work: (life: RunTaskOptions) => Promise<Report>,
): Promise<Report> {
  const { invocation, connection, options } = job;
  const { clock, signal } = invocation.context;
  const { client, scheduler } = connection;
  let task: Task | null = null;
  const lost: LuauExecError[] = [];
  const addLost = (report: Report) => lost.reduce(addLostOutput, report);
  const describe = (thrown: unknown) => {
    const known = { script, task, signalName: readSignalName(signal), hasStack: hasStack(options) };
    return addLost(createErrorReport(thrown, known));
  };
  if (signal.aborted) return describe(interruptError(task, job));
  const entry = openJournalEntry({ script, runId: job.runId }, job);
  try {
    const report = await work({
      client,
      scheduler,
      clock,
      signal: job.waitSignal,
      stop: signal,
      waitTimeoutMs: job.waitTimeoutMs,
      queueTimeoutMs: job.queueTimeoutMs,
      isRepeatAllowed: options.retryUnsafe ?? false,
      ...(script.modules.length > 1 ? { hasForeignModules: script.leftAlone.length > 0 } : {}),
      onEvent: (event) => {
        if (event.type === 'reading_logs') task = event.task;
        entry.note(event);
        job.listen(event.type === 'live' ? { ...event, messages: mapLogs(event.messages, script) } : event);
      },
      onCreated: (created) => {
        task = created;
        entry.created(created);
        const problem = job.idFile?.append(`${formatTaskPath(created.path)}\n`);
        if (problem) lost.push(problem);
      },
    });
    return addLost(report);
  } catch (thrown) {
    const known = await settleUnanswered(thrown, job);
    const error = signal.aborted ? interruptionOf(known, task, job) : known;
    // A bug of ours says nothing of whether the script was sent.
    const isCertain = error instanceof LuauExecError && error.kind !== 'unknown';
    if (task === null && isCertain) entry.notCreated();
    return describe(error);
  }
}

/** A run that may be there although its create was never answered: it is told to stop where that was asked for. */
async function settleUnanswered(thrown: unknown, job: Job): Promise<unknown> {
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

/** What a stop came to that did not end the run; anything else is what it was. */
function interruptionOf(thrown: unknown, task: Task | null, job: Job): unknown {
  const { signal } = job.invocation.context;
  if (thrown === signal.reason || thrown === job.waitSignal.reason) return interruptError(task, job);
  const isCancelling = job.waitSignal !== signal && task !== null && !isFinished(task);
  return isCancelling && thrown instanceof LuauExecError ? interruptError(task, job, thrown) : thrown;
}

/** `problem` is why a run that can be cancelled was not. */
function interruptError(task: Task | null, job: Job, problem: LuauExecError | null = null): LuauExecError {
  return createInterruptError({
    taskPath: task && formatTaskPath(task.path),
    endState: task && isFinished(task) ? task.state : null,
    timeoutSeconds: job.timeoutSeconds,
    isLocal: job.connection.journal === null,
    cancelling: job.waitSignal === job.invocation.context.signal ? null : { problem },
  });
}
