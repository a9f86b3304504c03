import { LuauExecError } from '../../errors.ts';
import { formatTaskPath } from '../../open-cloud/task-path.ts';
import type { Report } from '../../output/report.ts';
import type { Outcome } from '../../task/outcome.ts';
import type { RunEvent } from '../../task/run-event.ts';
import { resumeTask } from '../../task/run-task.ts';
import { createErrorReport, createOutcomeReport } from '../create-report.ts';
import { findSuccessor } from '../find-successor.ts';
import { createInterruptError, readSignalName } from '../interrupt.ts';
import type { Invocation } from '../invocation.ts';
import type { LiveReader } from '../live-reader.ts';
import { type LogsPlace, openLogsPlace } from '../logs-place.ts';
import { type OpenTask, openTask } from '../open-task.ts';
import { requireLogs } from '../require-logs.ts';
import { findSentSource } from '../sent-source.ts';
import { hasStack, type WaitOptions } from '../shared-options.ts';

/** Takes up a task where another process left it, and ends as `run` would have. */
export async function waitForTask(
  invocation: Invocation,
  reference: string | undefined,
  options: WaitOptions,
): Promise<number> {
  const { context, printer } = invocation;
  const { clock, signal } = context;
  const open = await openTask(invocation, reference, options);
  const { client, scheduler, path, loaded, scriptName, notes } = open;
  const logs = openLogsPlace(options, invocation);
  await requireOutput(options, invocation);
  const waitSeconds = loaded.settings.waitTimeoutSeconds.value;
  const waitTimeoutMs = waitSeconds === null ? null : waitSeconds * 1000;
  const live = await openReader(open, invocation, logs);
  const [listen] = printer.trackRuns([null], logs).runs;
  let endState: string | null = null;
  const onEvent = (event: RunEvent) => {
    if (event.type === 'reading_logs') endState = event.task.state;
    notes.noteEvent(event);
    listen?.(live ? live.translate(event) : event);
  };
  let report: Report;
  try {
    const life = { client, scheduler, clock, signal, waitTimeoutMs, onEvent };
    let outcome = await resumeTask(path, { ...life, ...(live && { control: live.control }) });
    const successor = outcome.verdict === 'not_run' ? await findSuccessor(open, invocation) : null;
    if (successor !== null) outcome = await resumeTask(successor.path, life);
    const { messages } = outcome.logs;
    const source = await findSentSource(outcome.task, { client, signal, scriptName, messages });
    report = createOutcomeReport(outcome, { script: null, source });
    report = await fetchBinaryOutput(report, outcome, { invocation, open, options, listen });
    if (options.requireLogs) report = requireLogs(report, outcome);
  } catch (thrown) {
    const interrupted = signal.aborted && thrown === signal.reason;
    const wait = { taskPath: formatTaskPath(path), endState, timeoutSeconds: null, isLocal: false };
    const error = interrupted ? createInterruptError(wait) : thrown;
    if (!(error instanceof LuauExecError)) throw error;
    report = createErrorReport(error, {
      script: null,
      task: null,
      signalName: readSignalName(signal),
      hasStack: hasStack(options),
    });
  }
  printer.stopProgress();
  const whole = logs.write({ ...report, warnings: [...loaded.warnings, ...report.warnings] });
  report = await printer.printRun(whole, { logsTo: logs.logsTo, hasHeadings: false, run: 0 });
  return printer.printEnd([report], report.exitCode);
}

/** Throws LX003 and LX074 for a file that could not hold the binary output. */
async function requireOutput({ binaryOutput: name }: WaitOptions, invocation: Invocation): Promise<void> {
  if (name === undefined) return;
  const { requireOutputName } = await import('../files/file-plan.ts');
  const { probeOutput } = await import('../files/fetch-output.ts');
  requireOutputName(name);
  await probeOutput(name, invocation);
}

interface FetchSetting {
  invocation: Invocation;
  open: OpenTask;
  options: WaitOptions;
  listen: ((event: RunEvent) => void) | undefined;
}

async function fetchBinaryOutput(
  report: Report,
  outcome: Outcome,
  { invocation, open, options, listen = () => undefined }: FetchSetting,
): Promise<Report> {
  const { binaryOutput: name } = options;
  if (name === undefined) return report;
  const { addBinaryOutput } = await import('../files/fetch-output.ts');
  const { signal } = invocation.context;
  return addBinaryOutput(report, outcome, { name, connection: open, signal, listen, invocation });
}

/** What the run prints meanwhile is shown where `run` would have shown it, if it was sent so. */
async function openReader(
  open: OpenTask,
  invocation: Invocation,
  { logsTo }: LogsPlace,
): Promise<LiveReader | null> {
  const isLive = open.run?.facts.isLive === true && open.run.seen?.isFinished !== true;
  if (!isLive || !invocation.printer.showsEvents(logsTo)) return null;
  const { openLiveReader } = await import('../live-reader.ts');
  return openLiveReader({ path: open.path, script: '' }, open, invocation);
}
