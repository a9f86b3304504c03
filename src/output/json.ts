import { formatTaskPath } from '../open-cloud/task-path.ts';
import type { ErrorDescription } from './describe-error.ts';
import { formatJson } from './format-value.ts';
import type { Renderer } from './renderer.ts';
import type { Report, ReportFile, ReportFiles } from './report.ts';

/** `luau-exec.result/v1`: one JSON document on stdout, whatever happens. Nothing in it is shortened or masked. */
export const jsonRenderer: Renderer = {
  renderEvent: () => [],
  renderEach: () => [],
  renderLogs: () => [],
  renderStatus: () => [],
  renderEnd: (reports, exitCode) => [
    { to: 'stdout', text: `${formatJson(createDocument(reports, exitCode))}\n` },
  ],
};

/** What `--json` prints: the envelope of the one run, or a document around those of several. */
export function createDocument(reports: readonly Report[], exitCode: number): object {
  const [only] = reports;
  if (only !== undefined && reports.length === 1) return createEnvelope(only);
  return {
    schema: 'luau-exec.results/v1',
    ok: exitCode === 0,
    exitCode,
    runs: reports.map(createEnvelope),
  };
}

/** The envelope of one run as a plain object. Every key is always there, null where its value is not known. */
export function createEnvelope(report: Report): object {
  const { script, logs, timing } = report;
  return {
    schema: 'luau-exec.result/v1',
    ok: report.exitCode === 0,
    exitCode: report.exitCode,
    outcome: report.outcome,
    script: script && { name: script.name, sha256: script.sha256 },
    task: report.task && createTaskFields(report.task, report.versionId ?? null),
    results: report.results,
    error: report.error && createErrorFields(report.error),
    logs: logs && {
      messages: logs.messages.map(({ time, level, message }) => ({ time, level, message })),
      complete: logs.complete,
      truncatedHead: logs.lost !== null,
      missingEstimate: logs.lost?.estimate
        ? { fromBytes: logs.lost.estimate.fromBytes, toBytes: logs.lost.estimate.toBytes }
        : null,
      leftOut: logs.leftOut ?? 0,
    },
    timing: timing && {
      totalMs: Math.round(timing.totalMs),
      polls: timing.polls,
      retries: timing.retries,
      throttledMs: Math.round(timing.throttledMs),
    },
    ...createFileFields(report.files),
    warnings: report.warnings.map(({ id, message, hint }) => ({ id, message, hint })),
  };
}

function createFileFields({ place, binaryInput, binaryOutput }: ReportFiles): object {
  const createFile = (file: ReportFile) => ({
    file: file.name,
    sizeBytes: file.sizeBytes,
    sha256: file.sha256,
  });
  return {
    placeFile: place && {
      ...createFile(place),
      versionId: place.versionId,
      uploaded: place.isUploaded,
      published: place.isPublished,
    },
    binaryInput: binaryInput && createFile(binaryInput),
    binaryOutput: binaryOutput && createFile(binaryOutput),
  };
}

function createTaskFields(
  { path, state, createTime, updateTime }: NonNullable<Report['task']>,
  ranVersionId: string | null,
): object {
  const { universeId, placeId, versionId, sessionId, taskId } = path;
  return {
    path: formatTaskPath(path),
    universeId,
    placeId,
    versionId: ranVersionId ?? versionId,
    sessionId,
    taskId,
    state,
    createTime,
    updateTime,
  };
}

function createErrorFields(error: ErrorDescription): object {
  return {
    id: error.id,
    code: error.code,
    message: error.message,
    facts: error.facts,
    hint: error.hint,
    file: error.file,
    line: error.line,
    column: error.column,
    traceback: error.traceback.map(({ file, line, function: name }) => ({ file, line, function: name })),
    httpStatus: error.httpStatus,
    taskPath: error.taskPath,
    attempts: error.attempts.map((attempt) => ({
      atMs: Math.round(attempt.atMs),
      httpStatus: attempt.httpStatus,
      reason: attempt.reason,
      waitMs: attempt.waitMs === null ? null : Math.round(attempt.waitMs),
    })),
  };
}
