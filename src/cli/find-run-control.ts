import { LuauExecError } from '../errors.ts';
import type { RunControl } from '../task/control-channel.ts';
import type { OpenTask } from './open-task.ts';

const PATIENCE_MS = 20_000;

/**
 * The way to a run while it runs: as the journal knows it or, of a run that was sent from elsewhere, as its script says it
 * that the service has kept. Null for a run without a harness, and where the script cannot be had.
 */
export async function findRunControl(open: OpenTask, signal: AbortSignal): Promise<RunControl | null> {
  const { client, path, run } = open;
  if (run !== null) {
    const { runId, isCancellable, isLive } = run.facts;
    return isCancellable || isLive ? { runId, isCancellable, isLive } : null;
  }
  const { readRunControl } = await import('../script/harness.ts');
  try {
    const { script } = await client.getTask(path, { view: 'FULL', signal, patienceMs: PATIENCE_MS });
    return readRunControl(script);
  } catch (error) {
    if (error instanceof LuauExecError && !signal.aborted) return null;
    throw error;
  }
}
