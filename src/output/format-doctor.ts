import { formatJson } from './format-value.ts';
import { sanitizeLine } from './sanitize.ts';
import type { Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

export type CheckStatus = 'ok' | 'warning' | 'problem' | 'not_known';

/** One line of the doctor's table. */
export interface Check {
  /** A word or two that stay the same from version to version. */
  name: string;
  status: CheckStatus;
  /** What was found, without a full stop. */
  detail: string;
  /** One thing to do; null where there is nothing to do. */
  hint: string | null;
}

const WORDS: Readonly<Record<CheckStatus, string>> = {
  ok: 'ok',
  warning: 'warning',
  problem: 'problem',
  not_known: 'not known',
};
const STATUS_WIDTH = Math.max(...Object.values(WORDS).map((word) => word.length));

/** Where less is left for the third column, a line is as long as it is. */
const NARROWEST = 24;
const HINT = 'hint';

/**
 * Three columns: status, name, what was found; a hint stands below its line. `columns` is the width of the terminal,
 * in which the third column is kept by breaking its lines; null leaves them whole.
 */
export function formatDoctor(
  checks: readonly Check[],
  { style, columns }: { style: Style; columns: number | null },
): string {
  const paint = { ok: style.green, warning: style.yellow, problem: style.red, not_known: style.dim };
  const nameWidth = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat(STATUS_WIDTH + nameWidth + 4);
  const width = (columns ?? 0) - indent.length;
  const wrap = (text: string) => (width < NARROWEST ? [text] : wrapText(text, width)).join(`\n${indent}`);
  return checks
    .map(({ name, status, detail, hint }) => {
      const word = paint[status](WORDS[status].padEnd(STATUS_WIDTH));
      const line = `${word}  ${name.padEnd(nameWidth)}  ${wrap(sanitizeLine(detail))}\n`;
      if (hint === null) return line;
      // Colours have no width, so the label gets its own once the line is broken.
      const below = wrap(`${HINT}: ${sanitizeLine(hint)}`).slice(HINT.length);
      return `${line}${indent}${style.cyan(HINT)}${below}\n`;
    })
    .join('');
}

/** How the table came out, in a few words: `2 problems, 1 warning`. */
export function formatDoctorSummary(checks: readonly Check[]): string {
  const count = (wanted: CheckStatus, word: string) => {
    const found = checks.filter(({ status }) => status === wanted).length;
    return found === 0 ? [] : [`${found} ${word}${found === 1 ? '' : 's'}`];
  };
  const counts = [...count('problem', 'problem'), ...count('warning', 'warning')];
  return counts.length === 0 ? 'no problem was found' : counts.join(', ');
}

/** `luau-exec.doctor/v1`, on one line. */
export function formatDoctorJson(checks: readonly Check[], exitCode: number): string {
  return formatJson({
    schema: 'luau-exec.doctor/v1',
    ok: exitCode === 0,
    exitCode,
    checks: checks.map(({ name, status, detail, hint }) => ({
      name,
      status,
      detail,
      hint,
    })),
  });
}
