import { type Answer, createV2Refusal } from '../api-answers.ts';
import type { ApiRequest } from '../api-request.ts';
import { readId } from '../task-handlers.ts';
import type { World } from '../world.ts';
import { MemoryStoreFailure, type MemoryStoreStatus } from './memory-store-failure.ts';
import type { UniverseMemory } from './memory-stores.ts';

/** One request about the memory of a universe. */
export interface MemoryRequest {
  request: ApiRequest;
  universeId: string;
  /** As it is now; a body has to be read before. */
  open(): UniverseMemory;
}

// A value of 32 KB may need six bytes of JSON for each of its own.
const MAX_BODY_BYTES = 256 * 1024;
const CODES = {
  InvalidRequest: 'INVALID_ARGUMENT',
  InvalidExpirationTime: 'INVALID_ARGUMENT',
  ItemValueSizeTooLarge: 'INVALID_ARGUMENT',
  TotalMemoryOverLimit: 'RESOURCE_EXHAUSTED',
  TotalRequestsOverLimit: 'RESOURCE_EXHAUSTED',
} as const satisfies Record<MemoryStoreStatus, string>;

/** A handler of a route that works on the memory of a universe, and refuses what the memory refuses. */
export function handleMemory(handle: (request: MemoryRequest) => Answer | Promise<Answer>) {
  return async (world: World, request: ApiRequest): Promise<Answer> => {
    const universeId = readId(request, 'universeId');
    try {
      return await handle({ request, universeId, open: () => world.memory.open(universeId) });
    } catch (error) {
      if (error instanceof MemoryStoreFailure) throw createV2Refusal(CODES[error.status], error.message);
      throw error;
    }
  };
}

/** A part of the path, decoded. Throws a refusal (400) where it cannot be. */
export function readPart({ params }: ApiRequest, name: string): string {
  try {
    return decodeURIComponent(params[name] ?? '');
  } catch {
    throw createV2Refusal('INVALID_ARGUMENT', `The ${name} in the path is not URL-encoded.`);
  }
}

export function readMemoryBody(request: ApiRequest): Promise<Uint8Array> {
  return request.readBody(MAX_BODY_BYTES);
}

/** `true` or `false`; false where it is not given. Throws a refusal (400). */
export function readFlag(query: URLSearchParams, name: string): boolean {
  const text = query.get(name) ?? 'false';
  if (text === 'true' || text === 'false') return text === 'true';
  throw createV2Refusal('INVALID_ARGUMENT', `${name} must be true or false.`);
}

/** A positive whole number, cut to `max`; 1 where it is not given. Throws a refusal (400). */
export function readCutCount(query: URLSearchParams, name: string, max: number): number {
  const text = query.get(name) ?? '1';
  if (/^0*[1-9]\d*$/.test(text)) return Math.min(Number(text), max);
  throw createV2Refusal('INVALID_ARGUMENT', `${name} must be a positive whole number.`);
}

/** A duration such as `"3s"` in milliseconds. Throws a refusal (400) where it is none, not above 0 or above `maxSeconds`. */
export function parseDuration(text: unknown, name: string, maxSeconds: number): number {
  const digits = typeof text === 'string' ? /^(\d+(?:\.\d{1,9})?)s$/.exec(text)?.[1] : undefined;
  const seconds = Number(digits ?? Number.NaN);
  if (seconds > 0 && seconds <= maxSeconds) return seconds * 1000;
  const message = `${name} must be a duration such as "3s", above 0 and at most ${maxSeconds} seconds.`;
  throw createV2Refusal('INVALID_ARGUMENT', message);
}
