import { afterEach } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Fault } from '../../src/emulator/faults.ts';
import { type EmulatorOptions, startEmulator } from '../../src/emulator/server.ts';
import { describeSlips } from './emulator-slips.ts';
import { createScriptedLuau, type ScriptedLuau, type ScriptedRun } from './scripted-luau.ts';

/** An emulator in real time, for programs in processes of their own. */
export interface LoopbackEmulator {
  baseUrl: string;
  /** What a process needs in its environment to talk to it. */
  env: Record<string, string>;
  /** Every job that came of a create, in order: as many as there were creates that were carried out. */
  jobs: ScriptedLuau['jobs'];
  /** Resolves when a fault holds an answer back: a request is on the wire and stays there. */
  untilStalled(): Promise<void>;
}

export interface LoopbackOptions extends Pick<Partial<EmulatorOptions>, 'clock' | 'bootDelayMs'> {
  scripts: Readonly<Record<string, ScriptedRun>>;
  faults?: readonly Fault[];
}

/** Makes emulators for one test file; each is closed after its test, which fails when one of its faults was not met. */
export function useLoopbackEmulators(): (options: LoopbackOptions) => Promise<LoopbackEmulator> {
  const closings: (() => Promise<string[]>)[] = [];
  afterEach(async () => {
    const slips = (await Promise.all(closings.splice(0).map((close) => close()))).flat();
    if (slips.length > 0) throw new Error(slips.join('\n'));
  });
  return async ({ scripts, ...options }) => {
    const { runLuau, jobs } = createScriptedLuau(scripts);
    let noteStall: () => void = () => undefined;
    const stalled = new Promise<void>((resolve) => {
      noteStall = resolve;
    });
    const onStall = () => {
      noteStall();
      return () => undefined;
    };
    const emulator = await startEmulator({ clock: systemClock, ...options, runLuau, onStall });
    closings.push(async () => {
      const slips = describeSlips(emulator);
      await emulator.close();
      return slips;
    });
    const env = {
      ROBLOX_API_KEY: 'any-key-will-do',
      ROBLOX_UNIVERSE_ID: '11',
      ROBLOX_PLACE_ID: '22',
      LUAU_EXEC_BASE_URL: emulator.baseUrl,
    };
    return { baseUrl: emulator.baseUrl, env, jobs, untilStalled: () => stalled };
  };
}
