import type { ApiSession } from './api-session.ts';
import { createCallSignal } from './call-signal.ts';
import type { ApiRequest } from './requests.ts';
import type { JsonValue } from './task.ts';
import { isResourceId } from './task-path.ts';
import { parseJsonObject } from './wire.ts';

/** Where a queue is. Its name is letters, digits and dashes. */
export interface QueueName {
  universeId: string;
  queue: string;
}

/** An item of a sorted map. Names are letters, digits and dashes. */
export interface SortedMapItem {
  universeId: string;
  map: string;
  id: string;
  value: JsonValue;
  /** After which the service forgets it. */
  ttlSeconds: number;
}

/** What one read of a queue took: the values of the items, the first in front, and what `discard` knows them by. */
export interface QueueReading {
  readId: string;
  values: JsonValue[];
}

export interface MemoryStoreCallOptions {
  signal?: AbortSignal;
  /** How long to go on without a good answer. */
  patienceMs: number;
}

/** For how long an item that was read is kept from other readers, unless it is discarded. */
const INVISIBILITY_SECONDS = 5;
const MOST_ITEMS = 200;

/**
 * The memory store of an experience, as far as this tool talks to it. A limit is not waited for longer than the patience
 * of a call. Every method throws `LuauExecError`, of kind `auth` where the key lacks the scope.
 */
export class MemoryStore {
  readonly #session: ApiSession;

  constructor(session: ApiSession) {
    this.#session = session;
  }

  /** Sets an item, whether it was there or not. */
  async setSortedMapItem(item: SortedMapItem, options: MemoryStoreCallOptions): Promise<void> {
    await this.#call(setSortedMapItemRequest(item), () => null, item.universeId, options);
  }

  /** Takes what is in front of a queue; nothing is an answer too. What is not discarded comes again after a while. */
  readQueue(name: QueueName, options: MemoryStoreCallOptions): Promise<QueueReading> {
    return this.#call(readQueueRequest(name), parseQueueReading, name.universeId, options);
  }

  async discardQueueItems(name: QueueName, readId: string, options: MemoryStoreCallOptions): Promise<void> {
    await this.#call(discardQueueItemsRequest(name, readId), () => null, name.universeId, options);
  }

  #call<T>(
    request: ApiRequest,
    parse: (text: string) => T,
    universeId: string,
    { signal, patienceMs }: MemoryStoreCallOptions,
  ): Promise<T> {
    return this.#session.call(request, parse, {
      signal: createCallSignal(signal),
      universeId,
      patienceMs,
      throttlePatienceMs: patienceMs,
    });
  }
}

/** By `allowMissing`, so that sending it twice comes to the same. */
function setSortedMapItemRequest({ universeId, map, id, value, ttlSeconds }: SortedMapItem): ApiRequest {
  return {
    operation: 'updateSortedMapItem',
    method: 'PATCH',
    path: `${formatStore(universeId)}/sorted-maps/${requireName(map)}/items/${requireName(id)}`,
    query: { allowMissing: 'true' },
    body: JSON.stringify({ value, ttl: `${ttlSeconds}s` }),
  };
}

function readQueueRequest({ universeId, queue }: QueueName): ApiRequest {
  return {
    operation: 'readQueueItems',
    method: 'GET',
    path: `${formatStore(universeId)}/queues/${requireName(queue)}/items:read`,
    query: { count: String(MOST_ITEMS), invisibilityWindow: `${INVISIBILITY_SECONDS}s` },
    body: null,
  };
}

function discardQueueItemsRequest({ universeId, queue }: QueueName, readId: string): ApiRequest {
  return {
    operation: 'discardQueueItems',
    method: 'POST',
    path: `${formatStore(universeId)}/queues/${requireName(queue)}/items:discard`,
    query: {},
    body: JSON.stringify({ readId }),
  };
}

/** Reads what a read of a queue answers; lists may be absent or null, and so may all else where there is nothing. */
function parseQueueReading(text: string): QueueReading {
  const { readId, items } = parseJsonObject(text);
  const values = (Array.isArray(items) ? items : []).map((item) =>
    typeof item === 'object' && item !== null && !Array.isArray(item) ? (item.data ?? null) : null,
  );
  return { readId: typeof readId === 'string' ? readId : '', values };
}

function formatStore(universeId: string): string {
  if (!isResourceId(universeId)) throw new Error('a universe id is a positive whole number');
  return `/cloud/v2/universes/${universeId}/memory-store`;
}

/** Ours need no escaping, and none that would is let into a URL. */
function requireName(name: string): string {
  if (!/^[\w-]{1,127}$/.test(name))
    throw new Error('a name in the memory store is letters, digits and dashes');
  return name;
}
