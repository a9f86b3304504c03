import { LuauExecError } from '../../errors.ts';
import { isFinished, type Task } from '../../open-cloud/task.ts';
import { formatTaskPath } from '../../open-cloud/task-path.ts';
import type { Report } from '../../output/report.ts';
import type { Script } from '../../script/compose-script.ts';
import { type RunTaskOptions, runTask, submitTask } from '../../task/run-task.ts';
import { type Connection, connectToPlace, loadInvocationSettings } from '../connect.ts';
import { createErrorReport, createOutcomeReport, createTaskReport } from '../create-report.ts';
import { EXIT_CODES, worstExitCode } from '../exit-codes.ts';
import { createInterruptError, readSignalName } from '../interrupt.ts';
import type { Invocation } from '../invocation.ts';
import { openJournalEntry } from '../journal-entry.ts';
import { openLogsPlace } from '../logs-place.ts';
import { addLostOutput } from '../lost-output.ts';
import { type OutputFile, openOutputFile } from '../output-file.ts';
import { createPreparation, loadSources } from '../prepare-scripts.ts';
import { requireLogs } from '../require-logs.ts';
import { hasStack, type RunOptions } from '../shared-options.ts';

/** What all scripts of one call share. */
interface RunPlan {
  invocation: Invocation;
  connection: Connection;
  options: RunOptions;
  versionId: string | null;
  timeoutSeconds: number;
  waitTimeoutMs: number | null;
  queueTimeoutMs: number;
  idFile: OutputFile | null;
  hasSeveral: boolean;
}

/** Runs scripts one after the other; the exit code is the worst. All of them are read before the first is sent. */
export async function runScripts(
  invocation: Invocation,
  sources: string[],
  options: RunOptions,
): Promise<number> {
  const { printer } = invocation;
  const scripts = await loadScripts(invocation, sources, options);
  const loaded = await loadInvocationSettings(invocation, options);
  const { settings } = loaded;
  const idFile = options.idFile === undefined ? null : openOutputFile(options.idFile, invocation);
  const logs = openLogsPlace(options.logs, invocation);
  if (options.detach && settings.target.value === 'local') throw detachedLocal();
  const connection = await connectToPlace(invocation, loaded, options);
  const plan: RunPlan = {
    invocation,
    connection,
    options,
    versionId: settings.placeVersion.value,
    timeoutSeconds: settings.timeoutSeconds.value,
    waitTimeoutMs:
      settings.waitTimeoutSeconds.value === null ? null : settings.waitTimeoutSeconds.value * 1000,
    queueTimeoutMs: settings.queueTimeoutSeconds.value * 1000,
    idFile,
    hasSeveral: scripts.length > 1,
  };
  const reports: Report[] = [];
  try {
    for (const script of scripts) {
      const report = logs.write(await (options.detach ? submitOne(script, plan) : runOne(script, plan)));
      report.warnings.unshift(
        ...(reports.length === 0 ? loaded.warnings : []),
        ...connection.warnings.splice(0),
      );
      reports.push(report);
      await printer.printRun(report, { logsTo: logs.logsTo, hasHeadings: plan.hasSeveral });
      if (options.detach && report.task && !printer.isJson) {
        await printer.printData(`${formatTaskPath(report.task.path)}\n`);
      }
    }
  } finally {
    printer.stopProgress();
    await connection.close();
  }
  const exitCode = worstExitCode(reports.map((report) => report.exitCode));
  await printer.printEnd(reports, exitCode);
  return exitCode;
}

async function loadScripts(invocation: Invocation, named: string[], options: RunOptions): Promise<Script[]> {
  const sources = await loadSources(invocation, named, options);
  const prepare = await createPreparation(invocation, options);
  const scripts: Script[] = [];
  for (const source of sources) scripts.push(await prepare(source));
  return scripts;
}

function detachedLocal(): LuauExecError {
  return new LuauExecError('--detach leaves, and a local run ends with the command that started it', {
    id: 'LX003',
    kind: 'usage',
    hint: 'start luau-exec emulate and use --base-url to keep tasks across commands',
  });
}

async function runOne(script: Script, plan: RunPlan): Promise<Report> {
  return guard(script, plan, async (life) => {
    const outcome = await runTask(createParameters(script, plan), life);
    const report = createOutcomeReport(outcome, script);
    return plan.options.requireLogs ? requireLogs(report, outcome) : report;
  });
}

async function submitOne(script: Script, plan: RunPlan): Promise<Report> {
  return guard(script, plan, async (life) => {
    const task = await submitTask(createParameters(script, plan), life);
    const report = createTaskReport(task, 'submitted', EXIT_CODES.ok);
    return { ...report, script: { name: script.name, sha256: script.sha256 } };
  });
}

function createParameters(script: Script, { connection, versionId, timeoutSeconds }: RunPlan) {
  const { universeId, placeId } = connection;
  return { universeId, placeId, versionId, script: script.text, timeoutSeconds };
}

/** Runs `work` with everything that one script's life needs, and turns what it throws into a report. */
async function guard(
  script: Script,
  plan: RunPlan,
  work: (life: RunTaskOptions) => Promise<Report>,
): Promise<Report> {
  const { invocation, connection, options } = plan;
  const { clock, signal } = invocation.context;
  const { client, scheduler } = connection;
  let task: Task | null = null;
  const lost: LuauExecError[] = [];
  const addLost = (report: Report) => lost.reduce(addLostOutput, report);
  const describe = (thrown: unknown) => {
    const known = { script, task, signalName: readSignalName(signal), hasStack: hasStack(options) };
    return addLost(createErrorReport(thrown, known));
  };
  if (signal.aborted) return describe(interruptError(task, plan));
  const entry = openJournalEntry(script, connection, invocation);
  const listen = invocation.printer.trackRun(plan.hasSeveral ? script.name : null);
  try {
    const report = await work({
      client,
      scheduler,
      clock,
      signal,
      waitTimeoutMs: plan.waitTimeoutMs,
      queueTimeoutMs: plan.queueTimeoutMs,
      isRepeatAllowed: options.retryUnsafe ?? false,
      onEvent: (event) => {
        if (event.type === 'reading_logs') task = event.task;
        listen(event);
      },
      onCreated: (created) => {
        task = created;
        entry.created(created);
        const problem = plan.idFile?.append(`${formatTaskPath(created.path)}\n`);
        if (problem) lost.push(problem);
      },
    });
    return addLost(report);
  } catch (thrown) {
    const error = signal.aborted && thrown === signal.reason ? interruptError(task, plan) : thrown;
    if (!(error instanceof LuauExecError)) throw error;
    if (task === null && error.kind !== 'unknown') entry.notCreated();
    return describe(error);
  }
}

function interruptError(task: Task | null, plan: RunPlan): LuauExecError {
  return createInterruptError({
    taskPath: task && formatTaskPath(task.path),
    endState: task && isFinished(task) ? task.state : null,
    timeoutSeconds: plan.timeoutSeconds,
    isLocal: plan.connection.journal === null,
  });
}
