import { systemClock } from '../clock.ts';
import { delayLuauOptimisation } from '../luau/luau-tiering.ts';
import { createLuauRunner } from './luau/run-luau.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from './server.ts';

export type LuauEmulatorOptions = Partial<EmulatorOptions>;

/**
 * Starts an emulator of Open Cloud's Luau Execution that runs scripts as real Luau, by default on a free port of
 * 127.0.0.1. Throws a `LuauExecError`: of kind `usage` when an option is of no use, of kind `internal`
 * when the Luau VM that came with the package is not the known one.
 */
export async function startLuauEmulator(options: LuauEmulatorOptions = {}): Promise<Emulator> {
  const runner = createLuauRunner();
  const emulator = await startEmulator({ clock: systemClock, runLuau: runner, ...options });
  return {
    ...emulator,
    close: async () => {
      await emulator.close();
      await runner.close();
    },
  };
}

/** The same for a process that is there for the emulator alone, whose V8 can be tuned for Luau. */
export function startProcessEmulator(options: LuauEmulatorOptions): Promise<Emulator> {
  delayLuauOptimisation();
  return startLuauEmulator(options);
}
