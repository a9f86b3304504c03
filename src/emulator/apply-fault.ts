import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import type { JsonValue } from '../open-cloud/task.ts';
import { type Answer, createJsonAnswer } from './api-answers.ts';
import type { ChangedAnswer, FaultAction, FaultAnswer, JsonObject, WrittenAnswer } from './faults.ts';
import { mergePatch } from './merge-patch.ts';
import { writeBadly } from './write-answer.ts';

/** Told when an answer begins to be held back on purpose; the function it returns is called when that ends. */
export type StallListener = (request: { method: string; url: string }) => () => void;

export interface FaultyExchange {
  action: FaultAction;
  incoming: IncomingMessage;
  response: ServerResponse;
  clock: Clock;
  onStall: StallListener;
  /** Carries the request out. */
  act: () => Promise<Answer>;
  /** What an answer that is made up begins with. */
  blank: Answer;
}

/** Answers one request, or fails to, as a fault says. Resolves when nothing more is written. */
export async function applyFault(exchange: FaultyExchange): Promise<void> {
  const { action, incoming, response } = exchange;
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  const pause = (ms: number | null) => holdBack(exchange, ms, gone.signal);
  // The body of a request that is not carried out is read all the same: unread, it would hide the client's leaving.
  const isActedOn = isCarriedOut(action);
  if (!isActedOn) incoming.resume();
  const answer = isActedOn ? await exchange.act() : exchange.blank;
  try {
    if ('never' in action) return await pause(null);
    if (action.delayMs) await pause(action.delayMs);
    if ('reset' in action) incoming.socket.resetAndDestroy();
    else if ('close' in action) incoming.socket.end();
    else if ('raw' in action) incoming.socket.end(action.raw);
    else await writeBadly(response, decideAnswer(action, answer, exchange.blank), action, pause);
  } catch (error) {
    if (!gone.signal.aborted) throw error;
  }
}

function isCarriedOut(action: FaultAction): boolean {
  if ('reset' in action) return action.reset === 'after';
  if ('close' in action) return action.close === 'after';
  if ('answer' in action || 'redirect' in action || 'raw' in action || 'never' in action) {
    return action.after === true;
  }
  return true;
}

/** Waits for `ms`, or for ever when it is null; rejects when the client has gone away. */
async function holdBack(
  { incoming, clock, onStall }: FaultyExchange,
  ms: number | null,
  gone: AbortSignal,
): Promise<void> {
  const end = onStall({ method: incoming.method ?? '', url: incoming.url ?? '' });
  try {
    await (ms === null ? untilAborted(gone) : clock.sleep(ms, gone));
  } finally {
    end();
  }
}

function untilAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

function decideAnswer(action: WrittenAnswer, real: Answer, blank: Answer): Answer {
  if ('redirect' in action) {
    const { redirect, status = 302 } = action;
    return { ...blank, status, headers: { ...blank.headers, location: redirect } };
  }
  return 'answer' in action ? createAnswer(action.answer, blank) : changeAnswer(real, action);
}

function createAnswer(answer: FaultAnswer, blank: Answer): Answer {
  const { status = 200, headers } = answer;
  const { contentType, body } = createBody(answer);
  const typed = contentType === null ? {} : { 'content-type': contentType };
  return { status, headers: { ...blank.headers, ...typed, ...headers }, body };
}

function createBody({ body, bodyBase64 }: FaultAnswer): { contentType: string | null; body: Uint8Array } {
  if (bodyBase64 !== undefined) {
    return { contentType: 'application/octet-stream', body: Buffer.from(bodyBase64, 'base64') };
  }
  if (body === undefined) return { contentType: null, body: new Uint8Array() };
  if (typeof body === 'string') return { contentType: 'text/plain; charset=utf-8', body: Buffer.from(body) };
  return { contentType: 'application/json; charset=utf-8', body: Buffer.from(JSON.stringify(body)) };
}

function changeAnswer(real: Answer, { headers = {}, state, patch }: ChangedAnswer): Answer {
  const changed = new Map(Object.entries(real.headers));
  for (const [name, value] of Object.entries(headers)) {
    if (value === null) changed.delete(name);
    else changed.set(name, value);
  }
  const body = patchBody(real.body, { ...patch, ...(state === undefined ? {} : { state }) });
  return { status: real.status, headers: Object.fromEntries(changed), body };
}

function patchBody(body: Uint8Array, patch: JsonObject): Uint8Array {
  if (Object.keys(patch).length === 0) return body;
  const value: JsonValue = JSON.parse(Buffer.from(body).toString());
  return createJsonAnswer(mergePatch(value, patch)).body;
}
