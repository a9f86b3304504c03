import { FIELDS } from '../fields.ts';
import { parseId } from '../parse-setting.ts';
import { describeOrigin } from '../setting-error.ts';
import type { Environment, Origin } from '../settings.ts';
import type { ConfigInUse } from './inspect-destination.ts';

export interface KnownId {
  value: string;
  /** In words. */
  source: string;
}

export interface KnownIds {
  universeId: KnownId | null;
  placeId: KnownId | null;
}

/** What the environment and the config file in use say of the ids. What they say wrongly is not known. */
export function findKnownIds(env: Environment, inUse: ConfigInUse | null): KnownIds {
  const find = (name: keyof KnownIds): KnownId | null => {
    const variable = findSetVariable(FIELDS[name].environment, env);
    const origin: Origin | null =
      variable !== null
        ? { kind: 'environment', name: variable }
        : inUse && { kind: 'file', path: inUse.path, key: name };
    const parsed = parseId((variable === null ? inUse?.[name] : env[variable]) ?? '');
    return parsed.ok && origin !== null ? { value: parsed.value, source: describeOrigin(origin) } : null;
  };
  return { universeId: find('universeId'), placeId: find('placeId') };
}

/** The first of the names that counts as set. */
export function findSetVariable(names: readonly string[], env: Environment): string | null {
  return names.find((name) => (env[name] ?? '').trim() !== '') ?? null;
}
