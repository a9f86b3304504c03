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

export interface InitScreen {
  style: Style;
  /** Lines are broken to be no longer. */
  columns: number;
}

/** What was done, a line each; without the last line end. `privacy` says who can read a file of ours. */
export function formatInitDeeds(
  report: InitReport,
  { columns, privacy }: Pick<InitScreen, 'columns'> & { privacy: string },
): string {
  return [...describeDeeds(report, privacy)]
    .flatMap((line) => wrapText(sanitizeLine(line), columns))
    .join('\n');
}

/** What comes next, below an empty line; without the last line end. */
export function formatNextSteps(steps: readonly NextStep[], screen: InitScreen): string {
  return ['', 'next:', ...formatSteps(steps, screen)].join('\n');
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
function formatSteps(steps: readonly NextStep[], { style, columns }: InitScreen): string[] {
  const width = Math.max(...steps.map(({ command }) => command.length));
  const isWide = steps.every(({ what }) => width + what.length + 4 <= columns);
  return steps.flatMap(({ command, what }) =>
    isWide
      ? [`  ${style.bold(command)}${' '.repeat(width - command.length)}  ${style.dim(what)}`]
      : [`  ${style.bold(command)}`, style.dim(wrapText(`    ${what}`, columns).join('\n'))],
  );
}
