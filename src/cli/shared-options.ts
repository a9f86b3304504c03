import type { FlagValues } from '../config/settings.ts';

/** Options that stand before or after any command. */
export interface GlobalOptions {
  json?: boolean;
  /** Each as it was given: `junit` or `junit=report.xml`. */
  output?: string[];
  quiet?: boolean;
  verbose?: number;
  /** False after `--no-color`. */
  color?: boolean;
  config?: string;
  target?: string;
  local?: boolean;
  apiKeyFile?: string;
  baseUrl?: string;
}

/** Options of the commands that take a script. */
export interface ScriptOptions extends GlobalOptions {
  eval?: string[];
  arg?: string[];
  argJson?: string[];
  args?: string;
  allowOutside?: boolean;
  encodeResults?: boolean;
  /** False after `--no-check`. */
  check?: boolean;
}

export interface BundleOptions extends ScriptOptions {
  map?: string;
}

/** Options of the commands that create a task. */
export interface RunOptions extends ScriptOptions {
  universe?: string;
  place?: string;
  placeVersion?: string;
  timeout?: string;
  waitTimeout?: string;
  queueTimeout?: string;
  detach?: boolean;
  /** False after `--no-cancellable`, as for `live`. */
  cancellable?: boolean;
  cancelPoll?: string;
  live?: boolean;
  idFile?: string;
  logs?: string;
  logLevel?: string;
  requireLogs?: boolean;
  retryUnsafe?: boolean;
  watch?: boolean;
  /** A file, or `-`. */
  binaryInput?: string;
  binaryOutput?: string;
  placeFile?: string;
  /** True where no project is named. */
  rojo?: string | true;
  publish?: boolean;
  yes?: boolean;
  pin?: string;
  /** Digits; always set for `run`. */
  concurrency?: string;
  bail?: boolean;
}

export type WaitOptions = Pick<
  RunOptions,
  keyof GlobalOptions | 'waitTimeout' | 'logs' | 'logLevel' | 'requireLogs' | 'binaryOutput'
>;

export interface CancelOptions extends GlobalOptions {
  /** A duration. */
  wait?: string;
}

export interface DoctorOptions extends RunOptions {
  liveControl?: boolean;
}

export interface LogsOptions extends GlobalOptions {
  follow?: boolean;
  level?: string;
  grep?: string;
  since?: string;
  tail?: string;
  timestamps?: boolean;
}

export interface ListOptions extends GlobalOptions {
  refresh?: boolean;
}

export interface EmulateOptions extends GlobalOptions {
  port: string;
  host: string;
  bootDelay: string;
  faults?: string;
  dataDir?: string;
}

/** Values of `init --key-source`. */
export const KEY_SOURCES = ['env', 'keyring', 'file', 'none'] as const;

export interface InitOptions extends GlobalOptions {
  universe?: string;
  place?: string;
  keySource?: (typeof KEY_SOURCES)[number];
  keyVariable?: string;
  force?: boolean;
}

/** `-vv`: errors come with their stack. */
export function hasStack(options: GlobalOptions): boolean {
  return (options.verbose ?? 0) >= 2;
}

function formatSwitch(isOn: boolean | undefined): string | undefined {
  return isOn === undefined ? undefined : String(isOn);
}

/** The flags that set a setting, under the names that `config` knows them by. */
export function readSettingFlags(options: RunOptions): FlagValues & { apiKeyFile?: string | undefined } {
  return {
    apiKeyFile: options.apiKeyFile,
    universeId: options.universe,
    placeId: options.place,
    placeVersion: options.placeVersion,
    timeout: options.timeout,
    waitTimeout: options.waitTimeout,
    queueTimeout: options.queueTimeout,
    cancellable: formatSwitch(options.cancellable),
    cancelPoll: options.cancelPoll,
    live: formatSwitch(options.live),
    baseUrl: options.baseUrl,
    target: options.local ? 'local' : options.target,
  };
}
