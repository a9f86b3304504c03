import { suggestName } from '../did-you-mean.ts';
import { messageOf } from '../errors.ts';
import { EMULATED_OPERATIONS } from './emulated-operation.ts';
import { ENGINE_METHOD_NAMES } from './engine-method-name.ts';
import {
  createFaultError,
  type FaultField,
  quote,
  readChoice,
  readFields,
  readItems,
  readWholeNumber,
} from './fault-fields.ts';
import type { Fault } from './faults.ts';
import { parseFaultAction } from './parse-fault-action.ts';

const MAX_COUNT = 1_000_000;
const REQUESTS = [...EMULATED_OPERATIONS, 'any', ...ENGINE_METHOD_NAMES] as const;

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
    const reason = messageOf(cause);
    throw createFaultError({ value: text, path: '', file }, `is not JSON: ${reason}`, { cause });
  }
}

function parseFault(field: FaultField): Fault {
  const fields = readFields(field, ['request', 'nth', 'times', 'do']);
  const [request, nth, times] = [fields.get('request'), fields.get('nth'), fields.get('times')];
  const action = fields.get('do');
  if (!request) throw createFaultError(field, 'does not say which "request" it is about');
  if (!action) throw createFaultError(field, 'does not say what to "do"');
  const kind = readRequest(request);
  return {
    request: kind,
    ...(nth && { nth: readWholeNumber(nth, 1, MAX_COUNT) }),
    ...(times && { times: readTimes(times) }),
    do: parseFaultAction(action, kind),
  };
}

function readRequest(field: FaultField): Fault['request'] {
  const request = REQUESTS.find((known) => known === field.value);
  if (request !== undefined) return request;
  const suggestion = typeof field.value === 'string' ? suggestName(field.value, REQUESTS) : null;
  throw createFaultError(field, `is ${quote(field.value)}, which is no request`, {
    facts: [
      `over HTTP there are ${EMULATED_OPERATIONS.join(', ')}, and any`,
      `scripts call ${ENGINE_METHOD_NAMES.join(', ')}`,
    ],
    ...(suggestion === null ? {} : { hint: `did you mean ${suggestion}?` }),
  });
}

function readTimes(field: FaultField): number | 'always' {
  if (typeof field.value === 'string') return readChoice(field, ['always']);
  return readWholeNumber(field, 1, MAX_COUNT);
}
