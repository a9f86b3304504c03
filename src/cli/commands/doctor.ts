import { accessSync, constants } from 'node:fs';
import { resolve } from 'node:path';
import { FIELDS } from '../../config/fields.ts';
import type { LoadedSettings } from '../../config/load-settings.ts';
import { describeOrigin } from '../../config/setting-error.ts';
import { LOCAL_TARGET, type Resolved } from '../../config/settings.ts';
import type { Context } from '../../context.ts';
import { describeStateProblem } from '../../history/check-state-directory.ts';
import { resolveStateDirectory } from '../../history/state-directory.ts';
import { formatDoctor, formatDoctorJson, formatDoctorSummary } from '../../output/format-doctor.ts';
import { decideCadence } from '../../task/poll-cadence.ts';
import { NODE_RANGE, VERSION } from '../../version.ts';
import { connectToTasks, describeProxy, loadInvocationSettings } from '../connect.ts';
import { askService, recordExchange } from '../doctor/ask-service.ts';
import { type DoctorCheck, decideDoctorExitCode } from '../doctor/doctor-check.ts';
import { decideDoctorChecks, decideToolChecks } from '../doctor/doctor-checks.ts';
import type { MachineFacts, ServiceFacts, SourcedValue, ToolFacts } from '../doctor/doctor-facts.ts';
import { tryControl } from '../doctor/try-control.ts';
import { tryEmulator } from '../doctor/try-emulator.ts';
import type { Invocation } from '../invocation.ts';
import type { DoctorOptions, RunOptions } from '../shared-options.ts';

/**
 * Examines settings, key and network, and prints what it found. Creates no task but in the emulator of `--local`, unless
 * asked to.
 */
export async function examine(invocation: Invocation, options: DoctorOptions): Promise<number> {
  const { printer, context } = invocation;
  const loaded = await loadInvocationSettings(invocation, options);
  const examined =
    loaded.settings.target.value === LOCAL_TARGET
      ? await examineLocal(invocation, { loaded, options })
      : await examineRemote(invocation, { loaded, options });
  const checks = options.liveControl
    ? [...examined, ...(await tryControl({ invocation, loaded, options }))]
    : examined;
  const exitCode = decideDoctorExitCode(checks);
  if (printer.isJson) await printer.printData(`${formatDoctorJson(checks, exitCode)}\n`);
  else {
    const columns = context.stdout.isTTY ? context.stdout.columns || null : null;
    await printer.printData(formatDoctor(checks, { style: printer.stdoutStyle, columns }));
    await printer.printNotice(formatDoctorSummary(checks));
  }
  return exitCode;
}

interface Examination {
  loaded: LoadedSettings;
  options: RunOptions;
}

async function examineLocal(
  invocation: Invocation,
  { loaded, options }: Examination,
): Promise<DoctorCheck[]> {
  const tool = readToolFacts(invocation.context, loaded);
  return [...decideToolChecks(tool), ...(await tryEmulator(invocation, loaded, options))];
}

async function examineRemote(invocation: Invocation, examination: Examination): Promise<DoctorCheck[]> {
  const { context } = invocation;
  const { settings, warnings } = examination.loaded;
  const { apiKey, baseUrl } = settings;
  return decideDoctorChecks({
    tool: readToolFacts(context, examination.loaded),
    machine: readMachineFacts(context),
    service: await readServiceFacts(invocation, examination),
    apiKeySource: apiKey.value === null ? null : describeOrigin(apiKey.origin),
    warnings,
    universeId: readSourced(settings.universeId),
    placeId: readSourced(settings.placeId),
    isControlWanted: settings.isCancellable.value || settings.isLive.value,
    origin: readSourced(baseUrl),
    usualOrigin: FIELDS.baseUrl.fallback,
    isLoopback: decideCadence(baseUrl.value) === 'loopback',
  });
}

async function readServiceFacts(
  invocation: Invocation,
  { loaded, options }: Examination,
): Promise<ServiceFacts> {
  const { context } = invocation;
  const { clock, signal } = context;
  const { apiKey, universeId, placeId, placeVersion } = loaded.settings;
  if (apiKey.value === null) {
    const times = { nowMs: clock.now(), wallNowMs: clock.wallNow() };
    const silence = { kind: 'not_asked' } as const;
    return { introspection: silence, place: silence, clockSkewMs: null, windows: [], ...times };
  }
  const recorded = recordExchange(context.exchange, clock);
  const observed = { ...invocation, context: { ...context, exchange: recorded.exchange } };
  const { client } = connectToTasks(observed, loaded, options);
  const place =
    universeId.value === null || placeId.value === null
      ? null
      : { universeId: universeId.value, placeId: placeId.value, versionId: placeVersion.value };
  return askService({ client, recorded, place, clock, signal });
}

function readToolFacts({ nodeVersion }: Context, { searched }: LoadedSettings): ToolFacts {
  return { toolVersion: VERSION, nodeVersion, nodeRange: NODE_RANGE, config: searched };
}

function readMachineFacts(context: Context): MachineFacts {
  const { env, cwd } = context;
  const file = env.NODE_EXTRA_CA_CERTS;
  const stateDirectory = resolveStateDirectory(context);
  return {
    proxyHost: describeProxy(env),
    extraCertificates: file ? { file, problem: describeUnreadable(resolve(cwd, file)) } : null,
    stateDirectory,
    stateProblem: describeStateProblem(stateDirectory),
  };
}

function describeUnreadable(path: string): string | null {
  try {
    accessSync(path, constants.R_OK);
    return null;
  } catch {
    return 'cannot be read';
  }
}

function readSourced<T>({ value, origin }: Resolved<T>): SourcedValue<T> {
  return { value, source: describeOrigin(origin) };
}
