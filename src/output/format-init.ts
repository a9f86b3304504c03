import { sanitizeLine } from './sanitize.ts';
import type { Style } from './style.ts';
import { wrapText } from './wrap-text.ts';

/** What `init` did, for a reader and for JSON: nothing in it is secret. */
export interface InitReport {
  /** The config file that was written. */
  file: string;
  isReplaced: boolean;
  universeId: string;
  placeId: string;
  apiKey: {
    source: 'env' | 'keyring' | 'file' | 'none' | 'kept';
    /** The variable that the file names; null where it names none. */
    variable: string | null;
    /** Where a key was stored by this call. */
    storedIn: 'keyring' | 'file' | null;
    /** The file beside the keyring that it was stored in. */
    path: string | null;
    keyringProblem: string | null;
  };
  /** Null where the file holds no key, or lies in no git project. */
  gitIgnore: { file: string; pattern: string; isAdded: boolean } | null;
  /** Settings of the file that was replaced and that are in the new one. */
  kept: readonly string[];
  warnings: readonly { id: string; message: string; hint: string | null }[];
  next: readonly NextStep[];
}

export interface NextStep {
  command: string;
  what: string;
}

const SCHEMA = 'luau-exec.init/v1';

/** One line of JSON. */
export function formatInitJson(report: InitReport): string {
  const { file, isReplaced, universeId, placeId, apiKey, gitIgnore, kept, warnings, next } = report;
  return JSON.stringify({
    schema: SCHEMA,
    file,
    replaced: isReplaced,
    universeId,
    placeId,
    apiKey,
    gitIgnore: gitIgnore && { file: gitIgnore.file, pattern: gitIgnore.pattern, added: gitIgnore.isAdded },
    kept,
    warnings,
    next,
  });
}

/** What was done, what to look out for, and what comes next; without the last line end. */
export function formatInit(
  report: InitReport,
  { style, columns, privacy }: { style: Style; columns: number; privacy: string },
): string {
  const lines = [...describeDeeds(report, privacy)].map(sanitizeLine);
  const warnings = report.warnings.flatMap(({ message, hint }) => [
    `${style.yellow('warning')}: ${sanitizeLine(message)}`,
    ...(hint === null ? [] : [`hint: ${sanitizeLine(hint)}`]),
  ]);
  const done = [...lines, ...warnings].flatMap((line) => wrapText(line, columns));
  return [...done, '', 'next:', ...formatSteps(report.next, { style, columns })].join('\n');
}

function* describeDeeds(report: InitReport, privacy: string): Iterable<string> {
  const { file, isReplaced, universeId, placeId, apiKey, gitIgnore, kept } = report;
  if (apiKey.storedIn === 'keyring') yield 'stored the API key in the keyring';
  if (apiKey.storedIn === 'file') {
    yield `stored the API key in ${apiKey.path}, ${privacy}: no keyring works here (${apiKey.keyringProblem})`;
  }
  if (gitIgnore?.isAdded) yield `added ${gitIgnore.pattern} to ${gitIgnore.file}`;
  if (gitIgnore?.isAdded === false) {
    yield `git ignores the file already: ${gitIgnore.pattern} in ${gitIgnore.file}`;
  }
  yield `${isReplaced ? 'replaced' : 'wrote'} ${file}: universe ${universeId}, place ${placeId}`;
  if (kept.length > 0) yield `kept from the old one: ${kept.join(', ')}; comments are gone`;
}

/** Two columns where there is room, else one below the other. */
function formatSteps(
  steps: readonly NextStep[],
  { style, columns }: { style: Style; columns: number },
): string[] {
  const width = Math.max(...steps.map(({ command }) => command.length));
  const isWide = steps.every(({ what }) => width + what.length + 4 <= columns);
  return steps.flatMap(({ command, what }) =>
    isWide
      ? [`  ${style.bold(command)}${' '.repeat(width - command.length)}  ${style.dim(what)}`]
      : [`  ${style.bold(command)}`, style.dim(wrapText(`    ${what}`, columns).join('\n'))],
  );
}
