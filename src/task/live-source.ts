import type { OpenCloudClient } from '../open-cloud/client.ts';
import type { MemoryStoreCallOptions } from '../open-cloud/memory-store.ts';
import type { JsonValue } from '../open-cloud/task.ts';

/** Where batches of live messages come from, as the harness wrote them. */
export interface LiveSource {
  /** Hands over what is new; what was handed over does not come again, if all goes well. Throws `LuauExecError`. */
  take(receive: (batch: JsonValue) => void, options: MemoryStoreCallOptions): Promise<void>;
  /** Nobody takes any more. */
  close(): void;
}

/** The queue that a run sends its log messages to. */
export function nameLiveQueue(runId: string): string {
  return `luau-exec-live-${runId}`;
}

/** The queue of a run. What one reader takes off it, no other sees. */
export function createQueueSource(
  client: OpenCloudClient,
  { universeId, runId }: { universeId: string; runId: string },
): LiveSource {
  const name = { universeId, queue: nameLiveQueue(runId) };
  return {
    async take(receive, options) {
      const { readId, values } = await client.memoryStore.readQueue(name, options);
      for (const value of values) receive(value);
      if (values.length > 0 && readId !== '') {
        await client.memoryStore.discardQueueItems(name, readId, options);
      }
    },
    close: () => undefined,
  };
}
