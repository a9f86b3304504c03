import type { Fault } from '../../src/emulator/faults.ts';
import type { LuauJob, LuauResult, LuauRunner } from '../../src/emulator/luau/luau-runner.ts';
import type { JsonValue } from '../../src/open-cloud/task.ts';
import type { CliSession, CliSessionOptions } from '../helpers/cli-session.ts';
import { refusal } from './service-setup.ts';

/** What becomes of a script that was sent with a harness, told in virtual time. */
interface ControlledRun {
  afterMs: number;
  result?: LuauResult;
  /** What its harness puts into the queue at the start: the number of the first message, then messages. */
  batch?: JsonValue[];
  /** What is kept of the log. */
  logs?: readonly string[];
}

/** Sessions in which every script comes to the same. */
export function controlled(run: ControlledRun, faults: readonly Fault[] = []): CliSessionOptions {
  return { files: { 'a.luau': 'return 1' }, emulator: { runLuau: createRunner(run) }, faults };
}

/** A run that ends as its harness ends it, some seconds after it could have been told to. */
export const STOPPED = controlled({
  afterMs: 5_000,
  result: { kind: 'failed', code: 'SCRIPT_ERROR', message: 'luau-exec: cancelled run abc-1' },
});
export const SHORT = controlled({ afterMs: 5_000 });
export const DEAF = controlled({ afterMs: 100_000 });
/** The key may not write into the memory store. */
export const MAY_NOT_STOP = controlled({ afterMs: 100_000 }, [
  { request: 'updateSortedMapItem', do: refusal(403, 'PERMISSION_DENIED', 'no') },
]);

export const detached =
  (...flags: string[]) =>
  (session: CliSession) =>
    session.run('run', 'a.luau', '--detach', '-q', ...flags);

function createRunner({ afterMs, result, batch, logs = [] }: ControlledRun): LuauRunner {
  return async (job) => {
    for (const message of logs) job.onLog({ level: 'OUTPUT', message });
    if (batch) addBatch(job, batch);
    await job.clock.sleep(afterMs, job.signal).catch(() => undefined);
    return result ?? { kind: 'complete', results: [] };
  };
}

function addBatch({ script, engine, signal }: LuauJob, value: JsonValue[]): void {
  const runId = /="([\w-]+)",game,/.exec(script)?.[1] ?? '';
  const input = { queue: `luau-exec-live-${runId}`, value, expiration: 300, priority: 0 };
  const ended = signal ?? new AbortController().signal;
  engine?.({ method: 'MemoryStoreQueue:AddAsync', input }, () => undefined, ended);
}
