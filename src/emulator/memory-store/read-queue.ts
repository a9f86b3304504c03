import type { QueueItem } from './memory-queue.ts';
import type { UniverseMemory } from './memory-stores.ts';

export interface QueueRead {
  queue: string;
  count: number;
  isAllOrNothing: boolean;
  invisibleMs: number;
}

/** The items at the front of a queue that a read would take; none where it wants all of `count` and there are fewer. */
export function findQueueItems(
  memory: UniverseMemory,
  { queue, count, isAllOrNothing }: QueueRead,
): QueueItem[] {
  const visible = memory.queue(queue).listVisible(memory.now());
  return isAllOrNothing && visible.length < count ? [] : visible.slice(0, count);
}

/** Pays for a read and makes what it found invisible. Returns its read id. */
export function takeQueueItems(
  memory: UniverseMemory,
  items: readonly QueueItem[],
  { queue, invisibleMs }: QueueRead,
): string {
  memory.units.take(Math.max(1, items.length));
  return memory.queue(queue).claim(items, memory.now() + invisibleMs);
}
