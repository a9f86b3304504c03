import { LuauExecError } from '../errors.ts';
import type { Task } from '../open-cloud/task.ts';
import { describeError } from '../output/describe-error.ts';
import { describeOutcome } from '../output/describe-outcome.ts';
import { NO_FILES, type Report, type ReportScript } from '../output/report.ts';
import { mapLogs, type ScriptSource } from '../output/script-position.ts';
import type { Script } from '../script/compose-script.ts';
import type { Outcome } from '../task/outcome.ts';
import { EXIT_CODES, exitCodeOfError, exitCodeOfVerdict, type OutcomeName } from './exit-codes.ts';

const EMPTY: Report = {
  exitCode: EXIT_CODES.ok,
  outcome: 'ok',
  script: null,
  task: null,
  results: null,
  error: null,
  logs: null,
  timing: null,
  files: NO_FILES,
  warnings: [],
};

/**
 * The report of a finished task. `script` is null where another process sent it, `source` where its lines are not known.
 */
export function createOutcomeReport(
  outcome: Outcome,
  { script, source }: { script: Script | null; source: ScriptSource | null },
): Report {
  const { task, verdict, versionId, logs, timing, warnings } = outcome;
  return {
    ...EMPTY,
    exitCode: exitCodeOfVerdict(verdict),
    outcome: verdict,
    script: script && readScript(script),
    task,
    versionId,
    results: task.phase === 'complete' && verdict === 'ok' ? task.results : null,
    error: describeOutcome(outcome, source),
    logs: source ? { ...logs, messages: mapLogs(logs.messages, source) } : logs,
    timing,
    warnings,
  };
}

/** The report of something that went wrong outside the script; anything but a `LuauExecError` is a bug of ours. */
export function createErrorReport(
  error: unknown,
  known: { script: Script | null; task: Task | null; signalName: string; hasStack: boolean },
): Report {
  const kind = error instanceof LuauExecError ? error.kind : 'internal';
  const outcome: OutcomeName = kind;
  return {
    ...EMPTY,
    exitCode: exitCodeOfError(kind, known.signalName),
    outcome,
    script: known.script && readScript(known.script),
    task: known.task,
    error: describeError(error, { hasStack: known.hasStack }),
  };
}

/** The report of a task as it stands, finished or not, without its logs. */
export function createTaskReport(task: Task, outcome: OutcomeName, exitCode: number): Report {
  return { ...EMPTY, exitCode, outcome, task, results: task.phase === 'complete' ? task.results : null };
}

/** The report of a script that is fine and was not sent. */
export function createScriptReport(script: Script): Report {
  const warnings = script.leftAlone.map(({ location, text }) => ({
    id: 'LX305',
    message: `${location.file}:${location.line}:${location.column}: ${text} is left to Roblox`,
    hint: null,
  }));
  return { ...EMPTY, script: readScript(script), warnings };
}

/** The hash stays uncomputed until a renderer asks for it. */
function readScript(script: Script): ReportScript {
  return {
    name: script.name,
    get sha256() {
      return script.sha256;
    },
  };
}
