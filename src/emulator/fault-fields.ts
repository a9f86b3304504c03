import { suggestName } from '../did-you-mean.ts';
import { LuauExecError } from '../errors.ts';
import type { JsonValue } from '../open-cloud/task.ts';

/** One value of a list of faults, and where it stands: `faults[2].do.reset in faults.json`. */
export interface FaultField {
  value: unknown;
  path: string;
  /** The name of the file; null for faults that a program made. */
  file: string | null;
}

const LONGEST_SHOWN = 60;
const LONGEST_PATH = 200;
const MAX_DEPTH = 500;

/** The fields of an object by name, without those that are undefined. Refuses a name that is not in `keys`. */
export function readFields<Key extends string>(
  field: FaultField,
  keys: readonly Key[],
): Map<Key, FaultField> {
  const fields = new Map<Key, FaultField>();
  for (const [name, entry] of readEntries(field)) {
    const key = keys.find((known) => known === name);
    if (key === undefined) throw createKeyError(name, field, keys);
    fields.set(key, entry);
  }
  return fields;
}

/** The fields of an object whose names are free. */
export function readEntries(field: FaultField): [name: string, field: FaultField][] {
  const { value } = field;
  if (!isObject(value)) return fail(field, 'an object');
  return Object.entries(value)
    .filter(([, entry]) => entry !== undefined)
    .map(([name, entry]) => [name, { ...field, value: entry, path: joinPath(field.path, name) }]);
}

export function readItems(field: FaultField): FaultField[] {
  if (!Array.isArray(field.value)) return fail(field, 'a list');
  return field.value.map((value: unknown, index) => ({ ...field, value, path: `${field.path}[${index}]` }));
}

export function readText(field: FaultField): string {
  return typeof field.value === 'string' ? field.value : fail(field, 'text');
}

export function readWholeNumber(field: FaultField, min: number, max: number): number {
  const { value } = field;
  const isInRange = typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max;
  return isInRange ? value : fail(field, `a whole number from ${min} to ${max}`);
}

export function readTrue(field: FaultField): true {
  return field.value === true ? true : fail(field, 'true; leave it out where it does not hold');
}

export function readChoice<const Choice extends string>(
  field: FaultField,
  choices: readonly Choice[],
): Choice {
  const choice = choices.find((known) => known === field.value);
  if (choice !== undefined) return choice;
  const suggestion = typeof field.value === 'string' ? suggestName(field.value, choices) : null;
  const wanted = choices.map((known) => JSON.stringify(known)).join(' or ');
  throw refuse(field, wanted, suggestion === null ? undefined : `did you mean ${suggestion}?`);
}

/** A value that can be written as JSON. Refuses what JSON has no word for, such as the 1e400 that becomes Infinity. */
export function readJson(field: FaultField, depth = 0): JsonValue {
  const { value } = field;
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (depth > MAX_DEPTH) return fail(field, `nested less than ${MAX_DEPTH} levels deep`);
  if (Array.isArray(value)) return readItems(field).map((item) => readJson(item, depth + 1));
  if (!isObject(value)) return fail(field, 'a value that JSON has');
  return Object.fromEntries(readEntries(field).map(([name, entry]) => [name, readJson(entry, depth + 1)]));
}

/** The error for a value that is not `wanted`; it shows the value, cut when it is long. */
function refuse(field: FaultField, wanted: string, hint?: string): LuauExecError {
  return createFaultError(
    field,
    `is ${quote(field.value)}, not ${wanted}`,
    hint === undefined ? {} : { hint },
  );
}

/** `problem` goes on a sentence that begins with the name of the field. */
export function createFaultError(
  { path, file }: FaultField,
  problem: string,
  options: { hint?: string; facts?: string[]; cause?: unknown } = {},
): LuauExecError {
  const shown = path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path;
  const subject = [shown, file].filter((part) => part !== null && part !== '').join(' in ');
  return new LuauExecError(`${subject} ${problem}`, {
    id: 'LX011',
    kind: 'usage',
    hint: 'the format is in docs/faults.md',
    ...options,
  });
}

/** Throws LX011 for a value that is not `wanted`. */
export function fail(field: FaultField, wanted: string): never {
  throw refuse(field, wanted);
}

function createKeyError(name: string, field: FaultField, keys: readonly string[]): LuauExecError {
  const suggestion = suggestName(name, keys);
  const place = { ...field, path: joinPath(field.path, name) };
  return createFaultError(place, 'is not a field of a fault', {
    facts: [`the fields here are ${keys.join(', ')}`],
    hint: suggestion === null ? 'take it out' : `did you mean ${suggestion}?`,
  });
}

function joinPath(path: string, name: string): string {
  const isPlain = /^[A-Za-z_]\w*$/.test(name);
  if (!isPlain) return `${path}[${quote(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

/** A value as an error shows it, cut when it is long. */
export function quote(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text;
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
