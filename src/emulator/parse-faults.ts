import { EMULATED_OPERATIONS } from './emulated-operation.ts';
import {
  createFaultError,
  type FaultField,
  readChoice,
  readFields,
  readItems,
  readWholeNumber,
} from './fault-fields.ts';
import type { Fault } from './faults.ts';
import { parseFaultAction } from './parse-fault-action.ts';

const MAX_COUNT = 1_000_000;

/** Reads the text of a faults file. Throws LX011 that names the file and the place in it. */
export function parseFaultsFile(text: string, file: string): Fault[] {
  const root: FaultField = { value: parseJson(text, file), path: '', file };
  const faults = readFields(root, ['faults']).get('faults');
  if (faults) return readItems(faults).map(parseFault);
  throw createFaultError(root, 'has no list of faults', { hint: 'write it as {"faults":[…]}' });
}

/** Checks faults that a program made as those of a file are checked. Throws LX011 that names the place. */
export function parseFaults(faults: readonly Fault[]): Fault[] {
  return readItems({ value: faults, path: 'faults', file: null }).map(parseFault);
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw createFaultError({ value: text, path: '', file }, `is not JSON: ${reason}`, { cause });
  }
}

function parseFault(field: FaultField): Fault {
  const fields = readFields(field, ['request', 'nth', 'times', 'do']);
  const [request, nth, times] = [fields.get('request'), fields.get('nth'), fields.get('times')];
  const action = fields.get('do');
  if (!request) throw createFaultError(field, 'does not say which "request" it is about');
  if (!action) throw createFaultError(field, 'does not say what to "do"');
  const kind = readChoice(request, [...EMULATED_OPERATIONS, 'any']);
  return {
    request: kind,
    ...(nth && { nth: readWholeNumber(nth, 1, MAX_COUNT) }),
    ...(times && { times: readTimes(times) }),
    do: parseFaultAction(action, kind),
  };
}

function readTimes(field: FaultField): number | 'always' {
  if (typeof field.value === 'string') return readChoice(field, ['always']);
  return readWholeNumber(field, 1, MAX_COUNT);
}
