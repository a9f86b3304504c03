import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { Fault } from '../../src/emulator/faults.ts';
import type { ClosableLuauRunner, LuauJob } from '../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../src/emulator/luau/run-luau.ts';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { useWorkplaces, type Workplace } from './bin.ts';
import { type ByteGate, type GateHead, type Obstacle, useByteGates } from './byte-gate.ts';
import { describeSlips } from './emulator-slips.ts';

export const GATED_KEY = 'key-that-no-store-may-see-91c07d5e';

/** The built program, and an emulator with real Luau that it only reaches through gates that count bytes. */
export interface GatedSession {
  place: Workplace;
  /** In front of the API, to which places are uploaded too. */
  api: ByteGate;
  /** In front of presigned addresses. */
  store: ByteGate;
  /** Every script that ran. */
  jobs: LuauJob[];
  /** What is in the temporary directory of the program; newer Nodes keep a cache there. */
  listTemporary(): string[];
  /** The names in its working directory. */
  listFiles(): string[];
  read(name: string): Buffer;
}

export interface GatedOptions {
  files?: Readonly<Record<string, string | Uint8Array>>;
  faults?: readonly Fault[];
  /** What stands in the way of uploads and downloads, by `PUT`, `GET` and `POST`, the `nth` of its kind from 0. */
  obstruct?: (method: string, nth: number) => Obstacle | null;
}

/** Sessions for one test file; a test fails where a fault was not met. */
export function useGatedSessions(): (options?: GatedOptions) => Promise<GatedSession> {
  const openPlace = useWorkplaces();
  const openGate = useByteGates();
  const emulators: Emulator[] = [];
  const runners: ClosableLuauRunner[] = [];
  afterEach(async () => {
    const slips = emulators.flatMap(describeSlips);
    for (const emulator of emulators.splice(0)) await emulator.close();
    for (const runner of runners.splice(0)) await runner.close();
    if (slips.length > 0) throw new Error(slips.join('\n'));
  });
  return async ({ files = {}, faults = [], obstruct = () => null } = {}) => {
    const runner = createLuauRunner();
    runners.push(runner);
    const jobs: LuauJob[] = [];
    const emulator = await startEmulator({
      clock: systemClock,
      runLuau: (job) => {
        jobs.push(job);
        return runner(job);
      },
      apiKey: GATED_KEY,
      faults,
    });
    emulators.push(emulator);
    const counts = new Map<string, number>();
    const onHead = ({ method, path }: GateHead) => {
      const isTransfer = path.startsWith('/emulator/') || path.startsWith('/universes/v1/');
      if (!isTransfer) return null;
      const nth = counts.get(method) ?? 0;
      counts.set(method, nth + 1);
      return obstruct(method, nth);
    };
    const target = emulator.baseUrl;
    const store = await openGate({ target, onHead });
    const api = await openGate({ target, onHead, alias: store.url });
    const place = openPlace();
    const temporary = join(place.directory, 'tmp');
    mkdirSync(temporary);
    Object.assign(place.environment, {
      ROBLOX_API_KEY: GATED_KEY,
      ROBLOX_UNIVERSE_ID: '11',
      ROBLOX_PLACE_ID: '22',
      LUAU_EXEC_BASE_URL: api.url,
      TMPDIR: temporary,
    });
    for (const [name, content] of Object.entries(files)) {
      writeFileSync(join(place.directory, name), content);
    }
    return {
      ...{ place, api, store, jobs },
      listTemporary: () => readdirSync(temporary).filter((name) => name !== 'node-compile-cache'),
      listFiles: () =>
        readdirSync(place.directory)
          .filter((name) => name !== 'tmp' && name !== 'home')
          .sort(),
      read: (name) => readFileSync(join(place.directory, name)),
    };
  };
}
