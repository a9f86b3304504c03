import { randomUUID } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { LogMessage } from '../../src/open-cloud/task.ts';
import { createHarness, setRunId } from '../../src/script/harness.ts';
import { outline } from '../../src/script/syntax/outline.ts';
import { wrapSource } from '../../src/script/wrapping.ts';
import { CONTROL_MAP } from '../../src/task/control-channel.ts';
import { unwrapLogs } from '../../src/task/harness-marks.ts';
import { decideCadence } from '../../src/task/poll-cadence.ts';
import { PollScheduler } from '../../src/task/poll-scheduler.ts';
import { runTask } from '../../src/task/run-task.ts';
import { CONTRACT_TARGETS, CONTRACT_TIMEOUT_MS, type Connection, useConnection } from './contract-targets.ts';

const PATIENCE = { patienceMs: 20_000 };

const HARNESS = { isCancellable: true, isLive: true, pollSeconds: 2, liveSeconds: 1 };

function wrap(script: string, runId: string): string {
  const wrapping = createHarness(HARNESS);
  const chunk = wrapSource({ text: script, outline: outline(script) }, { prologue: '', wrapping });
  return setRunId(chunk, runId);
}

/** Runs a script with a harness; `watch` is called for each message that came while it ran. */
function runControlled(
  { client, universeId, placeId }: Connection,
  script: string,
  { stop, watch }: { stop?: AbortSignal; watch?: (message: LogMessage) => void } = {},
) {
  const runId = randomUUID();
  const scheduler = new PollScheduler({
    clock: systemClock,
    cadence: decideCadence(client.origin),
    readWindow: () => client.readWindow('getTask'),
  });
  return runTask(
    { universeId, placeId, versionId: null, timeoutSeconds: 60, script: wrap(script, runId) },
    {
      ...{ client, scheduler, control: { runId, isCancellable: true, isLive: true } },
      ...(stop && { stop }),
      onEvent: (event) => {
        if (event.type === 'live') for (const message of event.messages) watch?.(message);
      },
    },
  );
}

// What the control channel rests on: nobody has seen these answers of the service. Items that are written are forgotten
// within ten minutes, and no other key of the experience is touched.
describe.each(CONTRACT_TARGETS)('$name', { timeout: CONTRACT_TIMEOUT_MS }, (target) => {
  const service = useConnection(target);

  it('lets a queue be read and its items discarded, and sets an item of a sorted map twice', async () => {
    const { client, universeId } = service();
    const queue = { universeId, queue: `luau-exec-live-${randomUUID()}` };
    const reading = await client.memoryStore.readQueue(queue, PATIENCE);
    expect(reading.values).toEqual([]);

    const item = { universeId, map: CONTROL_MAP, id: randomUUID(), value: true, ttlSeconds: 60 };
    await client.memoryStore.setSortedMapItem(item, PATIENCE);
    await client.memoryStore.setSortedMapItem(item, PATIENCE);
  });

  it('answers a running script from the memory store what was written over HTTP', async () => {
    const { client, universeId, run } = service();
    const item = { universeId, map: CONTROL_MAP, id: randomUUID(), value: true, ttlSeconds: 60 };
    await client.memoryStore.setSortedMapItem(item, PATIENCE);
    const outcome = await run(`
local map = game:GetService("MemoryStoreService"):GetSortedMap("${CONTROL_MAP}")
return (map:GetAsync("${item.id}")), (map:GetAsync("${randomUUID()}"))`);
    expect(outcome).toMatchObject({ verdict: 'ok', task: { results: [true, null] } });
  });

  it('lets a run with a harness return what it would without, and shows what it prints meanwhile', async () => {
    const messages: string[] = [];
    const outcome = await runControlled(
      service(),
      'for i = 1, 5 do print("line", i) task.wait(1) end warn("last") return 1, nil, "x"',
      { watch: ({ message }) => messages.push(message) },
    );
    expect(outcome).toMatchObject({ verdict: 'ok', task: { results: [1, null, 'x'] } });
    const kept = outcome.logs.messages.map(({ message }) => message);
    expect(kept).toEqual(['line 1', 'line 2', 'line 3', 'line 4', 'line 5', 'last']);
    expect(messages.slice(0, 3)).toEqual(kept.slice(0, 3));
  });

  it('lets an error through as it is, at its line', async () => {
    const outcome = await runControlled(
      service(),
      '\nlocal function fail()\n\terror("no luck")\nend\nfail()',
    );
    expect(outcome).toMatchObject({
      verdict: 'script_failed',
      task: { error: { code: 'SCRIPT_ERROR', message: expect.stringContaining('TaskScript:3: no luck') } },
    });
    expect(unwrapLogs(outcome.logs.messages).at(-1)?.message).toContain('Line 3 - function fail');
  });

  it('stops a run that waits', async () => {
    const stop = new AbortController();
    const outcome = await runControlled(service(), 'while true do print("on") task.wait(0.5) end', {
      stop: stop.signal,
      watch: () => stop.abort(),
    });
    expect(outcome.verdict).toBe('cancelled');
    expect(outcome.task.updateTime).not.toBeNull();
  });
});
