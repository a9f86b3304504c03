import { afterEach } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Fault } from '../../src/emulator/faults.ts';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { describeSlips } from './emulator-slips.ts';
import { createScriptedLuau, type ScriptedRun } from './scripted-luau.ts';

export const LIVE_API_KEY = 'live-key-51d2e84b607f3a9c';

/** An emulator in this process, in real time, for programs in processes of their own. */
export interface LiveEmulator {
  emulator: Emulator;
  /** What leads the program to it: key, ids and base URL. */
  env: Record<string, string>;
}

/** Emulators for one test file; all are closed after each test, which fails where a fault was not met. */
export function useLiveEmulators(): (options?: {
  scripts?: Readonly<Record<string, ScriptedRun>>;
  faults?: readonly Fault[];
}) => Promise<LiveEmulator> {
  const emulators: Emulator[] = [];
  afterEach(async () => {
    const slips = emulators.flatMap(describeSlips);
    for (const emulator of emulators.splice(0)) await emulator.close();
    if (slips.length > 0) throw new Error(slips.join('\n'));
  });
  return async ({ scripts = {}, faults = [] } = {}) => {
    const { runLuau } = createScriptedLuau(scripts);
    const emulator = await startEmulator({ runLuau, clock: systemClock, apiKey: LIVE_API_KEY, faults });
    emulators.push(emulator);
    const env = {
      ROBLOX_API_KEY: LIVE_API_KEY,
      UNIVERSE_ID: '11',
      PLACE_ID: '22',
      LUAU_EXEC_BASE_URL: emulator.baseUrl,
    };
    return { emulator, env };
  };
}
