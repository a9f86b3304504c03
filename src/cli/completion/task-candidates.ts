import { FIELDS } from '../../config/fields.ts';
import type { Context } from '../../context.ts';
import { Journal } from '../../history/journal.ts';
import type { JournalRun } from '../../history/journal-run.ts';
import { resolveStateDirectory } from '../../history/state-directory.ts';
import { sanitizeLine } from '../../output/sanitize.ts';
import type { Candidate } from './answer.ts';

const MOST_POSITIONS = 9;
const MOST_IDS = 50;
const UNITS: readonly (readonly [ms: number, name: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
];

/** The tasks that a word may name. `baseUrl` is the value of its flag, which a config file cannot stand in for. */
export function findTaskCandidates(
  context: Context,
  { baseUrl, prefix }: { baseUrl: string | undefined; prefix: string },
): Candidate[] {
  const { wallNow } = context.clock;
  const directory = resolveStateDirectory(context);
  const journal = new Journal({ directory, wallNow, onProblem: () => undefined });
  const runs = journal.readRuns(findOrigin(context, baseUrl));
  return listTaskCandidates(runs, { prefix, nowMs: wallNow() });
}

/**
 * The tasks of these runs, of which the newest comes first: `@last`, `@2` and so on, or their ids where the word has
 * begun otherwise. `nowMs` is a time of the wall clock. No more of the runs are read than are offered.
 */
export function listTaskCandidates(
  runs: Iterable<JournalRun>,
  { prefix, nowMs }: { prefix: string; nowMs: number },
): Candidate[] {
  const isPosition = prefix === '' || prefix.startsWith('@');
  const candidates: Candidate[] = [];
  for (const run of runs) {
    if (candidates.length === (isPosition ? MOST_POSITIONS : MOST_IDS)) break;
    const position = candidates.length === 0 ? '@last' : `@${candidates.length + 1}`;
    const value = isPosition ? position : run.path?.taskId;
    if (value === undefined || (!isPosition && !value.startsWith(prefix))) continue;
    candidates.push({ value, description: describeRun(run, nowMs) });
  }
  return candidates;
}

function findOrigin({ env }: Context, flag: string | undefined): string {
  const { environment, fallback } = FIELDS.baseUrl;
  const url = flag ?? environment.map((name) => env[name]).find((value) => value) ?? fallback;
  return URL.canParse(url) ? new URL(url).origin : '';
}

function describeRun({ facts, sentMs, path, seen }: JournalRun, nowMs: number): string {
  const state = path === null ? ['no answer came'] : seen === null ? [] : [sanitizeLine(seen.state)];
  const name = sanitizeLine(facts.script).replaceAll('\t', ' ');
  return [name, formatAge(nowMs - sentMs), ...state].join(', ');
}

/** `5 min ago`, in the largest unit that gives at least one. */
function formatAge(ageMs: number): string {
  const unit = UNITS.find(([ms]) => ageMs >= ms);
  return unit === undefined ? 'less than a minute ago' : `${Math.floor(ageMs / unit[0])} ${unit[1]} ago`;
}
