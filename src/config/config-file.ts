import { suggestName } from '../did-you-mean.ts';
import { LuauExecError } from '../errors.ts';
import { FIELDS, FILE_REFUSALS, type Field } from './fields.ts';
import type { RawValue } from './parse-setting.ts';
import { createSettingError, quoteValue } from './setting-error.ts';
import { LOCAL_TARGET } from './settings.ts';

/** What a parser of JSON or YAML made of one file, not checked yet. */
export interface LoadedFile {
  path: string;
  content: unknown;
  /** What stands before every key when keys are shown: `luauexec.` for package.json, else empty. */
  keyPrefix: string;
}

/** The settings of one level of a file: its top, or one target. */
export interface ConfigSection {
  keyPrefix: string;
  values: ReadonlyMap<string, RawValue>;
}

/** A config file whose keys and types are known to be right. */
export interface ConfigFile {
  path: string;
  top: ConfigSection;
  targets: ReadonlyMap<string, ConfigSection>;
}

const TARGETS_KEY = 'targets';
const LONGEST_TARGET_NAME = 64;
const FIELDS_BY_KEY: ReadonlyMap<string, Field<unknown>> = new Map(
  Object.values(FIELDS).flatMap((field) => (field.fileKey === null ? [] : [[field.fileKey, field]])),
);
const TARGET_KEYS = [...FIELDS_BY_KEY.keys()].filter((key) => key !== FIELDS.target.fileKey);
const TOP_KEYS = [...FIELDS_BY_KEY.keys(), TARGETS_KEY];

/**
 * Checks the structure of a file: every key, every type, and every value that does not depend on the environment,
 * used or not. Throws LX003 for an unknown key, LX002, LX005 or LX011 for a bad value.
 */
export function parseConfigFile(file: LoadedFile): ConfigFile {
  const { path, keyPrefix } = file;
  const top = readMapping(file.content, { path, key: keyPrefix.slice(0, -1) });
  const targetsKey = `${keyPrefix}${TARGETS_KEY}`;
  const targets = new Map<string, ConfigSection>();
  for (const [name, content] of readMapping(top.get(TARGETS_KEY), { path, key: targetsKey })) {
    checkTargetName(name, { path, key: targetsKey });
    const key = `${targetsKey}.${name}`;
    targets.set(
      name,
      parseSection(readMapping(content, { path, key }), { path, prefix: `${key}.`, keys: TARGET_KEYS }),
    );
  }
  top.delete(TARGETS_KEY);
  return { path, top: parseSection(top, { path, prefix: keyPrefix, keys: TOP_KEYS }), targets };
}

/** Whether the API key itself stands in the file, in whichever section, rather than the name of a variable. */
export function hasLiteralKey(file: ConfigFile): boolean {
  return [file.top, ...file.targets.values()].some((section) => {
    const key = section.values.get('apiKey');
    return typeof key === 'string' && !key.includes('${');
  });
}

interface SectionPlace {
  path: string;
  prefix: string;
  keys: readonly string[];
}

function parseSection(content: ReadonlyMap<string, unknown>, place: SectionPlace): ConfigSection {
  const values = new Map<string, RawValue>();
  for (const [key, value] of content) {
    const field = place.keys.includes(key) ? FIELDS_BY_KEY.get(key) : undefined;
    if (!field) throw createKeyError(key, place);
    // A key with nothing after it is how people leave a line of an example empty.
    if (value === null || value === undefined) continue;
    values.set(key, checkValue(value, { field, path: place.path, key: `${place.prefix}${key}` }));
  }
  return { keyPrefix: place.prefix, values };
}

function checkValue(value: unknown, place: { field: Field<unknown>; path: string; key: string }): RawValue {
  const { field, path, key } = place;
  const isSwitch = typeof value === 'boolean' && typeof field.fallback === 'boolean';
  if (typeof value !== 'string' && typeof value !== 'number' && !isSwitch) {
    throw new LuauExecError(`${key} in ${path} is ${describeType(value)}, not text or a number`, {
      id: 'LX011',
      kind: 'usage',
      hint: `write it as ${field.name}: "…"`,
    });
  }
  // What the environment puts in is only known, and only needed, when the value is used.
  if (typeof value === 'string' && value.includes('${')) return value;
  const parsed = field.parse(value);
  if (parsed.ok) return value;
  const { reason, hint } = parsed;
  throw createSettingError({ field, raw: value, origin: { kind: 'file', path, key }, reason, hint });
}

function createKeyError(key: string, place: SectionPlace): LuauExecError {
  const refusal = FILE_REFUSALS.get(key);
  if (refusal) {
    return new LuauExecError(`${key} may not stand in a config file (${place.path})`, {
      id: 'LX011',
      kind: 'usage',
      facts: [refusal.why],
      hint: refusal.hint,
    });
  }
  const suggestion = suggestName(key, place.keys);
  const level = place.prefix === '' ? '' : ` under ${place.prefix.slice(0, -1)}`;
  return new LuauExecError(`unknown key ${quoteValue(key)}${level} in ${place.path}`, {
    id: 'LX003',
    kind: 'usage',
    facts: [`the keys here are ${place.keys.join(', ')}`],
    hint: suggestion === null ? 'take the key out' : `did you mean ${suggestion}?`,
  });
}

function checkTargetName(name: string, place: { path: string; key: string }): void {
  const isPlain = /^[\w.-]+$/.test(name) && name.length <= LONGEST_TARGET_NAME;
  if (isPlain && name !== LOCAL_TARGET) return;
  const reason = isPlain ? 'is built in and cannot be defined' : describeOddName(name);
  throw new LuauExecError(`the target name ${quoteValue(name)} ${reason} (${place.key} in ${place.path})`, {
    id: 'LX011',
    kind: 'usage',
    hint: 'give the target another name',
  });
}

function describeOddName(name: string): string {
  if (name === '') return 'is empty';
  return name.length > LONGEST_TARGET_NAME && !/[^\w.-]/.test(name)
    ? `is longer than ${LONGEST_TARGET_NAME} characters`
    : 'holds more than letters, digits, dots, dashes and underscores';
}

/** The entries of a mapping; none for a value that was left out. */
function readMapping(content: unknown, place: { path: string; key: string }): Map<string, unknown> {
  if (content === null || content === undefined) return new Map();
  if (isMapping(content)) return new Map(Object.entries(content));
  const subject = place.key === '' ? place.path : `${place.key} in ${place.path}`;
  throw new LuauExecError(`${subject} is ${describeType(content)}, not a mapping of settings`, {
    id: 'LX011',
    kind: 'usage',
    hint: place.key.endsWith(TARGETS_KEY)
      ? 'write it as targets: { staging: { placeId: "…" } }'
      : 'write it as key: value lines',
  });
}

function isMapping(content: unknown): content is Record<string, unknown> {
  return (
    typeof content === 'object' && content !== null && !Array.isArray(content) && !(content instanceof Date)
  );
}

/** The type in words, never the value: it may be a key in the wrong place, or grow without end through aliases. */
function describeType(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'number') return 'a number';
  if (typeof value === 'boolean') return 'true or false';
  return value instanceof Date ? 'a date' : 'a mapping';
}
