import { isFinished, type Task } from '../../open-cloud/task.ts';
import type { Report } from '../../output/report.ts';
import type { ScriptSource } from '../../output/script-position.ts';
import { decideVerdict } from '../../task/outcome.ts';
import { createOutcomeReport, createTaskReport } from '../create-report.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { openTask } from '../open-task.ts';
import { findSentSource } from '../sent-source.ts';
import type { GlobalOptions } from '../shared-options.ts';

/** Shows a task as it is now; exits as `run` would for a finished one, and 8 for one that is not. */
export async function showStatus(
  invocation: Invocation,
  reference: string | undefined,
  options: GlobalOptions,
): Promise<number> {
  const { context, printer } = invocation;
  const { client, path, loaded, scriptName, notes } = await openTask(invocation, reference, options);
  const { signal } = context;
  const task = await client.getTask(path, { signal });
  notes.noteTask(task);
  const source = await findSentSource(task, { client, signal, scriptName, messages: [] });
  const seen = createStatusReport(task, source);
  const report = { ...seen, warnings: [...loaded.warnings, ...seen.warnings] };
  const told = await printer.printStatus(report);
  return printer.printEnd([told], told.exitCode);
}

function createStatusReport(task: Task, source: ScriptSource | null): Report {
  if (!isFinished(task)) return createTaskReport(task, 'pending', EXIT_CODES.pending);
  const outcome = createOutcomeReport(
    {
      task,
      verdict: decideVerdict(task),
      versionId: task.path.versionId,
      // Not that some are missing: nobody has asked for them.
      logs: { messages: [], complete: true, lost: null },
      logsError: null,
      warnings: [],
      timing: { totalMs: 0, polls: 1, retries: 0, throttledMs: 0 },
    },
    { script: null, source },
  );
  // Logs were not asked for, and no time was spent waiting.
  return { ...outcome, logs: null, timing: null };
}
