import { cutText } from './cut-text.ts';
import { formatDuration } from './format-duration.ts';
import { formatJson } from './format-value.ts';
import { findTaskPath, type Report } from './report.ts';
import { sanitizeLine } from './sanitize.ts';

/** GitHub takes no step output, and no summary of a step, above 1 MiB. */
const MAX_BYTES = 1_000_000;
const MAX_ROWS = 1_000;
/** Each character may take as many bytes as `&#128512;`. */
const LONGEST_CELL = 300;

export interface GithubEnd {
  reports: readonly Report[];
  /** Of the process: the worst of all. */
  exitCode: number;
}

/**
 * The lines for the file of `GITHUB_OUTPUT`: `outcome`, `exit-code`, `task-path` and `results`. Values stand between
 * lines of `delimiter`, which nobody can know in advance. `results` is what one script returned as a JSON array, an
 * array of these for several scripts, and empty where it is too large for GitHub.
 */
export function formatGithubOutputs({ reports, exitCode }: GithubEnd, delimiter: string): string {
  const all = reports.map(({ results }) => results);
  const results = formatJson(all.length === 1 ? (all[0] ?? null) : all);
  const paths = reports.map(findTaskPath).filter((path) => path !== null);
  const outcome = reports.find((report) => report.exitCode === exitCode)?.outcome ?? 'ok';
  const values: [string, string][] = [
    ['outcome', outcome],
    ['exit-code', String(exitCode)],
    ['task-path', paths.join('\n')],
    ['results', Buffer.byteLength(results) > MAX_BYTES ? '' : results],
  ];
  return values.map(([name, value]) => `${name}<<${delimiter}\n${value}\n${delimiter}\n`).join('');
}

/** A table in Markdown for the file of `GITHUB_STEP_SUMMARY`; everything that others wrote stands in it as plain text. */
export function formatGithubSummary({ reports }: GithubEnd): string {
  const rows: string[] = [];
  let leftBytes = MAX_BYTES;
  for (const report of reports.slice(0, MAX_ROWS)) {
    const row = formatRow(report);
    leftBytes -= Buffer.byteLength(row) + 1;
    if (leftBytes < 0) break;
    rows.push(row);
  }
  const hidden = reports.length - rows.length;
  const lines = ['### luau-exec', '', '| | script | outcome | time | |', '| - | - | - | - | - |', ...rows];
  return `${lines.join('\n')}\n${hidden > 0 ? `\nand ${hidden} more\n` : ''}\n`;
}

function formatRow(report: Report): string {
  const { exitCode, outcome, script, timing, error } = report;
  const mark = exitCode === 0 ? '✅' : outcome === 'skipped' ? '⏭️' : '❌';
  const name = script?.name ?? findTaskPath(report) ?? '';
  const time = timing ? formatDuration(timing.totalMs) : '';
  const cells = [
    mark,
    formatCode(name),
    outcome.replaceAll('_', ' '),
    time,
    formatCode(error?.message ?? ''),
  ];
  return `| ${cells.join(' | ')} |`;
}

/** As code in HTML, where Markdown has no say, and nothing in it ends the cell. */
function formatCode(text: string): string {
  if (text === '') return '';
  const escaped = cutText(sanitizeLine(text), LONGEST_CELL).replace(
    /[^\p{L}\p{N} ]/gu,
    (character) => `&#${character.codePointAt(0)};`,
  );
  return `<code>${escaped}</code>`;
}
