import type { JsonValue } from '../../open-cloud/task.ts';
import { createJsonAnswer, createV2Refusal } from '../api-answers.ts';
import { parseJsonObject } from '../json-body.ts';
import { formatTime } from '../task-json.ts';
import {
  checkName,
  checkSortKey,
  invalidRequest,
  MAX_LIFETIME_SECONDS,
  measureValue,
  type SortKey,
} from './item-rules.ts';
import { listMapItems, parseListQuery } from './list-map-items.ts';
import {
  handleMemory,
  type MemoryRequest,
  parseDuration,
  readFlag,
  readMemoryBody,
  readPart,
} from './memory-handler.ts';
import type { UniverseMemory } from './memory-stores.ts';
import type { MapItem } from './sorted-map.ts';

// The reference of the HTTP operations says one character less than that of the engine.
const MAX_ID_LENGTH = 127;

/** What a body asks for; a part is undefined where the body leaves it out. */
interface ItemBody {
  value: JsonValue | undefined;
  sortKey: SortKey | undefined;
  ttlMs: number | undefined;
}

export const listSortedMapItems = handleMemory((asked) => {
  const query = parseListQuery(asked.request.query);
  const name = readPart(asked.request, 'mapId');
  const memory = asked.open();
  const { items, nextPageToken } = listMapItems(memory.sortedMap(name).list(), query);
  memory.units.take(Math.max(1, items.length));
  return createJsonAnswer({
    items: items.map((item) => formatItem(item, asked)),
    ...(nextPageToken === null ? {} : { nextPageToken }),
  });
});

export const createSortedMapItem = handleMemory(async (asked) => {
  const id = checkId(asked.request.query.get('id') ?? '');
  const body = parseBody(await readMemoryBody(asked.request));
  measureValue(body.value ?? null);
  const { memory, map } = openMap(asked);
  memory.units.take(1);
  if (map.get(id)) throw createV2Refusal('ALREADY_EXISTS', 'The sorted map has an item with this id.');
  return createJsonAnswer(formatItem(map.set(createEntry(id, body, memory)), asked));
});

export const getSortedMapItem = handleMemory((asked) => {
  const id = readPart(asked.request, 'itemId');
  const { memory, map } = openMap(asked);
  memory.units.take(1);
  return createJsonAnswer(formatItem(map.get(id) ?? refuseMissing(), asked));
});

/** Changes what the body has; the rest stays as it is, the time at which the item expires included. */
export const updateSortedMapItem = handleMemory(async (asked) => {
  const id = checkId(readPart(asked.request, 'itemId'));
  const mayCreate = readFlag(asked.request.query, 'allowMissing');
  const body = parseBody(await readMemoryBody(asked.request));
  if (body.value !== undefined) measureValue(body.value);
  const { memory, map } = openMap(asked);
  memory.units.take(1);
  const known = map.get(id) ?? (mayCreate ? undefined : refuseMissing());
  const entry = createEntry(id, known ? { ...body, ...keepRest(body, known) } : body, memory);
  const lifetime = known && body.ttlMs === undefined ? known.lifetime : entry.lifetime;
  return createJsonAnswer(formatItem(map.set({ ...entry, lifetime }), asked));
});

export const deleteSortedMapItem = handleMemory((asked) => {
  const id = readPart(asked.request, 'itemId');
  const { memory, map } = openMap(asked);
  memory.units.take(1);
  if (!map.remove(id)) refuseMissing();
  return createJsonAnswer({});
});

function openMap({ request, open }: MemoryRequest) {
  const memory = open();
  return { memory, map: memory.sortedMap(readPart(request, 'mapId')) };
}

function checkId(id: string): string {
  if (id.length <= MAX_ID_LENGTH) return checkName(id, 'the id');
  throw invalidRequest(`the id has ${id.length} characters, and may have 1 to ${MAX_ID_LENGTH}`);
}

function parseBody(bytes: Uint8Array): ItemBody {
  const { value, stringSortKey, numericSortKey, ttl } = parseJsonObject(bytes);
  return {
    value,
    sortKey: parseSortKey(stringSortKey ?? undefined, numericSortKey ?? undefined),
    ttlMs: ttl === undefined ? undefined : parseDuration(ttl, 'ttl', MAX_LIFETIME_SECONDS),
  };
}

function parseSortKey(text: JsonValue | undefined, number: JsonValue | undefined): SortKey | undefined {
  if (text !== undefined && number !== undefined) {
    throw invalidRequest('stringSortKey and numericSortKey do not go together');
  }
  if (text !== undefined && typeof text !== 'string') throw invalidRequest('stringSortKey must be text');
  if (number !== undefined && (typeof number !== 'number' || !Number.isFinite(number))) {
    throw invalidRequest('numericSortKey must be a finite number');
  }
  const sortKey = text ?? number;
  return sortKey === undefined ? undefined : checkSortKey(sortKey);
}

function keepRest({ value, sortKey }: ItemBody, known: MapItem) {
  return {
    value: value === undefined ? known.value : value,
    sortKey: sortKey === undefined ? known.sortKey : sortKey,
  };
}

function createEntry(key: string, { value = null, sortKey = null, ttlMs }: ItemBody, memory: UniverseMemory) {
  return { key, value, sortKey, lifetime: memory.createLifetime(ttlMs ?? MAX_LIFETIME_SECONDS * 1000) };
}

function refuseMissing(): never {
  throw createV2Refusal('NOT_FOUND', 'The sorted map has no item with this id.');
}

function formatItem(item: MapItem, { request, universeId }: MemoryRequest): JsonValue {
  const { key, value, sortKey, etag, lifetime } = item;
  const map = encodeURIComponent(readPart(request, 'mapId'));
  return {
    path: `cloud/v2/universes/${universeId}/memory-store/sorted-maps/${map}/items/${encodeURIComponent(key)}`,
    id: key,
    value,
    etag,
    expireTime: formatTime(lifetime.endWallMs),
    ...(typeof sortKey === 'string' && { stringSortKey: sortKey }),
    ...(typeof sortKey === 'number' && { numericSortKey: sortKey }),
  };
}
