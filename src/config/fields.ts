import {
  createSecondsParser,
  type Parsed,
  parseApiKey,
  parseBaseUrl,
  parseId,
  parseSwitch,
  parseTargetName,
  type RawValue,
} from './parse-setting.ts';
import type { InputName, SettingName, SettingValues } from './settings.ts';

export interface Field<Value> {
  name: InputName;
  /** The setting in a sentence: `universe id`. */
  label: string;
  flag: string;
  /** Looked at in this order. */
  environment: readonly string[];
  /** Null where a file may not set it; `FILE_REFUSALS` says why. */
  fileKey: InputName | null;
  fallback: Value;
  /** A secret's value appears in no message. */
  isSecret: boolean;
  /** The error's id when the value is bad. */
  errorId: string;
  parse: (input: RawValue) => Parsed<Value>;
}

/** All that is particular to one setting, in the order in which settings are shown. */
export const FIELDS: { readonly [Name in SettingName]: Field<SettingValues[Name]> } = {
  apiKey: {
    name: 'apiKey',
    label: 'API key',
    // There is no flag for the key itself: every process on the machine could read it.
    flag: '--api-key-file',
    environment: [
      'LUAU_EXEC_API_KEY',
      'ROBLOX_API_KEY',
      'ROBLOX_OPEN_CLOUD_API_KEY',
      'RBLX_OC_API_KEY',
      'RBXCLOUD_API_KEY',
    ],
    fileKey: 'apiKey',
    fallback: null,
    isSecret: true,
    errorId: 'LX002',
    parse: parseApiKey,
  },
  universeId: {
    name: 'universeId',
    label: 'universe id',
    flag: '--universe',
    environment: ['LUAU_EXEC_UNIVERSE_ID', 'ROBLOX_UNIVERSE_ID', 'UNIVERSE_ID'],
    fileKey: 'universeId',
    fallback: null,
    isSecret: false,
    errorId: 'LX005',
    parse: parseId,
  },
  placeId: {
    name: 'placeId',
    label: 'place id',
    flag: '--place',
    environment: ['LUAU_EXEC_PLACE_ID', 'ROBLOX_PLACE_ID', 'PLACE_ID'],
    fileKey: 'placeId',
    fallback: null,
    isSecret: false,
    errorId: 'LX005',
    parse: parseId,
  },
  placeVersion: {
    name: 'placeVersion',
    label: 'place version',
    flag: '--place-version',
    environment: ['LUAU_EXEC_PLACE_VERSION'],
    fileKey: 'placeVersion',
    fallback: null,
    isSecret: false,
    errorId: 'LX005',
    parse: parseId,
  },
  timeoutSeconds: {
    name: 'timeout',
    label: 'timeout',
    flag: '--timeout',
    environment: ['LUAU_EXEC_TIMEOUT'],
    fileKey: 'timeout',
    fallback: 300,
    isSecret: false,
    errorId: 'LX011',
    parse: createSecondsParser({
      smallestMs: 1_000,
      largestMs: 300_000,
      words: 'between 1 s and 300 s, which is all that Open Cloud allows',
    }),
  },
  waitTimeoutSeconds: {
    name: 'waitTimeout',
    label: 'wait timeout',
    flag: '--wait-timeout',
    environment: ['LUAU_EXEC_WAIT_TIMEOUT'],
    fileKey: 'waitTimeout',
    fallback: null,
    isSecret: false,
    errorId: 'LX011',
    parse: createSecondsParser({
      smallestMs: 1,
      largestMs: Number.MAX_SAFE_INTEGER,
      words: 'longer than nothing',
      hint: 'use --detach to leave without waiting',
    }),
  },
  queueTimeoutSeconds: {
    name: 'queueTimeout',
    label: 'queue timeout',
    flag: '--queue-timeout',
    environment: ['LUAU_EXEC_QUEUE_TIMEOUT'],
    fileKey: 'queueTimeout',
    fallback: 300,
    isSecret: false,
    errorId: 'LX011',
    parse: createSecondsParser({ smallestMs: 0, largestMs: Number.MAX_SAFE_INTEGER, words: 'possible' }),
  },
  isCancellable: {
    name: 'cancellable',
    label: 'cancellable',
    flag: '--cancellable',
    environment: ['LUAU_EXEC_CANCELLABLE'],
    fileKey: 'cancellable',
    fallback: false,
    isSecret: false,
    errorId: 'LX011',
    parse: parseSwitch,
  },
  cancelPollSeconds: {
    name: 'cancelPoll',
    label: 'cancel poll',
    flag: '--cancel-poll',
    environment: ['LUAU_EXEC_CANCEL_POLL'],
    fileKey: 'cancelPoll',
    fallback: 2,
    isSecret: false,
    errorId: 'LX011',
    parse: createSecondsParser({ smallestMs: 500, largestMs: 60_000, words: 'between 500 ms and 60 s' }),
  },
  isLive: {
    name: 'live',
    label: 'live',
    flag: '--live',
    environment: ['LUAU_EXEC_LIVE'],
    fileKey: 'live',
    fallback: false,
    isSecret: false,
    errorId: 'LX011',
    parse: parseSwitch,
  },
  baseUrl: {
    name: 'baseUrl',
    label: 'base URL',
    flag: '--base-url',
    environment: ['LUAU_EXEC_BASE_URL'],
    fileKey: null,
    fallback: 'https://apis.roblox.com',
    isSecret: false,
    errorId: 'LX011',
    parse: parseBaseUrl,
  },
  target: {
    name: 'target',
    label: 'target',
    flag: '--target',
    environment: ['LUAU_EXEC_TARGET'],
    fileKey: 'target',
    fallback: null,
    isSecret: false,
    errorId: 'LX011',
    parse: parseTargetName,
  },
};

/** Keys that a user may expect to work in a file, and why they do not. */
export const FILE_REFUSALS: ReadonlyMap<string, { why: string; hint: string }> = new Map([
  [
    'baseUrl',
    {
      why: 'a config file is read from whatever directory you stand in, and must not send your API key elsewhere',
      hint: 'use --base-url URL or the variable LUAU_EXEC_BASE_URL',
    },
  ],
  [
    'apiKeyFile',
    {
      why: 'a config file is read from whatever directory you stand in, and must not choose which files are read as a key',
      hint: 'use --api-key-file FILE',
    },
  ],
]);
