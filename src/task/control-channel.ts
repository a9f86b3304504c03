import type { OpenCloudClient } from '../open-cloud/client.ts';
import type { LiveSource } from './live-source.ts';

/** How a run that was sent with a harness (script/harness.luau) is reached while it runs. */
export interface RunControl {
  /** What the run is known by in the memory store: letters, digits and dashes. */
  runId: string;
  isCancellable: boolean;
  isLive: boolean;
  /** How often its live messages are read; 1 s where it is absent. */
  liveSeconds?: number;
  /** Another way to its live messages than to take them off its queue. */
  createSource?: (queue: LiveSource) => LiveSource;
}

/** The sorted map in which a run looks for its id. The harness knows the name too. */
export const CONTROL_MAP = 'luau-exec-control';

/** Longer than any run, its start included. */
const REQUEST_TTL_SECONDS = 600;
const REQUEST_PATIENCE_MS = 20_000;

/** Tells a run to stop; it hears of it when it next looks. Throws `LuauExecError` where that could not be written. */
export function requestCancel(
  client: OpenCloudClient,
  target: { universeId: string; runId: string; signal: AbortSignal },
): Promise<void> {
  const { universeId, runId, signal } = target;
  return client.memoryStore.setSortedMapItem(
    {
      universeId,
      map: CONTROL_MAP,
      id: runId,
      value: true,
      ttlSeconds: REQUEST_TTL_SECONDS,
    },
    { signal, patienceMs: REQUEST_PATIENCE_MS },
  );
}
