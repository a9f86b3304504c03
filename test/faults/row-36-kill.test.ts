import { expect, it } from 'vitest';
import { useWorkplaces } from '../helpers/bin.ts';
import { useLoopbackEmulators } from '../helpers/loopback-emulator.ts';
import { killRuns } from '../soak/kill-runs.ts';

const openPlace = useWorkplaces();
const startEmulator = useLoopbackEmulators();

it('row 36: SIGKILL at random moments: no task is lost, and none is sent twice', async () => {
  const seed = Math.floor(Math.random() * 2 ** 31);
  try {
    const phases = await killRuns({ kills: 12, seed, place: openPlace(), startEmulator });
    expect([...phases.values()].reduce((sum, count) => sum + count, 0)).toBe(12);
  } catch (cause) {
    throw new Error(`failed with KILLS=12 KILL_SEED=${seed} npm run test:kill`, { cause });
  }
});
