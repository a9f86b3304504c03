import { Worker } from 'node:worker_threads';

/** Deep recursion in Luau is recursion in wasm too: with less, the VM would crash before Luau reports an overflow. */
const STACK_MIB = 8;

/** A thread for a Luau VM. It sees nothing of the environment, and what it writes to its streams goes nowhere. */
export function startLuauThread(file: string, workerData: object): Worker {
  return new Worker(file, {
    workerData,
    resourceLimits: { stackSizeMb: STACK_MIB },
    env: {},
    execArgv: [],
    stdout: true,
    stderr: true,
  });
}
