import type { LuauJob, LuauLogEntry, LuauResult, LuauRunner } from '../../src/emulator/luau/luau-runner.ts';

/** What becomes of one script, told in virtual time. */
export interface ScriptedRun {
  /** From the start of the script to its end; 0 when absent. */
  afterMs?: number;
  /** Printed at the start of the script, or `atMs` after it. */
  logs?: readonly (LuauLogEntry & { atMs?: number })[];
  /** Complete with no results when absent. */
  result?: LuauResult;
}

/** A runner that knows its scripts by their text and runs them on the job's own clock. */
export interface ScriptedLuau {
  runLuau: LuauRunner;
  /** Every job that was handed to the runner, in order. */
  jobs: LuauJob[];
  /** Texts of the scripts that were stopped from outside. */
  cancelled: string[];
}

/** A script that is not in the table fails with `SCRIPT_ERROR`, so that a slip in a test cannot pass. */
export function createScriptedLuau(runs: Readonly<Record<string, ScriptedRun>>): ScriptedLuau {
  const jobs: LuauJob[] = [];
  const cancelled: string[] = [];
  return {
    jobs,
    cancelled,
    async runLuau(job) {
      jobs.push(job);
      const run = runs[job.script];
      if (!run) return { kind: 'failed', code: 'SCRIPT_ERROR', message: 'this script is not in the table' };
      try {
        return await play(run, job);
      } catch {
        cancelled.push(job.script);
        return { kind: 'cancelled' };
      }
    },
  };
}

async function play(run: ScriptedRun, job: LuauJob): Promise<LuauResult> {
  const { afterMs = 0, logs = [], result = { kind: 'complete', results: [] } } = run;
  const endMs = Math.min(afterMs, job.timeoutMs);
  let elapsedMs = 0;
  const sleepUntil = async (atMs: number) => {
    if (atMs > elapsedMs) await job.clock.sleep(atMs - elapsedMs, job.signal);
    elapsedMs = Math.max(elapsedMs, atMs);
  };
  for (const { atMs = 0, level, message } of logs) {
    await sleepUntil(Math.min(atMs, endMs));
    job.onLog({ level, message });
  }
  await sleepUntil(endMs);
  if (afterMs <= job.timeoutMs) return result;
  return {
    kind: 'failed',
    code: 'DEADLINE_EXCEEDED',
    message: 'the script ran longer than its timeout',
  };
}
