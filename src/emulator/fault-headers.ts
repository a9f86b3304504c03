import { validateHeaderName, validateHeaderValue } from 'node:http';
import { createFaultError, type FaultField, fail, readEntries, readText } from './fault-fields.ts';

/** These say how the body is written, so one that was wrong would break the connection in ways nobody asked for. */
const FRAMING_HEADERS: ReadonlySet<string> = new Set(['content-length', 'transfer-encoding']);

/** An object of headers, its names in lower case, its values as `readValue` makes them. */
export function readHeaders<Value>(
  field: FaultField,
  readValue: (name: string, field: FaultField) => Value,
): { [name: string]: Value } {
  return Object.fromEntries(
    readEntries(field).map(([name, entry]) => {
      checkName(name, entry);
      return [name.toLowerCase(), readValue(name, entry)];
    }),
  );
}

export function readHeaderValue(name: string, field: FaultField): string {
  const text = readText(field);
  return isValid(() => validateHeaderValue(name, text)) ? text : fail(field, 'text that a header can hold');
}

/** Null takes the header away. */
export function readChangedHeader(name: string, field: FaultField): string | null {
  return field.value === null ? null : readHeaderValue(name, field);
}

function checkName(name: string, field: FaultField): void {
  if (FRAMING_HEADERS.has(name.toLowerCase())) {
    throw createFaultError(field, 'cannot be set', {
      hint: 'truncate, drip, endless and raw break the body',
    });
  }
  if (!isValid(() => validateHeaderName(name))) throw createFaultError(field, 'is not the name of a header');
}

function isValid(validate: () => void): boolean {
  try {
    validate();
    return true;
  } catch {
    return false;
  }
}
