import type { LoadedSettings } from '../config/load-settings.ts';
import { quoteValue } from '../config/setting-error.ts';
import type { Settings } from '../config/settings.ts';
import { LuauExecError } from '../errors.ts';
import type { HarnessOptions } from '../script/harness.ts';
import type { Warning } from '../task/outcome.ts';
import { type Connection, connectToPlace } from './connect.ts';
import type { RunFiles } from './files/run-files.ts';
import type { Invocation } from './invocation.ts';
import { type LogsPlace, openLogsPlace } from './logs-place.ts';
import { type OutputFile, openOutputFile } from './output-file.ts';
import type { RunOptions } from './shared-options.ts';

/** What all scripts of one call share. */
export interface RunPlan {
  invocation: Invocation;
  connection: Connection;
  options: RunOptions;
  versionId: string | null;
  timeoutSeconds: number;
  waitTimeoutMs: number | null;
  queueTimeoutMs: number;
  /** How many scripts run at the same time. */
  concurrency: number;
  idFile: OutputFile | null;
  logs: LogsPlace;
  /** Null where no files go with the scripts. */
  files: RunFiles | null;
  /** What is put behind each script so that its runs can be stopped and watched; null for nothing. */
  harness: HarnessOptions | null;
  /** What is wrong with the settings, until somebody has been told. */
  warnings: Warning[];
}

/** Opens everything that a run needs besides its scripts. It has to be closed. Throws usage errors. */
export async function openRunPlan(
  invocation: Invocation,
  loaded: LoadedSettings,
  options: RunOptions,
): Promise<RunPlan> {
  const { settings } = loaded;
  const concurrency = readConcurrency(options);
  // First, as it looks at all names before a file is emptied.
  const logs = openLogsPlace(options, invocation);
  const idFile = options.idFile === undefined ? null : openOutputFile(options.idFile, invocation);
  if (options.detach && settings.target.value === 'local') throw detachedLocal();
  const queueTimeoutMs = settings.queueTimeoutSeconds.value * 1000;
  const { connection, files } = await connectWithFiles(invocation, loaded, { options, queueTimeoutMs });
  return {
    invocation,
    connection,
    files,
    options,
    versionId: settings.placeVersion.value,
    timeoutSeconds: settings.timeoutSeconds.value,
    waitTimeoutMs:
      settings.waitTimeoutSeconds.value === null ? null : settings.waitTimeoutSeconds.value * 1000,
    queueTimeoutMs,
    concurrency,
    idFile,
    logs,
    harness: decideHarness(settings, options),
    warnings: [...loaded.warnings],
  };
}

export async function closeRunPlan({ connection, files }: RunPlan): Promise<void> {
  await files?.close();
  await connection.close();
}

interface FilesOptions {
  options: RunOptions;
  queueTimeoutMs: number;
}

/** Files are looked at first, as a connection can be an emulator that has to be started. */
async function connectWithFiles(
  invocation: Invocation,
  loaded: LoadedSettings,
  { options, queueTimeoutMs }: FilesOptions,
): Promise<Pick<RunPlan, 'connection' | 'files'>> {
  if (!hasFileOptions(options)) {
    return { connection: await connectToPlace(invocation, loaded, options), files: null };
  }
  const { readFilePlan } = await import('./files/file-plan.ts');
  const { openRunFiles } = await import('./files/run-files.ts');
  const { prepareFiles } = await import('./files/prepare-files.ts');
  const plan = readFilePlan(options, loaded.settings);
  const prepared = await prepareFiles(plan, invocation, { secret: loaded.settings.apiKey.value });
  let connection: Connection | null = null;
  try {
    connection = await connectToPlace(invocation, loaded, options);
    const isConfirmed = options.yes ?? false;
    const files = await openRunFiles(prepared, { invocation, connection, queueTimeoutMs, isConfirmed });
    return { connection, files };
  } catch (error) {
    await prepared.close();
    await connection?.close();
    throw error;
  }
}

/** Most runs have none, and need nothing of this. */
function hasFileOptions({ binaryInput, binaryOutput, placeFile, rojo, publish, pin }: RunOptions): boolean {
  return [binaryInput, binaryOutput, placeFile, rojo, publish, pin].some((option) => option !== undefined);
}

/** Null where neither was asked for: then a script is sent as it is. Throws LX011 for a bad --concurrency. */
export function decideHarness(
  { isCancellable, isLive, cancelPollSeconds }: Settings,
  options: Pick<RunOptions, 'concurrency'>,
): HarnessOptions | null {
  if (!isCancellable.value && !isLive.value) return null;
  return {
    isCancellable: isCancellable.value,
    isLive: isLive.value,
    pollSeconds: cancelPollSeconds.value,
    liveSeconds: decideLiveSeconds(readConcurrency(options)),
  };
}

const UNITS_A_MINUTE = 900;
/** The harness asks for the size of its queue and adds to it, the reader reads and discards. */
const UNITS_A_BATCH = 4;
const LOOKS_A_MINUTE = 30;

/**
 * How often each of several runs sends its log messages, so that all of them together leave something of the 1,000 request
 * units that an experience without players has in a minute: 1 s for three runs, 4 s for ten.
 */
function decideLiveSeconds(concurrency: number): number {
  const unitsLeft = UNITS_A_MINUTE - LOOKS_A_MINUTE * concurrency;
  return Math.max(1, Math.ceil((60 * UNITS_A_BATCH * concurrency) / unitsLeft));
}

function readConcurrency({ concurrency = DEFAULT_AT_ONCE }: Pick<RunOptions, 'concurrency'>): number {
  return parseConcurrency(concurrency);
}

function detachedLocal(): LuauExecError {
  return new LuauExecError('--detach leaves, and a local run ends with the command that started it', {
    id: 'LX003',
    kind: 'usage',
    hint: 'start luau-exec emulate and use --base-url to keep tasks across commands',
  });
}

/** Open Cloud takes no eleventh unfinished task of one place. */
const MOST_AT_ONCE = 10;
const DEFAULT_AT_ONCE = '3';

function parseConcurrency(text: string): number {
  const count = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= MOST_AT_ONCE) return count;
  throw new LuauExecError(`--concurrency ${quoteValue(text)} is not a number from 1 to ${MOST_AT_ONCE}`, {
    id: 'LX011',
    kind: 'usage',
    facts: [`a place can have ${MOST_AT_ONCE} unfinished tasks`],
    hint: '--concurrency 1 runs one script after the other',
  });
}
