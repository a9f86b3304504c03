import { setFlagsFromString } from 'node:v8';

/**
 * Makes V8 wait with optimising the Luau VM until a script has computed for some tenths of a second. By default it
 * begins while the VM starts, and the end of the process waits for it: a small script then takes 0.95 s of processor
 * time instead of 0.34 s, and one that computes for a second 1.5 s instead of 1.2 s (Node 20, 2026-11-21). The flag is
 * the process's own, so it is set by the command line and not by the library; to be called before the VM is compiled.
 */
export function delayLuauOptimisation(): void {
  setFlagsFromString('--wasm-tiering-budget=300000000');
}
