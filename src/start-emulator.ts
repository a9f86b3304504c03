import type { LuauEmulatorOptions } from './emulator/luau-emulator.ts';
import type { Emulator } from './emulator/server.ts';

/**
 * Starts an emulator of Open Cloud's Luau Execution that runs scripts as real Luau, by default on a free port of
 * 127.0.0.1. Its code is loaded by the first call. Throws a `LuauExecError` of kind `usage` when an option is of
 * no use, as is an address that cannot be listened on.
 */
export async function startEmulator(options: LuauEmulatorOptions = {}): Promise<Emulator> {
  const { startLuauEmulator } = await import('./emulator/luau-emulator.ts');
  return startLuauEmulator(options);
}
