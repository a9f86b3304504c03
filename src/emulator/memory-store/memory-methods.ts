import type { Clock } from '../../clock.ts';
import type { EngineMethods } from '../engine-calls.ts';
import type { MemoryStores } from './memory-stores.ts';
import { createQueueMethods } from './queue-methods.ts';
import { createSortedMapMethods } from './sorted-map-methods.ts';

/** What scripts reach of the memory stores. */
export function createMemoryMethods(stores: MemoryStores, clock: Clock): EngineMethods {
  return {
    ...createSortedMapMethods(stores),
    ...createQueueMethods(stores, clock),
  };
}
