import { expect, it } from 'vitest';
import { useWorkplaces } from '../helpers/bin.ts';
import { useLoopbackEmulators } from '../helpers/loopback-emulator.ts';
import { killRuns } from './kill-runs.ts';

const openPlace = useWorkplaces();
const startEmulator = useLoopbackEmulators();

it('no task is lost when the program is killed at any moment', async () => {
  const kills = Number(process.env.KILLS ?? 200);
  const seed = Number(process.env.KILL_SEED ?? Math.floor(Math.random() * 2 ** 31));
  process.stdout.write(`${kills} kills; repeat with KILL_SEED=${seed} npm run test:kill\n`);
  const phases = await killRuns({ kills, seed, place: openPlace(), startEmulator });
  for (const [phase, count] of phases) process.stdout.write(`${String(count).padStart(5)} ${phase}\n`);
  // A few kills may all hit the same moment.
  const few = kills < 100 ? -1 : kills / 20;
  expect(phases.get('in the create') ?? 0).toBeGreaterThan(few);
  expect(phases.get('watching') ?? 0).toBeGreaterThan(few);
}, 600_000);
