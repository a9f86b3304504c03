import { cutText } from './cut-text.ts';
import { formatDuration } from './format-duration.ts';
import type { Screen } from './renderer.ts';
import type { Report } from './report.ts';
import { sanitizeLine } from './sanitize.ts';

const WIDEST_NAME = 48;
const LONGEST_LINE = 200;
const WORDS: ReadonlyMap<string, string> = new Map([
  ['ok', 'complete'],
  ['script_failed', 'failed'],
  ['skipped', 'not sent'],
  ['unknown', 'may be running'],
  ['wait_timeout', 'still running'],
]);

/** A line for each of several runs, and one that counts them; empty where nothing was run. */
export function formatSummary(reports: readonly Report[], screen: Screen): string {
  // What `check` makes are reports too, of scripts that nobody wanted to run.
  if (reports.every(({ task, outcome }) => task === null && ['ok', 'usage'].includes(outcome))) return '';
  const names = reports.map(({ script }) => cutText(sanitizeLine(script?.name ?? ''), WIDEST_NAME));
  const words = reports.map(describeEnd);
  const widths = { name: longest(names), word: longest(words) };
  const lines = reports.map((report, index) => {
    const name = (names[index] ?? '').padEnd(widths.name);
    return formatLine(report, { name, word: (words[index] ?? '').padEnd(widths.word), screen });
  });
  return `\n${lines.join('')}${formatCounts(words)}\n`;
}

function formatLine(
  { exitCode, outcome, timing, error }: Report,
  { name, word, screen }: { name: string; word: string; screen: Screen },
): string {
  const { style, isTerminal, columns } = screen;
  const time = timing === null ? '' : formatDuration(timing.totalMs);
  const why = outcome === 'skipped' ? '' : (error?.message ?? '');
  const text = [name, word, time.padStart(8), sanitizeLine(why)].join('  ').trimEnd();
  const line = cutText(text, isTerminal && columns ? Math.max(10, columns - 3) : LONGEST_LINE);
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

function describeEnd({ outcome }: Report): string {
  return WORDS.get(outcome) ?? outcome.replaceAll('_', ' ');
}

function longest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(({ length }) => length));
}
