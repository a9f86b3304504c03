import { systemClock } from '../../src/clock.ts';
import type {
  ClosableLuauRunner,
  LuauJob,
  LuauLogEntry,
  LuauResult,
} from '../../src/emulator/luau/luau-runner.ts';
import type { FakeClock } from './fake-clock.ts';

/** What `game.PlaceVersion` says. */
export const PLACE_VERSION = 33;

export interface ScriptRun {
  result: LuauResult;
  logs: LuauLogEntry[];
}

/** Runs one script on `runLuau` with a generous time limit and keeps its log messages. */
export async function runScript(
  runLuau: ClosableLuauRunner,
  script: string,
  job: Partial<LuauJob> = {},
): Promise<ScriptRun> {
  const logs: LuauLogEntry[] = [];
  const result = await runLuau({
    script,
    timeoutMs: 60_000,
    clock: systemClock,
    place: { universeId: '11', placeId: '22', placeVersion: PLACE_VERSION, jobId: 'job-44' },
    onLog: (entry) => logs.push(entry),
    ...job,
  });
  return { result, logs };
}

/** The same on a clock that moves by itself whenever the script waits. */
export async function runOnFakeClock(
  runLuau: ClosableLuauRunner,
  clock: FakeClock,
  script: string,
): Promise<ScriptRun> {
  const stop = clock.startAutomatic();
  try {
    return await runScript(runLuau, script, { clock, timeoutMs: 300_000 });
  } finally {
    stop();
  }
}

/** The text that an uncaught error leaves in the log. */
export function uncaught(message: string, ...stack: string[]): LuauLogEntry {
  const lines = stack.map((frame) => `Script 'TaskScript', ${frame}`);
  return { level: 'ERROR', message: [message, 'Stack Begin', ...lines, 'Stack End'].join('\n') };
}

export function scriptError(message: string): LuauResult {
  return { kind: 'failed', code: 'SCRIPT_ERROR', message };
}
