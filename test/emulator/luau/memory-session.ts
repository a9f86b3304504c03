import { afterAll, beforeAll, beforeEach } from 'vitest';
import { createEngineCalls } from '../../../src/emulator/engine-calls.ts';
import { addEngineFaults } from '../../../src/emulator/engine-faults.ts';
import { type Fault, FaultScript } from '../../../src/emulator/faults.ts';
import type { ClosableLuauRunner } from '../../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../../src/emulator/luau/run-luau.ts';
import { createMemoryMethods } from '../../../src/emulator/memory-store/memory-methods.ts';
import { MemoryStores } from '../../../src/emulator/memory-store/memory-stores.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { runScript, type ScriptRun } from '../../helpers/run-script.ts';

const NAMES = `
local Stores = game:GetService("MemoryStoreService")
local map, queue = Stores:GetSortedMap("map"), Stores:GetQueue("queue")
`;

/** Real Luau whose scripts share the memory of universe 11, empty and at the start of a minute for each test. */
export interface MemorySession {
  clock: FakeClock;
  /** Runs a script in which `Stores`, `map` and `queue` are known; lines are counted without them. */
  run(script: string, options?: { faults?: FaultScript; timeoutMs?: number }): Promise<ScriptRun>;
  /** What the script returned, or how it failed. */
  resultsOf(script: string): Promise<unknown>;
  /** The message of the error of an expression, in line 1. */
  errorOf(expression: string): Promise<unknown>;
}

export function useMemorySession(): MemorySession {
  let runner: ClosableLuauRunner;
  const state = { clock: new FakeClock(), stores: new MemoryStores(new FakeClock()) };
  beforeAll(() => {
    runner = createLuauRunner({ memoryMiB: 32, whileBusy: () => state.clock.hold() });
  });
  beforeEach(() => {
    state.clock = new FakeClock();
    state.stores = new MemoryStores(state.clock);
  });
  afterAll(() => runner.close());

  const run: MemorySession['run'] = async (script, { faults = scriptFaults(), timeoutMs = 300_000 } = {}) => {
    const { clock, stores } = state;
    const engine = addEngineFaults(
      createEngineCalls(createMemoryMethods(stores, clock), '11'),
      faults,
      clock,
    );
    const stop = clock.startAutomatic();
    try {
      return await runScript(runner, `${NAMES.replaceAll('\n', ' ')}${script}`, { clock, timeoutMs, engine });
    } finally {
      stop();
    }
  };
  const resultsOf = async (script: string) => {
    const { result } = await run(script);
    return result.kind === 'complete' ? result.results : result;
  };
  return {
    get clock() {
      return state.clock;
    },
    run,
    resultsOf,
    errorOf: async (expression) => {
      const { result } = await run(`local _ = ${expression}`);
      return result.kind === 'failed' ? result.message : result;
    },
  };
}

export function scriptFaults(...faults: Fault[]): FaultScript {
  return new FaultScript(faults);
}
