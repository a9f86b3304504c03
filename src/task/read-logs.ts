import type { Clock } from '../clock.ts';
import type { LuauExecError } from '../errors.ts';
import type { RequestWait } from '../open-cloud/api-session.ts';
import type { LogReading, OpenCloudClient } from '../open-cloud/client.ts';
import type { FinishedTask } from '../open-cloud/task.ts';
import { unwrapLogs } from './harness-marks.ts';
import { findLostLogs } from './lost-logs.ts';
import type { OutcomeLogs } from './outcome.ts';

export interface ReadLogsOptions {
  client: OpenCloudClient;
  clock: Clock;
  signal: AbortSignal;
  onWait?: ((wait: RequestWait) => void) | undefined;
  /** True when the script is known to print: then silence right after the end is not believed at once. */
  mayPrint: boolean;
}

/** For 1 to 5 s after the end the list can still be empty (seen live), so an empty one is read again after these. */
const REREAD_AFTER_MS = [1_000, 2_000];

/** The logs of a task that has just finished. Failing to read them is reported, never thrown. */
export async function readLogs(
  task: FinishedTask,
  options: ReadLogsOptions,
): Promise<{ logs: OutcomeLogs; error: LuauExecError | null }> {
  const { client, signal, onWait } = options;
  let reading = await client.listLogs(task.path, { signal, onWait });
  for (const waitMs of REREAD_AFTER_MS) {
    if (!isSuspiciouslyEmpty(reading, task, options.mayPrint)) break;
    await options.clock.sleep(waitMs, signal);
    reading = await client.listLogs(task.path, { signal, onWait });
  }
  return { logs: createOutcomeLogs(reading, task), error: reading.error };
}

export function createOutcomeLogs({ messages, error }: LogReading, task: FinishedTask): OutcomeLogs {
  return {
    messages: unwrapLogs(messages),
    complete: error === null,
    // Of what the service keeps, before a stack is put where it belongs.
    lost: findLostLogs(messages, task),
  };
}

/** A silent script still has one chunk, an empty one; no chunk at all means that nothing is stored yet. */
function isSuspiciouslyEmpty(reading: LogReading, task: FinishedTask, mayPrint: boolean): boolean {
  if (reading.error !== null || reading.messages.length > 0) return false;
  // An uncaught error is always logged.
  return (
    reading.chunkCount === 0 || mayPrint || (task.phase === 'failed' && task.error.code === 'SCRIPT_ERROR')
  );
}
