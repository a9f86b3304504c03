import type { LogMessage } from '../open-cloud/task.ts';
import { formatTaskPath } from '../open-cloud/task-path.ts';
import { formatBytes } from './format-bytes.ts';
import { formatDuration } from './format-duration.ts';
import { formatError, formatWarning } from './format-error.ts';
import { formatLogs } from './format-logs.ts';
import { formatResults } from './format-results.ts';
import { formatStatus } from './format-status.ts';
import { formatSummary } from './format-summary.ts';
import { createNote, listLivePieces, splitRest } from './live-pieces.ts';
import { selectLevel } from './log-level.ts';
import type { Renderer, RenderOptions, Screen } from './renderer.ts';
import type { Report } from './report.ts';
import { sanitizeLine } from './sanitize.ts';
import type { Piece } from './write-out.ts';

/** For people: data on stdout, everything else on stderr, and each understandable without colour. */
export const humanRenderer: Renderer = {
  renderEvent: (event, run, options, display) => listLivePieces(event, run, { options, display }),
  renderEach: (report, options) => (isSummedUp(report, options) ? [] : listRun(report, options)),
  renderLogs: (report, options) => [
    ...listLogs(report, { ...options, logsTo: 'stdout' }),
    ...listNotices(report, options),
  ],
  renderStatus: (report, options) => [
    {
      to: 'stdout',
      text: report.task ? formatStatus(report.task, report.results ?? [], options.stdout) : '',
    },
    ...listNotices(report, options),
  ],
  renderEnd: (reports, _exitCode, options) => listSummaryOfAll(reports, options),
};

/** Whether the line in the summary says all: of many scripts that were not sent, none needs a block of its own. */
export function isSummedUp({ outcome, task }: Report, { hasHeadings }: RenderOptions): boolean {
  return outcome === 'skipped' || (outcome === 'interrupted' && task === null && hasHeadings);
}

function listRun(report: Report, options: RenderOptions): Piece[] {
  return [
    ...listHeading(report, options),
    ...listLogs(report, options),
    { to: 'stdout', text: formatData(report, options.stdout) },
    ...listNotices(report, options),
    ...listSummary(report, options),
  ];
}

function listHeading({ script }: Report, { stderr, hasHeadings }: RenderOptions): Piece[] {
  if (!hasHeadings || script === null) return [];
  return [{ to: 'stderr', text: `${stderr.style.bold(sanitizeLine(script.name))}\n` }];
}

function listLogs(report: Report, options: RenderOptions): Piece[] {
  const { logs, logDisplay, error } = report;
  const { logsTo } = options;
  if (logsTo === 'none' || logs === null) return [];
  return splitRest(logs).flatMap(({ note, messages }) => {
    const selected = selectLevel(messages, logDisplay?.level ?? null);
    // The error block below says the same as the message in which the service reports the error.
    const isSame = ({ message }: LogMessage) => logsTo === 'stderr' && message === error?.sameAsLog;
    const text = formatLogs(
      selected.filter((entry) => !isSame(entry)),
      { ...options[logsTo], ...logDisplay },
    );
    return text === '' ? [] : [...createNote(note, options), { to: logsTo, text, isRemote: true }];
  });
}

/** What the script returned; of one that nobody waits for, the path by which it is found again. */
function formatData({ outcome, task, results }: Report, screen: Screen): string {
  if (outcome === 'submitted' && task) return `${formatTaskPath(task.path)}\n`;
  return formatResults(results ?? [], screen)
    .map((text) => `${text}\n`)
    .join('');
}

function listNotices(report: Report, { stderr, verbosity }: RenderOptions): Piece[] {
  const warnings = report.warnings.map((warning) => formatWarning(warning, stderr.style));
  const error = report.error ? [formatError(report.error, { style: stderr.style, verbosity })] : [];
  return [...warnings, ...error].map((text) => ({ to: 'stderr', text }));
}

function listSummary(report: Report, { stderr, isQuiet }: RenderOptions): Piece[] {
  const { exitCode, task, timing } = report;
  if (isQuiet || exitCode !== 0 || task?.phase !== 'complete' || timing === null) return [];
  const mark = stderr.isTerminal ? `${stderr.style.green('✓')} ` : '';
  const throttled =
    timing.throttledMs >= 1000 ? `, ${formatDuration(timing.throttledMs)} of it held back by limits` : '';
  const time = formatDuration(timing.totalMs);
  return [{ to: 'stderr', text: `${mark}complete in ${time}${throttled}${describeFiles(report)}\n` }];
}

function describeFiles({ files: { place, binaryOutput }, task, versionId }: Report): string {
  const ran = versionId ?? task?.path.versionId ?? null;
  const version = place === null || ran === null ? '' : `, version ${ran} of the place`;
  if (binaryOutput === null) return version;
  return `${version}; wrote ${sanitizeLine(binaryOutput.name)} (${formatBytes(binaryOutput.sizeBytes)})`;
}

/** After several runs: what came of each, and how many came to what. */
function listSummaryOfAll(reports: readonly Report[], options: RenderOptions): Piece[] {
  if (options.isQuiet || !options.hasHeadings) return [];
  return [{ to: 'stderr', text: formatSummary(reports, options) }];
}
