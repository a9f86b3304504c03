/** Environment variables by name; an empty one counts as not set. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Every setting's value once resolved; null means that nothing set it and there is no default. */
export interface SettingValues {
  apiKey: string | null;
  universeId: string | null;
  placeId: string | null;
  /** Null runs at head, the latest saved version. */
  placeVersion: string | null;
  /** How long the script may run, from 1 to 300. */
  timeoutSeconds: number;
  /** How long to wait for the end of the task; null leaves it to the watcher, which knows the timeout. */
  waitTimeoutSeconds: number | null;
  /** How long a create may be held back by limits before it is given up. */
  queueTimeoutSeconds: number;
  /** Whether a run can be stopped through the memory store. */
  isCancellable: boolean;
  /** How often such a run looks whether it is to stop, from 0.5 to 60. */
  cancelPollSeconds: number;
  /** Whether log messages are shown while the script runs. */
  isLive: boolean;
  /** An origin, without a slash at its end. */
  baseUrl: string;
  target: string | null;
}

export type SettingName = keyof SettingValues;

/** Where a value came from. The key of a file's value is a path: `targets.staging.placeId`. */
export type Origin =
  | { kind: 'flag'; name: string }
  | { kind: 'environment'; name: string }
  | { kind: 'file'; path: string; key: string }
  /** What `luau-exec auth set` stored: in the system's keyring, where the account is the API's origin, or in a file. */
  | { kind: 'keyring'; account: string }
  | { kind: 'stored_file'; path: string }
  | { kind: 'default' };

export interface Resolved<Value> {
  readonly value: Value;
  readonly origin: Origin;
}

export type Settings = { readonly [Name in SettingName]: Resolved<SettingValues[Name]> };

/** The names that users write in files, and that callers give flag values under. */
export type InputName =
  | 'apiKey'
  | 'universeId'
  | 'placeId'
  | 'placeVersion'
  | 'timeout'
  | 'waitTimeout'
  | 'queueTimeout'
  | 'cancellable'
  | 'cancelPoll'
  | 'live'
  | 'baseUrl'
  | 'target';

export type FlagValues = Readonly<Partial<Record<InputName, string | undefined>>>;

/** The target that needs no file: the emulator on this machine. */
export const LOCAL_TARGET = 'local';
