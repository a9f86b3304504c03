import type { EmulatedOperation } from './emulated-operation.ts';
import { ENGINE_METHOD_NAMES } from './engine-method-name.ts';
import {
  createFaultError,
  type FaultField,
  fail,
  readChoice,
  readEntries,
  readFields,
  readJson,
  readText,
  readTrue,
  readWholeNumber,
} from './fault-fields.ts';
import { readChangedHeader, readHeaders, readHeaderValue } from './fault-headers.ts';
import type {
  ChangedAnswer,
  Delay,
  Fault,
  FaultAction,
  FaultAnswer,
  FaultDrip,
  JsonObject,
  Redirect,
  ReplacedAnswer,
  Writing,
} from './faults.ts';
import { readCallFault } from './read-call-fault.ts';

const WRITING_KEYS = ['truncate', 'drip', 'endless'] as const;
const WRITTEN_KEYS = ['delayMs', ...WRITING_KEYS] as const;

/** What may stand beside the field that says what becomes of the answer. */
const COMPANIONS = {
  answer: ['after', ...WRITTEN_KEYS],
  redirect: ['status', 'after', ...WRITTEN_KEYS],
  reset: ['delayMs'],
  close: ['delayMs'],
  raw: ['after', 'delayMs'],
  never: ['after'],
} as const;
const LEADS = ['answer', 'redirect', 'reset', 'close', 'raw', 'never'] as const;
/** Beside these the real answer is written, changed or not. */
const CHANGE_KEYS = ['headers', 'state', 'patch', ...WRITTEN_KEYS] as const;
const ACTION_KEYS = [...LEADS, 'after', 'status', ...CHANGE_KEYS] as const;

type ActionKey = (typeof ACTION_KEYS)[number];
type Fields = ReadonlyMap<ActionKey, FaultField>;

const MOMENTS = ['before', 'after'] as const;
const TASK_OPERATIONS: ReadonlySet<string> = new Set<EmulatedOperation>([
  'createTask',
  'createTaskAtVersion',
  'getTask',
]);
const BYTES_OPERATIONS: ReadonlySet<string> = new Set<EmulatedOperation>([
  'uploadBinaryInput',
  'downloadBinaryOutput',
]);
const MAX_BYTES = 2 ** 30;
const MAX_DELAY_MS = 24 * 60 * 60 * 1000;

/** Reads what a fault does. Throws LX011 for fields that make no sense, alone or together. */
export function parseFaultAction(field: FaultField, request: Fault['request']): FaultAction {
  const fields: Fields = readFields(field, ACTION_KEYS);
  if (fields.size === 0) throw createFaultError(field, 'says nothing to do');
  checkCompany(fields);
  const [reset, close] = [fields.get('reset'), fields.get('close')];
  const [raw, never] = [fields.get('raw'), fields.get('never')];
  const delay = readDelay(fields);
  const method = ENGINE_METHOD_NAMES.find((name) => name === request);
  if (method !== undefined) return readCallFault({ fields, method, delay });
  const after = readAfter(fields);
  if (reset) return { reset: readChoice(reset, MOMENTS), ...delay };
  if (close) return { close: readChoice(close, MOMENTS), ...delay };
  if (raw) return { raw: readText(raw), ...after, ...delay };
  if (never) return { never: readTrue(never), ...after };
  return { ...readContent(fields, request), ...delay, ...readWriting(fields) };
}

function checkCompany(fields: Fields): void {
  const lead = LEADS.find((key) => fields.has(key));
  const allowed: readonly ActionKey[] = lead ? COMPANIONS[lead] : CHANGE_KEYS;
  for (const [key, field] of fields) {
    if (key === lead || allowed.includes(key)) continue;
    if (lead) throw createFaultError(field, `does not go with ${lead}`);
    const leads = LEADS.filter((other) => COMPANIONS[other].some((companion) => companion === key));
    throw createFaultError(field, `goes only with ${leads.join(', ')}`);
  }
  const [first, second] = WRITING_KEYS.filter((key) => fields.has(key));
  const extra = second === undefined ? undefined : fields.get(second);
  if (extra) throw createFaultError(extra, `does not go with ${first}`);
}

function readContent(fields: Fields, request: Fault['request']): ChangedAnswer | ReplacedAnswer | Redirect {
  const [answer, redirect, status] = [fields.get('answer'), fields.get('redirect'), fields.get('status')];
  if (answer) return { answer: readAnswer(answer), ...readAfter(fields) };
  if (redirect) {
    const location = readHeaderValue('location', redirect);
    return {
      redirect: location,
      ...(status && { status: readWholeNumber(status, 300, 399) }),
      ...readAfter(fields),
    };
  }
  return readChange(fields, request);
}

function readChange(fields: Fields, request: Fault['request']): ChangedAnswer {
  const [headers, state, patch] = [fields.get('headers'), fields.get('state'), fields.get('patch')];
  if (state && !TASK_OPERATIONS.has(request)) {
    throw createFaultError(state, `needs a request that is answered with a task, which ${request} is not`);
  }
  if (patch && (request === 'any' || BYTES_OPERATIONS.has(request))) {
    throw createFaultError(patch, `needs a request that is answered in JSON, which ${request} is not always`);
  }
  return {
    ...(headers && { headers: readHeaders(headers, readChangedHeader) }),
    ...(state && { state: readText(state) }),
    ...(patch && { patch: readPatch(patch) }),
  };
}

function readAnswer(field: FaultField): FaultAnswer {
  const fields = readFields(field, ['status', 'headers', 'body', 'bodyBase64']);
  const [status, headers] = [fields.get('status'), fields.get('headers')];
  const [body, bytes] = [fields.get('body'), fields.get('bodyBase64')];
  if (body && bytes) throw createFaultError(bytes, 'does not go with body');
  return {
    ...(status && { status: readWholeNumber(status, 200, 599) }),
    ...(headers && { headers: readHeaders(headers, readHeaderValue) }),
    ...(body && { body: readJson(body) }),
    ...(bytes && { bodyBase64: readBase64(bytes) }),
  };
}

function readWriting(fields: Fields): Writing {
  const [truncate, drip, endless] = WRITING_KEYS.map((key) => fields.get(key));
  return {
    ...(truncate && { truncate: readWholeNumber(truncate, 0, MAX_BYTES) }),
    ...(drip && { drip: readDrip(drip) }),
    ...(endless && { endless: readTrue(endless) }),
  };
}

function readDrip(field: FaultField): FaultDrip {
  const fields = readFields(field, ['bytes', 'everyMs']);
  const [bytes, everyMs] = [fields.get('bytes'), fields.get('everyMs')];
  if (!bytes || !everyMs) return fail(field, '{"bytes":…,"everyMs":…}');
  return {
    bytes: readWholeNumber(bytes, 1, MAX_BYTES),
    everyMs: readWholeNumber(everyMs, 1, MAX_DELAY_MS),
  };
}

function readDelay(fields: Fields): Delay {
  const delayMs = fields.get('delayMs');
  return delayMs ? { delayMs: readWholeNumber(delayMs, 0, MAX_DELAY_MS) } : {};
}

function readAfter(fields: Fields): { after?: true } {
  const after = fields.get('after');
  return after ? { after: readTrue(after) } : {};
}

function readPatch(field: FaultField): JsonObject {
  return Object.fromEntries(readEntries(field).map(([name, entry]) => [name, readJson(entry)]));
}

function readBase64(field: FaultField): string {
  const text = readText(field);
  return Buffer.from(text, 'base64').toString('base64') === text ? text : fail(field, 'base64');
}
