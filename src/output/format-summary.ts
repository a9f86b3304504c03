import { cutText } from './cut-text.ts';
import { fitText, measureWidth, padText } from './display-width.ts';
import { formatDuration } from './format-duration.ts';
import type { RenderOptions, Screen } from './renderer.ts';
import type { Report } from './report.ts';
import { sanitizeLine } from './sanitize.ts';

const WIDEST_NAME = 100;
const NARROWEST_NAME = 10;
const LONGEST_LINE = 200;
/** Fewer columns than this say nothing of what went wrong. */
const NARROWEST_REASON = 12;
/** All of a line but the name and what went wrong: the mark, most words, the time, and what is between them. */
const OTHER_COLUMNS = 28;
const WORDS: ReadonlyMap<string, string> = new Map([
  ['ok', 'complete'],
  ['script_failed', 'failed'],
  ['skipped', 'not sent'],
  ['usage', 'refused'],
  ['unknown', 'may be running'],
  ['wait_timeout', 'still running'],
]);

/** A line for each of several runs, and one that counts them. */
export function formatSummary(
  reports: readonly Report[],
  { stderr, redact }: Pick<RenderOptions, 'stderr' | 'redact'>,
): string {
  const { isTerminal, columns } = stderr;
  const widest = isTerminal && columns ? Math.max(NARROWEST_NAME, columns - OTHER_COLUMNS) : WIDEST_NAME;
  // What tells one script from its neighbours is the end of its path.
  const names = reports.map(({ script }) =>
    fitText(redact(sanitizeLine(script?.name ?? '')), { width: widest, keeps: 'end' }),
  );
  const words = reports.map(describeEnd);
  const widths = { name: longest(names), word: longest(words) };
  const lines = reports.map((report, index) => {
    const name = padText(names[index] ?? '', widths.name);
    const head = `${name}  ${padText(words[index] ?? '', widths.word)}`;
    return formatLine(report, { head, screen: stderr, redact });
  });
  return `\n${lines.join('')}${formatCounts(words)}\n`;
}

function formatLine(
  { exitCode, outcome, timing, error }: Report,
  { head, screen, redact }: { head: string; screen: Screen; redact: (text: string) => string },
): string {
  const { style, isTerminal, columns } = screen;
  const time = timing === null ? '' : formatDuration(timing.totalMs);
  const why = outcome === 'skipped' ? '' : cutText(redact(sanitizeLine(error?.message ?? '')), LONGEST_LINE);
  const width = isTerminal && columns ? Math.max(10, columns - 3) : LONGEST_LINE;
  const start = `${head}  ${time.padStart(8)}`;
  const hasRoom = width - measureWidth(start) >= NARROWEST_REASON;
  const line = fitText(hasRoom ? `${start}  ${why}`.trimEnd() : start.trimEnd(), { width, keeps: 'start' });
  if (!isTerminal) return `${line}\n`;
  const mark = exitCode === 0 ? style.green('✓') : outcome === 'skipped' ? style.dim('·') : style.red('✗');
  return `${mark} ${line}\n`;
}

/** `3 scripts: 1 complete, 2 failed`, in the order in which the words first come. */
function formatCounts(words: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return `${words.length} scripts: ${[...counts].map(([word, count]) => `${count} ${word}`).join(', ')}`;
}

function describeEnd({ outcome, error }: Report): string {
  if (error?.id === 'LX511') return 'may be published';
  return WORDS.get(outcome) ?? outcome.replaceAll('_', ' ');
}

function longest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(measureWidth));
}
