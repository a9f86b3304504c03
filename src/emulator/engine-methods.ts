import type { Clock } from '../clock.ts';
import { createDataStoreMethods } from './data-stores/data-store-methods.ts';
import type { EntryStore } from './data-stores/entry-store.ts';
import type { EngineMethods } from './engine-calls.ts';
import { createMemoryMethods } from './memory-store/memory-methods.ts';
import type { MemoryStores } from './memory-store/memory-stores.ts';
import type { MessageBoard } from './messaging/message-board.ts';
import { createMessagingMethods } from './messaging/messaging-methods.ts';

/** What the methods of scripts work on. */
export interface EngineData {
  memory: MemoryStores;
  entries: EntryStore;
  messages: MessageBoard;
  clock: Clock;
}

/** Every method of a script whose data lies outside of its VM. */
export function createEngineMethods({ memory, entries, messages, clock }: EngineData): EngineMethods {
  return {
    ...createMemoryMethods(memory, clock),
    ...createDataStoreMethods(entries, clock),
    ...createMessagingMethods(messages),
  };
}
