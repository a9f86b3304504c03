import type { Clock } from '../../clock.ts';
import type { JsonValue } from '../../open-cloud/task.ts';
import { CallInput } from '../call-input.ts';
import type { EngineMethod } from '../engine-calls.ts';
import { invalidRequest, measureValue, readCount, readExpiration } from './item-rules.ts';
import type { MemoryStores, UniverseMemory } from './memory-stores.ts';
import { findQueueItems, type QueueRead, takeQueueItems } from './read-queue.ts';

const MAX_READ = 100;
const LOOK_AGAIN_MS = 2_000;

interface QueueCall {
  input: CallInput;
  memory: UniverseMemory;
  /** Its name. */
  queue: string;
}

/** The methods of MemoryStoreQueue, as `prelude/memory-stores.luau` calls them. */
export function createQueueMethods(stores: MemoryStores, clock: Clock) {
  const bind =
    (run: (call: QueueCall) => JsonValue): EngineMethod =>
    (value, { universeId }) => {
      const input = new CallInput(value);
      return run({ input, memory: stores.open(universeId), queue: input.text('queue') });
    };
  return {
    'MemoryStoreQueue:AddAsync': bind(addItem),
    'MemoryStoreQueue:ReadAsync': createRead(stores, clock),
    'MemoryStoreQueue:RemoveAsync': bind(removeItems),
    'MemoryStoreQueue:GetSizeAsync': bind(getSize),
  };
}

function addItem({ input, memory, queue }: QueueCall): JsonValue {
  const value = input.value('value');
  measureValue(value);
  const priority = input.optionalNumber('priority');
  if (priority === null) throw invalidRequest('the priority is a finite number');
  const lifetime = memory.createLifetime(readExpiration(input.optionalNumber('expiration')));
  memory.units.take(1);
  memory.queue(queue).add({ value, priority, lifetime });
  return null;
}

/** Looks every two seconds, each of them at the cost of a unit, until it finds something or the wait is over. */
function createRead(stores: MemoryStores, clock: Clock): EngineMethod {
  return async (value, { universeId, signal }) => {
    const input = new CallInput(value);
    const read = readRead(input);
    const endMs = clock.now() + readWait(input);
    for (;;) {
      const memory = stores.open(universeId);
      const items = findQueueItems(memory, read);
      const leftMs = endMs - clock.now();
      if (items.length > 0 || leftMs <= 0) {
        const id = takeQueueItems(memory, items, read);
        return { items: items.map((item) => item.value), ...(items.length > 0 && { id }) };
      }
      if (leftMs >= LOOK_AGAIN_MS) memory.units.take(1);
      await clock.sleep(Math.min(LOOK_AGAIN_MS, leftMs), signal);
    }
  };
}

function readRead(input: CallInput): QueueRead {
  return {
    queue: input.text('queue'),
    count: readCount(input.optionalNumber('count'), MAX_READ),
    isAllOrNothing: input.isTrue('isAllOrNothing'),
    invisibleMs: (input.optionalNumber('invisibleSeconds') ?? 0) * 1000,
  };
}

/** In milliseconds; infinite for -1. */
function readWait(input: CallInput): number {
  const seconds = input.optionalNumber('waitSeconds');
  if (seconds === -1) return Number.POSITIVE_INFINITY;
  if (seconds !== null && seconds >= 0) return seconds * 1000;
  throw invalidRequest('waitTimeout is 0 or more seconds, or -1');
}

function removeItems({ input, memory, queue }: QueueCall): JsonValue {
  const id = input.text('id');
  memory.units.take(1);
  memory.queue(queue).discard(id, memory.now());
  return null;
}

function getSize({ input, memory, queue: name }: QueueCall): JsonValue {
  memory.units.take(1);
  const queue = memory.queue(name);
  return input.isTrue('isVisibleOnly') ? queue.listVisible(memory.now()).length : queue.size;
}
