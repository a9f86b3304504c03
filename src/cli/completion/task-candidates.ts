import { FIELDS } from '../../config/settings.ts';
import type { Context } from '../../context.ts';
import { Journal, type JournalRun } from '../../history/journal.ts';
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
  const journal = new Journal(resolveStateDirectory(context), () => undefined);
  const origin = findOrigin(context, baseUrl);
  return listTaskCandidates(journal.readRuns(), { origin, prefix, nowMs: context.clock.wallNow() });
}

/**
 * The tasks that were sent to one API from this machine, the newest first: `@last`, `@2` and so on, or their ids where
 * the word has begun otherwise. `origin` is that of the API in use; `nowMs` is a time of the wall clock.
 */
export function listTaskCandidates(
  runs: readonly JournalRun[],
  { origin, prefix, nowMs }: { origin: string; prefix: string; nowMs: number },
): Candidate[] {
  const known = runs.filter((run) => run.origin === origin);
  if (prefix === '' || prefix.startsWith('@')) {
    return known.slice(0, MOST_POSITIONS).map((run, index) => ({
      value: index === 0 ? '@last' : `@${index + 1}`,
      description: describeRun(run, nowMs),
    }));
  }
  return known
    .flatMap((run) =>
      run.path === null ? [] : [{ value: run.path.taskId, description: describeRun(run, nowMs) }],
    )
    .filter(({ value }) => value.startsWith(prefix))
    .slice(0, MOST_IDS);
}

function findOrigin({ env }: Context, flag: string | undefined): string {
  const { environment, fallback } = FIELDS.baseUrl;
  const url = flag ?? environment.map((name) => env[name]).find((value) => value) ?? fallback;
  return URL.canParse(url) ? new URL(url).origin : '';
}

function describeRun({ script, time, path }: JournalRun, nowMs: number): string {
  const sentMs = Date.parse(time);
  const parts = [
    sanitizeLine(script).replaceAll('\t', ' '),
    ...(Number.isNaN(sentMs) ? [] : [formatAge(nowMs - sentMs)]),
    ...(path === null ? ['no answer came'] : []),
  ];
  return parts.join(', ');
}

/** `5 min ago`, in the largest unit that gives at least one. */
function formatAge(ageMs: number): string {
  const unit = UNITS.find(([ms]) => ageMs >= ms);
  return unit === undefined ? 'less than a minute ago' : `${Math.floor(ageMs / unit[0])} ${unit[1]} ago`;
}
