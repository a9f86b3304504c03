import type { Clock } from '../../clock.ts';
import { LuauExecError } from '../../errors.ts';
import { parseRefusal } from '../../open-cloud/api-error.ts';
import type { OpenCloudClient } from '../../open-cloud/client.ts';
import type { Exchange, HttpResponse } from '../../open-cloud/exchange.ts';
import { OPERATIONS, type OperationName } from '../../open-cloud/operations.ts';
import type { TaskPath } from '../../open-cloud/task-path.ts';
import type { Finding, SeenWindow, ServiceFacts } from './doctor-facts.ts';

/** An exchange that remembers the last answer that came over it. */
export interface RecordedExchange {
  exchange: Exchange;
  readLast(): SeenAnswer | null;
}

interface SeenAnswer {
  response: HttpResponse;
  /** When it had come, in milliseconds since the Unix epoch. */
  wallMs: number;
}

export interface ServiceQuestion {
  client: OpenCloudClient;
  /** What the client sends over. */
  recorded: RecordedExchange;
  /** Null where an id is not set: then only the key is asked about. */
  place: { universeId: string; placeId: string; versionId: string | null } | null;
  clock: Clock;
  signal: AbortSignal;
}

const PATIENCE_MS = 15_000;
const NO_SUCH_ID = '00000000-0000-0000-0000-000000000000';
const OPERATION_NAMES: readonly OperationName[] = ['introspectKey', 'getTask'];

export function recordExchange(exchange: Exchange, clock: Clock): RecordedExchange {
  let last: SeenAnswer | null = null;
  return {
    exchange: async (request) => {
      last = null;
      const response = await exchange(request);
      last = { response, wallMs: clock.wallNow() };
      return response;
    },
    readLast: () => last,
  };
}

/**
 * Asks what the key is, and reads a task that does not exist, which tells whether tasks of the place may be read.
 * Nothing is ever created. Throws the reason of a signal that aborts, and usage errors such as a proxy without a URL.
 */
export async function askService(question: ServiceQuestion): Promise<ServiceFacts> {
  const { client, recorded, place, clock, signal } = question;
  const introspection = await find(recorded, () => client.introspectKey({ signal }));
  const firstSkewMs = readClockSkewMs(recorded.readLast());
  // Whom the first request did not reach, the second would only wait for.
  const isReached = recorded.readLast() !== null;
  const reading: Finding<null> =
    place === null || !isReached
      ? { kind: 'not_asked' }
      : await find(recorded, async () => {
          await client.getTask(createMissingPath(place), { signal, patienceMs: PATIENCE_MS });
          return null;
        });
  return {
    introspection,
    place: reading,
    clockSkewMs: readClockSkewMs(recorded.readLast()) ?? firstSkewMs,
    windows: listWindows(client),
    nowMs: clock.now(),
    wallNowMs: clock.wallNow(),
  };
}

/** The long form with a version: a read without one failed on the live service in 2024. */
function createMissingPath(place: NonNullable<ServiceQuestion['place']>): TaskPath {
  return { ...place, versionId: place.versionId ?? '1', sessionId: NO_SUCH_ID, taskId: NO_SUCH_ID };
}

async function find<T>(recorded: RecordedExchange, ask: () => Promise<T>): Promise<Finding<T>> {
  try {
    return { kind: 'answered', value: await ask() };
  } catch (error) {
    if (!(error instanceof LuauExecError)) throw error;
    const { kind, httpStatus, message, taskPath, hint } = error;
    if (kind === 'usage' && httpStatus === null) throw error;
    const last = recorded.readLast();
    if (last !== null && last.response.status === httpStatus && isRefusal(httpStatus)) {
      return { kind: 'refused', status: httpStatus, words: parseRefusal(last.response).message };
    }
    // A hint that names the task would send people to one that does not exist.
    return { kind: 'failed', errorKind: kind, headline: message, hint: taskPath === null ? hint : null };
  }
}

function isRefusal(status: number): boolean {
  return status >= 400 && status < 500 && status !== 408 && status !== 425;
}

/** A date has no fractions of a second, so half of one is taken to have passed. Null when the answer has no date. */
function readClockSkewMs(answer: SeenAnswer | null): number | null {
  const date = answer?.response.headers.date ?? '';
  if (answer === null || !date.endsWith(' GMT')) return null;
  const skewMs = answer.wallMs - (Date.parse(date) + 500);
  return Number.isNaN(skewMs) ? null : skewMs;
}

function listWindows(client: OpenCloudClient): SeenWindow[] {
  return OPERATION_NAMES.flatMap((name) => {
    const window = client.readWindow(name);
    return window === null ? [] : [{ ...window, title: OPERATIONS[name].title }];
  });
}
