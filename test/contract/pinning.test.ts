import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { addVersionGuard } from '../../src/script/version-guard.ts';
import { decideCadence } from '../../src/task/poll-cadence.ts';
import { PollScheduler } from '../../src/task/poll-scheduler.ts';
import type { RunEvent } from '../../src/task/run-event.ts';
import { runTask } from '../../src/task/run-task.ts';
import { CONTRACT_TARGETS, CONTRACT_TIMEOUT_MS, type Connection, useConnection } from './contract-targets.ts';

const SCRIPT = 'print("ran") return game.PlaceVersion';

/** Runs the script at head, behind a guard for this version where one is given. */
function run({ client, universeId, placeId }: Connection, versionId: string | null, events: string[] = []) {
  const scheduler = new PollScheduler({
    clock: systemClock,
    cadence: decideCadence(client.origin),
    readWindow: () => client.readWindow('getTask'),
  });
  const guard = { nonce: randomUUID(), hasBinaryOutput: false };
  const guarded = versionId === null ? null : addVersionGuard(SCRIPT, { versionId, ...guard });
  return runTask(
    { universeId, placeId, versionId, timeoutSeconds: 60, script: SCRIPT, guarded },
    { client, scheduler, onEvent: ({ type }: RunEvent) => void events.push(type) },
  );
}

// What a version guard rests on: that game.PlaceVersion is the version that a task's path names.
describe.each(CONTRACT_TARGETS)('$name', { timeout: CONTRACT_TIMEOUT_MS }, (target) => {
  const service = useConnection(target);

  it('tells a script the version of its place, and lets a guard for that version through', async () => {
    const plain = await run(service(), null);
    const { versionId } = plain.task.path;
    expect(plain.task).toMatchObject({ phase: 'complete', results: [Number(versionId)] });
    const events: string[] = [];
    const guarded = await run(service(), versionId, events);
    expect(guarded.task).toMatchObject({ phase: 'complete', results: [Number(versionId)] });
    expect(guarded.logs.messages.map(({ message }) => message)).toEqual(['ran']);
    expect(events).not.toContain('pinning');
  });

  it('runs nothing behind a guard for a version that is not there', async () => {
    const events: string[] = [];
    await expect(run(service(), '2000000000', events)).rejects.toMatchObject({ id: 'LX404' });
    expect(events).toContain('pinning');
    expect(events).not.toContain('outcome');
  });
});
