import { formatJson } from './format-value.ts';
import { sanitizeLine } from './sanitize.ts';
import type { Style } from './style.ts';

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

/** Three columns: status, name, what was found; a hint stands below its line. */
export function formatDoctor(checks: readonly Check[], style: Style): string {
  const paint = { ok: style.green, warning: style.yellow, problem: style.red, not_known: style.dim };
  const nameWidth = Math.max(...checks.map(({ name }) => name.length));
  const indent = ' '.repeat(STATUS_WIDTH + nameWidth + 4);
  return checks
    .map(({ name, status, detail, hint }) => {
      const word = paint[status](WORDS[status].padEnd(STATUS_WIDTH));
      const line = `${word}  ${name.padEnd(nameWidth)}  ${sanitizeLine(detail)}\n`;
      return hint === null ? line : `${line}${indent}${style.cyan('hint')}: ${sanitizeLine(hint)}\n`;
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
