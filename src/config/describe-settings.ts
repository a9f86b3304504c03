import { formatDuration } from './durations.ts';
import { FIELDS } from './fields.ts';
import { describeOrigin } from './setting-error.ts';
import type { Origin, SettingName, Settings } from './settings.ts';

/** One setting for a reader, and for JSON: nothing in it is secret. */
export interface SettingRow {
  /** The name that a config file uses. */
  name: string;
  /** The value in words; `set (hidden)` for a secret. */
  text: string;
  /** The value itself: text, seconds, or whether it is on; null when it is not set or secret. */
  value: string | number | boolean | null;
  isSet: boolean;
  origin: Origin;
  /** The origin in words. */
  source: string;
}

const DURATIONS: ReadonlySet<SettingName> = new Set([
  'timeoutSeconds',
  'waitTimeoutSeconds',
  'queueTimeoutSeconds',
  'cancelPollSeconds',
]);
const WHEN_NOT_SET: ReadonlyMap<SettingName, string> = new Map([
  ['placeVersion', 'latest saved'],
  ['waitTimeoutSeconds', 'from timeout'],
]);
const NAMES: readonly SettingName[] = [
  'apiKey',
  'universeId',
  'placeId',
  'placeVersion',
  'timeoutSeconds',
  'waitTimeoutSeconds',
  'queueTimeoutSeconds',
  'isCancellable',
  'cancelPollSeconds',
  'isLive',
  'baseUrl',
  'target',
];

/** Every setting with its value and where it came from, in a fixed order; secrets are masked whole. */
export function describeSettings(settings: Settings): SettingRow[] {
  return NAMES.map((name) => {
    const { value, origin } = settings[name];
    const isSecret = FIELDS[name].isSecret;
    return {
      name: FIELDS[name].name,
      text: describeValue(name, value),
      value: isSecret ? null : value,
      isSet: value !== null,
      origin,
      source: describeOrigin(origin),
    };
  });
}

function describeValue(name: SettingName, value: SettingRow['value']): string {
  if (value === null) return WHEN_NOT_SET.get(name) ?? 'not set';
  // Not even a part or the length: what is printed here ends up in issues and CI logs.
  if (FIELDS[name].isSecret) return 'set (hidden)';
  return DURATIONS.has(name) && typeof value === 'number' ? formatDuration(value * 1_000) : String(value);
}
