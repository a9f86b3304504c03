import type { Task } from '../open-cloud/task.ts';
import { formatTaskPath } from '../open-cloud/task-path.ts';
import type { Report } from '../output/report.ts';
import { type Script, withChunk } from '../script/compose-script.ts';
import type { Outcome } from '../task/outcome.ts';
import { type RunTaskOptions, runTask, submitTask } from '../task/run-task.ts';
import { createOutcomeReport, createTaskReport } from './create-report.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { guardRun } from './guard-run.ts';
import { createRunId } from './journal-entry.ts';
import { quoteWord } from './quote-word.ts';
import { requireLogs } from './require-logs.ts';
import type { Job, RunListeners } from './run-job.ts';
import type { RunPlan } from './run-plan.ts';

/**
 * Runs one script to its end, or submits it where the plan says so. What goes wrong with it is in the report.
 */
export async function runOneScript(
  composed: Script,
  plan: RunPlan,
  { listen, listenToAll }: RunListeners,
): Promise<Report> {
  const { harness, options, invocation } = plan;
  const { signal, takeSecondStop, clock } = invocation.context;
  const runId = createRunId(clock.wallNow());
  const script = harness ? await identify(composed, runId) : composed;
  const isStopped = harness?.isCancellable === true && !options.detach;
  const job: Job = { ...plan, listen, listenToAll, runId, waitSignal: isStopped ? takeSecondStop() : signal };
  return options.detach ? submitOne(script, job) : runOne(script, job);
}

/** The script as a run of its own, which its harness knows by its id. */
async function identify(script: Script, runId: string): Promise<Script> {
  const { setRunId } = await import('../script/harness.ts');
  return withChunk(script, setRunId(script.text, runId));
}

async function runOne(script: Script, job: Job): Promise<Report> {
  return guardRun(script, job, async ({ parameters, files }, life) => {
    const outcome = await runTask(parameters, { ...life, ...(await createControl(job)) });
    const report = { ...createOutcomeReport(outcome, { script, source: script }), files };
    const whole = await fetchBinaryOutput(report, outcome, job);
    return job.options.requireLogs ? requireLogs(whole, outcome) : whole;
  });
}

async function submitOne(script: Script, job: Job): Promise<Report> {
  return guardRun(script, job, async ({ parameters, files }, life) => {
    const task = await submitTask(parameters, life);
    await tellOfOutput(task, job);
    const report = createTaskReport(task, 'submitted', EXIT_CODES.ok);
    return { ...report, script: { name: script.name, sha256: script.sha256 }, files };
  });
}

/** Nobody is here at the end to download it. */
async function tellOfOutput({ path }: Task, { files, invocation }: Job): Promise<void> {
  const name = files?.binaryOutput ?? null;
  if (name === null) return;
  const command = `luau-exec wait ${formatTaskPath(path)} --binary-output ${quoteWord(name)}`;
  await invocation.printer.printNotice(
    `within 15 minutes after its end, ${command} writes the binary output`,
  );
}

async function fetchBinaryOutput(report: Report, outcome: Outcome, job: Job): Promise<Report> {
  const { files, invocation, connection, listen } = job;
  const name = files?.binaryOutput ?? null;
  if (name === null) return report;
  const { addBinaryOutput } = await import('./files/fetch-output.ts');
  const { signal } = invocation.context;
  return addBinaryOutput(report, outcome, { name, connection, signal, listen, invocation });
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
