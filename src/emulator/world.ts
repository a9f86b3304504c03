import type { BinarySlots } from './binary-slots.ts';
import type { MemoryStores } from './memory-store/memory-stores.ts';
import type { MessageBoard } from './messaging/message-board.ts';
import type { Places } from './places.ts';
import type { RateWindows } from './rate-windows.ts';
import type { TaskRuns } from './task-runs.ts';
import type { TaskStore } from './task-store.ts';

/** Everything that one emulator remembers. Two emulators share nothing. */
export interface World {
  /** The only key that is good; null when every key is. */
  apiKey: string | null;
  /** How many log messages make one chunk of a task's logs. */
  logChunkMessages: number;
  rates: RateWindows;
  places: Places;
  tasks: TaskStore;
  slots: BinarySlots;
  runs: TaskRuns;
  memory: MemoryStores;
  messages: MessageBoard;
}
