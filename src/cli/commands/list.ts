import { resolveBaseUrl } from '../../config/resolve-settings.ts';
import { LOCAL_TARGET } from '../../config/settings.ts';
import { LuauExecError } from '../../errors.ts';
import type { JournalRun } from '../../history/journal-run.ts';
import { describeError } from '../../output/describe-error.ts';
import { formatList, formatListJson, type ListedTask } from '../../output/format-list.ts';
import { sanitizeLine } from '../../output/sanitize.ts';
import type { Warning } from '../../task/outcome.ts';
import { connectToTasks, createLocalTaskError, loadInvocationSettings, openJournal } from '../connect.ts';
import { EXIT_CODES, exitCodeOfError } from '../exit-codes.ts';
import type { Invocation } from '../invocation.ts';
import { protectEnvironment } from '../protect-environment.ts';
import { type Refresh, refreshStates } from '../refresh-states.ts';
import { type ListOptions, readSettingFlags } from '../shared-options.ts';

const DEFAULT_COLUMNS = 80;

/** Prints the tasks that were sent from this machine to the API in use. Nothing is sent without `--refresh`. */
export async function listTasks(invocation: Invocation, options: ListOptions): Promise<number> {
  const listing = options.refresh
    ? await listFresh(invocation, options)
    : listRemembered(invocation, options);
  return printListing(listing, invocation, options);
}

interface Listing {
  baseUrl: string;
  tasks: ListedTask[];
  /** Origins of other APIs to which tasks were sent. */
  otherOrigins: string[];
  /** What went wrong with asking; null also where nobody was asked. */
  error: LuauExecError | null;
  warnings: readonly Warning[];
}

/** Needs no key, and neither reads a config file nor asks a keyring. */
function listRemembered(invocation: Invocation, options: ListOptions): Listing {
  protectEnvironment(invocation);
  if (options.local || options.target === LOCAL_TARGET) throw createLocalTaskError();
  const { env } = invocation.context;
  const baseUrl = resolveBaseUrl({ flags: readSettingFlags(options), env });
  const { runs, otherOrigins } = readHistory(invocation, options, new URL(baseUrl).origin);
  const tasks = runs.map((run) => createListedTask(run, null));
  return { baseUrl, tasks, otherOrigins, error: null, warnings: [] };
}

async function listFresh(invocation: Invocation, options: ListOptions): Promise<Listing> {
  const loaded = await loadInvocationSettings(invocation, options);
  const connection = connectToTasks(invocation, loaded, options);
  const { runs, otherOrigins } = readHistory(invocation, options, connection.client.origin);
  const asked = await refreshStates(
    runs.map(({ run }) => run),
    connection,
    invocation,
  );
  const tasks = runs.map((run) => createListedTask(run, asked));
  const { settings, warnings } = loaded;
  return { baseUrl: settings.baseUrl.value, tasks, otherOrigins, error: asked.error, warnings };
}

interface PlacedRun {
  run: JournalRun;
  /** As `@2` counts: among all runs of the same API. */
  position: number;
}

function readHistory(
  { context }: Invocation,
  { target }: ListOptions,
  origin: string,
): { runs: PlacedRun[]; otherOrigins: string[] } {
  const journal = openJournal(context, (why) => {
    throw createUnreadableError(why);
  });
  const all = [...journal.readRuns(null)];
  const runs = all
    .filter(({ facts }) => facts.origin === origin)
    .map((run, index) => ({ run, position: index + 1 }))
    .filter(({ run }) => target === undefined || run.facts.target === target);
  const origins = new Set(all.map(({ facts }) => facts.origin));
  origins.delete(origin);
  return { runs, otherOrigins: [...origins] };
}

function createUnreadableError(why: string): LuauExecError {
  return new LuauExecError(`the journal of the tasks that were sent cannot be read: ${why}`, {
    id: 'LX303',
    kind: 'io',
    hint: 'name a directory that you may read and write in LUAU_EXEC_STATE_DIR',
  });
}

function createListedTask({ run, position }: PlacedRun, asked: Refresh | null): ListedTask {
  const { facts, path, sentMs, seen } = run;
  const { script, target, universeId, placeId, timeoutSeconds, isCancellable, isLive } = facts;
  const known = asked?.states.get(facts.runId) ?? seen;
  const state = path === null ? 'unknown' : (known?.state ?? null);
  return {
    ...{ position, script, target, universeId, placeId, timeoutSeconds, sentMs, path, state },
    ...{ isCancellable, isLive },
    isFinished: known?.isFinished ?? false,
    code: known?.code ?? null,
    seenMs: known?.atMs ?? null,
  };
}

async function printListing(
  listing: Listing,
  { context, printer, redact }: Invocation,
  options: ListOptions,
): Promise<number> {
  const { baseUrl, error, warnings } = listing;
  // A line is cut, and half a key would not be known again.
  const tasks = listing.tasks.map((task) => ({ ...task, script: redact(task.script) }));
  const exitCode = error ? exitCodeOfError(error.kind, '') : EXIT_CODES.ok;
  if (printer.isJson) {
    const isRefreshed = options.refresh ?? false;
    const described = error && describeError(error);
    const json = { tasks, baseUrl, isRefreshed, exitCode, error: described, warnings };
    await printer.printData(`${formatListJson(json)}\n`);
    return exitCode;
  }
  const { stdout, clock } = context;
  const columns = stdout.isTTY ? stdout.columns || DEFAULT_COLUMNS : null;
  const screen = { nowMs: clock.wallNow(), style: printer.stdoutStyle, columns };
  await printer.printData(formatList(tasks, screen));
  await printer.printWarnings(listing.warnings);
  for (const notice of describeListing(listing, options)) await printer.printNotice(notice);
  // Told as any other error is, below what could be shown.
  if (error) throw error;
  return exitCode;
}

/** What a reader of the table may wonder about. */
function describeListing(listing: Listing, { refresh, target }: ListOptions): string[] {
  const { tasks } = listing;
  if (tasks.length === 0) return [describeEmpty(listing, target)];
  const notices: string[] = [];
  if (tasks.some(({ path }) => path === null)) {
    notices.push('unknown: no answer to the create has come, so the script may be running');
  }
  if (tasks.some(({ state }) => state === 'not_found')) {
    notices.push('not_found: the service has no such task any more, or hides it from this API key');
  }
  if (!refresh && tasks.some(({ path, isFinished }) => path !== null && !isFinished)) {
    notices.push('these are the states last seen; luau-exec list --refresh asks for them');
  }
  return notices;
}

function describeEmpty({ baseUrl, otherOrigins }: Listing, target: string | undefined): string {
  const chosen = target === undefined ? '' : ` with the target ${target}`;
  const none = `no task sent from this machine to ${baseUrl}${chosen} is remembered`;
  const [other] = otherOrigins;
  const [fact, hint] =
    other === undefined || target !== undefined
      ? ['a task is remembered for 24 h after its end, and one of --local is not', 'luau-exec run SCRIPT']
      : [`some were sent to ${other}`, `luau-exec list --base-url ${other}`];
  return [`${none}: ${fact}`, `hint: ${hint}`].map(sanitizeLine).join('\n');
}
