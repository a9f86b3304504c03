import type { Clock } from '../../clock.ts';
import type { EngineMethod } from '../engine-calls.ts';
import type { EngineMethodName } from '../engine-method-name.ts';
import type { MemoryStores } from './memory-stores.ts';
import { createQueueMethods } from './queue-methods.ts';
import { createSortedMapMethods } from './sorted-map-methods.ts';

/** What scripts reach of the memory stores. */
export function createMemoryMethods(stores: MemoryStores, clock: Clock) {
  return {
    ...createSortedMapMethods(stores),
    ...createQueueMethods(stores, clock),
  } satisfies Record<EngineMethodName, EngineMethod>;
}
