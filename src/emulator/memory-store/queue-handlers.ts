import type { JsonValue } from '../../open-cloud/task.ts';
import { createJsonAnswer, createV2Refusal } from '../api-answers.ts';
import { parseJsonObject } from '../json-body.ts';
import { formatTime } from '../task-json.ts';
import { invalidRequest, MAX_LIFETIME_SECONDS, measureValue } from './item-rules.ts';
import {
  handleMemory,
  parseDuration,
  readCutCount,
  readFlag,
  readMemoryBody,
  readPart,
} from './memory-handler.ts';
import type { QueueItem } from './memory-queue.ts';
import { findQueueItems, takeQueueItems } from './read-queue.ts';

const MAX_READ = 200;

export const createQueueItem = handleMemory(async ({ request, universeId, open }) => {
  const name = readPart(request, 'queueId');
  const { data = null, priority = 0, ttl } = parseJsonObject(await readMemoryBody(request));
  measureValue(data);
  if (typeof priority !== 'number' || !Number.isFinite(priority)) {
    throw invalidRequest('priority must be a finite number');
  }
  const ttlMs = parseDuration(ttl ?? `${MAX_LIFETIME_SECONDS}s`, 'ttl', MAX_LIFETIME_SECONDS);
  const memory = open();
  const queue = memory.queue(name);
  memory.units.take(1);
  const item = queue.add({ value: data, priority, lifetime: memory.createLifetime(ttlMs) });
  return createJsonAnswer(formatItem(item, { universeId, name }));
});

export const readQueueItems = handleMemory(({ request, universeId, open }) => {
  const { query } = request;
  const read = {
    queue: readPart(request, 'queueId'),
    count: readCutCount(query, 'count', MAX_READ),
    isAllOrNothing: readFlag(query, 'allOrNothing'),
    invisibleMs: parseDuration(
      query.get('invisibilityWindow') ?? '30s',
      'invisibilityWindow',
      MAX_LIFETIME_SECONDS,
    ),
  };
  const memory = open();
  const items = findQueueItems(memory, read);
  const readId = takeQueueItems(memory, items, read);
  if (read.isAllOrNothing && items.length === 0) {
    throw createV2Refusal('NOT_FOUND', `The queue has fewer than ${read.count} items to read.`);
  }
  const name = read.queue;
  return createJsonAnswer({ readId, items: items.map((item) => formatItem(item, { universeId, name })) });
});

export const discardQueueItems = handleMemory(async ({ request, open }) => {
  const { readId } = parseJsonObject(await readMemoryBody(request));
  if (typeof readId !== 'string' || readId === '')
    throw invalidRequest('readId must be the readId of a read');
  const memory = open();
  const queue = memory.queue(readPart(request, 'queueId'));
  memory.units.take(1);
  queue.discard(readId, memory.now());
  return createJsonAnswer({});
});

function formatItem(item: QueueItem, { universeId, name }: { universeId: string; name: string }): JsonValue {
  const { id, value, priority, lifetime } = item;
  return {
    path: `cloud/v2/universes/${universeId}/memory-store/queues/${encodeURIComponent(name)}/items/${id}`,
    id,
    data: value,
    priority,
    expireTime: formatTime(lifetime.endWallMs),
  };
}
