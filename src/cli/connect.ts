import { type LoadedSettings, loadSettings } from '../config/load-settings.ts';
import { requireApiKey, requireConnection } from '../config/require-connection.ts';
import { LOCAL_TARGET } from '../config/settings.ts';
import type { Context } from '../context.ts';
import { LuauExecError } from '../errors.ts';
import { Journal } from '../history/journal.ts';
import { resolveStateDirectory } from '../history/state-directory.ts';
import type { RequestTrace } from '../open-cloud/api-session.ts';
import { OpenCloudClient } from '../open-cloud/client.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import type { Warning } from '../task/outcome.ts';
import { decideCadence } from '../task/poll-cadence.ts';
import { PollScheduler } from '../task/poll-scheduler.ts';
import { VERSION } from '../version.ts';
import type { Invocation } from './invocation.ts';
import { protectEnvironment } from './protect-environment.ts';
import { type GlobalOptions, type RunOptions, readSettingFlags } from './shared-options.ts';

/** What a command talks to, whether that is Roblox or this machine. */
export interface Connection {
  client: OpenCloudClient;
  scheduler: PollScheduler;
  /** At `-vv`: told of each exchange. */
  onTrace: ((trace: RequestTrace) => void) | undefined;
  /** Null where tasks do not outlive this process. */
  journal: Journal | null;
  /** What has gone wrong beside the runs since somebody last took it from here. */
  warnings: Warning[];
  universeId: string;
  placeId: string;
  /** The chosen target; null where there is none. */
  target: string | null;
  close(): Promise<void>;
}

/** The same for commands about tasks that exist, whose ids are in their paths. */
export interface TaskConnection {
  client: OpenCloudClient;
  scheduler: PollScheduler;
  onTrace: ((trace: RequestTrace) => void) | undefined;
  journal: Journal;
  /** Why the journal could not be used, in words; empty as long as it could. */
  journalProblems: string[];
}

/** Loads the settings of a call and protects the key they hold. Throws usage errors. */
export async function loadInvocationSettings(
  invocation: Invocation,
  options: RunOptions,
): Promise<LoadedSettings> {
  const { context, protect } = invocation;
  protectEnvironment(invocation);
  const loaded = await loadSettings({
    ...context,
    flags: readSettingFlags(options),
    configFile: options.config,
  });
  protect(loaded.settings.apiKey.value ?? '');
  return loaded;
}

/** For commands that create tasks: the emulator of `--local`, or Open Cloud. */
export async function connectToPlace(
  invocation: Invocation,
  loaded: LoadedSettings,
  options: GlobalOptions,
): Promise<Connection> {
  const { settings, searched } = loaded;
  if (settings.target.value === LOCAL_TARGET) return connectToEmulator(invocation, loaded, options);
  const { apiKey, universeId, placeId } = requireConnection(settings, searched);
  const baseUrl = settings.baseUrl.value;
  const warnings: Warning[] = [];
  return {
    ...createClient(invocation, options, { apiKey, baseUrl }),
    // A journal that cannot be written is worth a warning and no more.
    journal: openJournal(invocation.context, (why) => {
      const message = `this run will not be found by @last: the journal cannot be used (${why})`;
      warnings.push({ id: 'LX303', message, hint: null });
    }),
    warnings,
    universeId,
    placeId,
    target: settings.target.value,
    close: async () => undefined,
  };
}

/** To one of its own, which ends with the connection. */
async function connectToEmulator(
  invocation: Invocation,
  { settings }: LoadedSettings,
  options: GlobalOptions,
): Promise<Connection> {
  const { startProcessEmulator } = await import('../emulator/luau-emulator.ts');
  const emulator = await startProcessEmulator({
    clock: invocation.context.clock,
    // Every version that is asked for exists on this machine.
    headVersion: Number(settings.placeVersion.value ?? 1),
  });
  return {
    ...createClient(invocation, options, { apiKey: 'local', baseUrl: emulator.baseUrl }),
    journal: null,
    warnings: [],
    universeId: settings.universeId.value ?? '1',
    placeId: settings.placeId.value ?? '1',
    target: LOCAL_TARGET,
    close: () => emulator.close(),
  };
}

/** For commands about a task that exists. Throws usage errors, among them one for `--local`. */
export function connectToTasks(
  invocation: Invocation,
  loaded: LoadedSettings,
  options: GlobalOptions,
): TaskConnection {
  const { settings, searched } = loaded;
  if (settings.target.value === LOCAL_TARGET) throw createLocalTaskError();
  const apiKey = requireApiKey(settings, searched);
  const baseUrl = settings.baseUrl.value;
  const journalProblems: string[] = [];
  const journal = openJournal(invocation.context, (why) => journalProblems.push(why));
  return { ...createClient(invocation, options, { apiKey, baseUrl }), journal, journalProblems };
}

/** Nobody remembers the tasks of `--local`. */
export function createLocalTaskError(): LuauExecError {
  return new LuauExecError(
    'a local run ends with the command that started it, so there is no task to look at',
    {
      id: 'LX003',
      kind: 'usage',
      hint: 'start luau-exec emulate and use --base-url to keep tasks across commands',
    },
  );
}

function createClient(
  { context }: Invocation,
  options: GlobalOptions,
  { apiKey, baseUrl }: { apiKey: string; baseUrl: string },
) {
  const { clock, exchange, stderr } = context;
  const onTrace =
    (options.verbose ?? 0) < 2
      ? undefined
      : ({ method, url, status, ms, detail }: RequestTrace) =>
          void stderr.write(
            `${method} ${url} ${status ?? 'no answer'} ${Math.round(ms)} ms ${sanitizeLine(detail)}\n`,
          );
  const client = new OpenCloudClient({
    apiKey,
    baseUrl,
    exchange,
    clock,
    userAgent: `luau-exec/${VERSION}`,
    proxy: describeProxy(context.env),
    ...(onTrace && { onTrace }),
  });
  const scheduler = new PollScheduler({
    clock,
    cadence: decideCadence(client.origin),
    readWindow: () => client.readWindow('getTask'),
  });
  return { client, scheduler, onTrace };
}

/** The journal of this machine; `onProblem` is told, in words, why it cannot be used. */
export function openJournal(context: Context, onProblem: (why: string) => void): Journal {
  return new Journal({
    directory: resolveStateDirectory(context),
    wallNow: context.clock.wallNow,
    onProblem,
  });
}

/** Host and port of the proxy that is set, without its credentials; null where none is. */
export function describeProxy(env: Readonly<Record<string, string | undefined>>): string | null {
  const proxy = env.https_proxy || env.HTTPS_PROXY || env.http_proxy || env.HTTP_PROXY;
  if (!proxy) return null;
  const url = proxy.includes('://') ? proxy : `http://${proxy}`;
  return URL.canParse(url) ? new URL(url).host : 'set, but not a URL';
}
