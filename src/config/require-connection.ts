import { LuauExecError } from '../errors.ts';
import { FIELDS, type Field } from './fields.ts';
import type { SettingsSearch } from './load-settings.ts';
import { describeSetVariables, type Shell } from './set-variable.ts';
import type { Settings } from './settings.ts';

/** All without which no task can be created. */
export interface Connection {
  apiKey: string;
  universeId: string;
  placeId: string;
}

type Requirable = 'apiKey' | 'universeId' | 'placeId';

/** The API key and both ids; throws LX001 that names everything that is missing at once. */
export function requireConnection(settings: Settings, searched: SettingsSearch): Connection {
  const apiKey = settings.apiKey.value;
  const universeId = settings.universeId.value;
  const placeId = settings.placeId.value;
  if (apiKey !== null && universeId !== null && placeId !== null) return { apiKey, universeId, placeId };
  throw createMissingError(['apiKey', 'universeId', 'placeId'], { settings, searched });
}

/** The API key, for commands whose ids come from a task path; throws LX001. */
export function requireApiKey(settings: Settings, searched: SettingsSearch): string {
  if (settings.apiKey.value !== null) return settings.apiKey.value;
  throw createMissingError(['apiKey'], { settings, searched });
}

function createMissingError(
  names: readonly Requirable[],
  known: { settings: Settings; searched: SettingsSearch },
): LuauExecError {
  const missing = names.filter((name) => known.settings[name].value === null).map((name) => FIELDS[name]);
  const { file, directories, storedKeyFacts, shell } = known.searched;
  const places = directories.length === 0 ? 'nowhere' : directories.join(', ');
  return new LuauExecError(joinWords(missing.map((field) => `no ${field.label}`)), {
    id: 'LX001',
    kind: 'usage',
    facts: [
      ...missing.map(describeSources),
      file === null ? `no config file in ${places}` : `the config file is ${file}`,
      ...(missing.includes(FIELDS.apiKey) ? storedKeyFacts : []),
    ],
    // A new task can also run on this machine; one that exists is elsewhere.
    hint: names.includes('placeId')
      ? `${describeSetUp(missing, shell)}; to try without ${missing.length === 1 ? 'one' : 'them'}: --local`
      : describeExport(missing, shell),
  });
}

/** Where neither id is known, nothing has been set up yet. */
function describeSetUp(missing: readonly Field<unknown>[], shell: Shell): string {
  const isNew = missing.includes(FIELDS.universeId) && missing.includes(FIELDS.placeId);
  return isNew ? `luau-exec init, or ${describeExport(missing, shell)}` : describeExport(missing, shell);
}

function describeSources(field: Field<unknown>): string {
  return `looked for the ${field.label} at ${[field.flag, ...field.environment].join(', ')} and ${field.name} in a config file`;
}

function describeExport(missing: readonly Field<unknown>[], shell: Shell): string {
  const command = describeSetVariables(
    missing.map((field) => field.environment[1] ?? field.name),
    shell,
  );
  if (!missing.includes(FIELDS.apiKey)) return command;
  return missing.length === 1
    ? `${command} or luau-exec auth set`
    : `${command}, or luau-exec auth set for the key`;
}

function joinWords(words: readonly string[]): string {
  const last = words.at(-1) ?? '';
  return words.length < 2 ? last : `${words.slice(0, -1).join(', ')} and ${last}`;
}
