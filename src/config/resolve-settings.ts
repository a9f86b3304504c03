import { suggestName } from '../did-you-mean.ts';
import { LuauExecError } from '../errors.ts';
import type { ConfigFile, ConfigSection } from './config-file.ts';
import { FIELDS, type Field } from './fields.ts';
import type { RawValue } from './parse-setting.ts';
import { createSettingError, describeOrigin, quoteValue } from './setting-error.ts';
import {
  type Environment,
  type FlagValues,
  LOCAL_TARGET,
  type Origin,
  type Resolved,
  type Settings,
} from './settings.ts';

export interface ResolveInput {
  flags: FlagValues;
  env: Environment;
  /** Null when no config file was found. */
  file: ConfigFile | null;
  /** What `luau-exec auth set` stored for the API in use; it counts where nothing else gave a key. */
  storedKey?: StoredKey | null;
}

/** A stored API key, not checked yet, and where it lies. */
export interface StoredKey {
  value: string;
  origin: Extract<Origin, { kind: 'keyring' | 'stored_file' }>;
}

interface Sources extends ResolveInput {
  /** The sections of the file that count, the strongest first. */
  sections: readonly ConfigSection[];
}

/**
 * Merges flag over environment over file (the target's section over the top) over stored key over default. Ids and the
 * key may come out as null: `requireConnection` says so to those who need them. Throws usage errors that name the source.
 */
export function resolveSettings(input: ResolveInput): Settings {
  const top = input.file ? [input.file.top] : [];
  const target = resolveField(FIELDS.target, { ...input, sections: top });
  const sources: Sources = { ...input, sections: [...findTargetSection(target, input.file), ...top] };
  return {
    // The emulator of this machine takes no key, so a broken one is nobody's trouble there.
    apiKey: target.value === LOCAL_TARGET ? NO_KEY : resolveField(FIELDS.apiKey, sources),
    universeId: resolveField(FIELDS.universeId, sources),
    placeId: resolveField(FIELDS.placeId, sources),
    placeVersion: resolveField(FIELDS.placeVersion, sources),
    timeoutSeconds: resolveField(FIELDS.timeoutSeconds, sources),
    waitTimeoutSeconds: resolveField(FIELDS.waitTimeoutSeconds, sources),
    queueTimeoutSeconds: resolveField(FIELDS.queueTimeoutSeconds, sources),
    isCancellable: resolveField(FIELDS.isCancellable, sources),
    cancelPollSeconds: resolveField(FIELDS.cancelPollSeconds, sources),
    isLive: resolveField(FIELDS.isLive, sources),
    baseUrl: resolveField(FIELDS.baseUrl, sources),
    target,
  };
}

/** The API's origin alone, which no file has a say in. Throws LX011. */
export function resolveBaseUrl(input: Pick<ResolveInput, 'flags' | 'env'>): string {
  return resolveField(FIELDS.baseUrl, { ...input, file: null, sections: [] }).value;
}

const NO_KEY: Resolved<string | null> = { value: null, origin: { kind: 'default' } };

function resolveField<Value>(field: Field<Value>, sources: Sources): Resolved<Value> {
  const found = findValue(field, sources);
  if (!found) return { value: field.fallback, origin: { kind: 'default' } };
  const { raw, origin } = found;
  const input = origin.kind === 'file' ? expandVariables(raw, { env: sources.env, origin }) : raw;
  const parsed = field.parse(input);
  if (parsed.ok) return { value: parsed.value, origin };
  throw createSettingError({ field, raw, origin, reason: parsed.reason, hint: parsed.hint });
}

function findValue(field: Field<unknown>, sources: Sources): { raw: RawValue; origin: Origin } | null {
  const flag = sources.flags[field.name];
  if (flag !== undefined) return { raw: flag, origin: { kind: 'flag', name: field.flag } };
  for (const name of field.environment) {
    const raw = sources.env[name];
    if (raw !== undefined && raw.trim() !== '') return { raw, origin: { kind: 'environment', name } };
  }
  const found = findInFile(field, sources);
  if (found || field.name !== FIELDS.apiKey.name || !sources.storedKey) return found;
  return { raw: sources.storedKey.value, origin: sources.storedKey.origin };
}

function findInFile(
  field: Field<unknown>,
  { file, sections }: Sources,
): { raw: RawValue; origin: Origin } | null {
  if (!file || field.fileKey === null) return null;
  for (const section of sections) {
    const raw = section.values.get(field.fileKey);
    if (raw === undefined) continue;
    return { raw, origin: { kind: 'file', path: file.path, key: `${section.keyPrefix}${field.fileKey}` } };
  }
  return null;
}

/** Replaces `${NAME}` by the variable's value, once: what a variable holds is not looked at again. */
function expandVariables(raw: RawValue, place: { env: Environment; origin: Origin }): RawValue {
  if (typeof raw !== 'string') return raw;
  return raw.replaceAll(/\$\{([^}]*)\}?/g, (reference: string, name: string) => {
    if (!/^[A-Za-z_]\w*$/.test(name) || !reference.endsWith('}')) {
      throw createVariableError(`${quoteValue(reference)} is not of the form \${NAME}`, {
        origin: place.origin,
        hint: 'put the name of one environment variable between the braces',
      });
    }
    const value = place.env[name];
    if (value !== undefined && value !== '') return value;
    throw createVariableError(`the environment variable ${name} is not set`, {
      origin: place.origin,
      hint: `give ${name} a value in the environment`,
    });
  });
}

function createVariableError(message: string, options: { origin: Origin; hint: string }): LuauExecError {
  const { origin, hint } = options;
  return new LuauExecError(`${message} (needed by ${describeOrigin(origin)})`, {
    id: 'LX011',
    kind: 'usage',
    hint,
  });
}

function findTargetSection(target: Resolved<string | null>, file: ConfigFile | null): ConfigSection[] {
  if (target.value === null || target.value === LOCAL_TARGET) return [];
  const section = file?.targets.get(target.value);
  if (section) return [section];
  const names = [...(file?.targets.keys() ?? []), LOCAL_TARGET];
  const suggestion = suggestName(target.value, names);
  throw new LuauExecError(
    `unknown target ${quoteValue(target.value)} (from ${describeOrigin(target.origin)})`,
    {
      id: 'LX003',
      kind: 'usage',
      facts: [
        `the targets are ${names.join(', ')}`,
        file ? `they are defined in ${file.path}` : 'no config file was found that could define more',
      ],
      hint:
        suggestion === null
          ? 'choose one of these, or define it under targets'
          : `did you mean ${suggestion}?`,
    },
  );
}
