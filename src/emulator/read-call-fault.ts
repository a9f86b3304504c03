import type { EngineMethodName } from './engine-method-name.ts';
import {
  createFaultError,
  type FaultField,
  fail,
  readFields,
  readText,
  readTrue,
  readWholeNumber,
} from './fault-fields.ts';
import type { Delay, EngineFaultAction } from './faults.ts';

const KEYS: ReadonlySet<string> = new Set(['answer', 'never', 'delayMs']);

export interface CallFaultFields {
  fields: ReadonlyMap<string, FaultField>;
  method: EngineMethodName;
  delay: Delay;
}

/** What becomes of the call of a method, which has no connection and no body to spoil. Throws LX011. */
export function readCallFault({ fields, method, delay }: CallFaultFields): EngineFaultAction {
  for (const [key, field] of fields) {
    if (KEYS.has(key)) continue;
    throw createFaultError(field, `is for requests over HTTP, and ${method} is called by scripts`, {
      hint: 'use answer, never or delayMs',
    });
  }
  const [answer, never] = [fields.get('answer'), fields.get('never')];
  if (never) return { never: readTrue(never) };
  return answer ? { answer: readFailure(answer), ...delay } : { delayMs: delay.delayMs ?? 0 };
}

function readFailure(field: FaultField): { status: number; body?: string } {
  const fields = readFields(field, ['status', 'body']);
  const [status, body] = [fields.get('status'), fields.get('body')];
  if (!status) return fail(field, '{"status":…}');
  return { status: readWholeNumber(status, 400, 599), ...(body && { body: readText(body) }) };
}
