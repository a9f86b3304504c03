import { getEventListeners } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ClosableLuauRunner } from '../../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../../src/emulator/luau/run-luau.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { runScript } from '../../helpers/run-script.ts';

let runLuau: ClosableLuauRunner;
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 32 });
});
afterAll(() => runLuau.close());

test('twenty scripts at once do not disturb each other', async () => {
  const runs = Array.from({ length: 20 }, (_, index) =>
    runScript(runLuau, `_G.id = ${index} print(_G.id) task.wait(0.05) return _G.id, game.JobId`, {
      place: { universeId: '1', placeId: '2', placeVersion: 3, jobId: `job ${index}` },
    }),
  );
  for (const [index, { result, logs }] of (await Promise.all(runs)).entries()) {
    expect(result).toEqual({ kind: 'complete', results: [index, `job ${index}`] });
    expect(logs).toEqual([{ level: 'OUTPUT', message: String(index) }]);
  }
});

test('fifty scripts, ended in every way, leave nothing behind', async () => {
  const runner = createLuauRunner({ memoryMiB: 16 });
  // Threads of earlier tests may still be ending, so this is an upper bound.
  const before = countThreads();
  const abort = new AbortController();
  const clock = new FakeClock();
  const scripts = ['return 1', 'error("x")', '= =', 'while true do end', 'task.wait(100)'];
  for (let round = 0; round < 10; round++) {
    const runs = scripts.map(async (script, index) => {
      const stop = new AbortController();
      const signal = index < 3 ? abort.signal : stop.signal;
      if (index >= 3) setImmediate(() => stop.abort());
      const { result } = await runScript(runner, script, { clock, signal });
      return result.kind;
    });
    expect(await Promise.all(runs)).toEqual(['complete', 'failed', 'failed', 'cancelled', 'cancelled']);
  }
  await runner.close();
  expect(countThreads()).toBeLessThanOrEqual(before);
  expect(clock.pendingSleeps).toBe(0);
  expect(getEventListeners(abort.signal, 'abort')).toEqual([]);
});

/** What a worker holds in the event loop of its parent. */
function countThreads(): number {
  return process.getActiveResourcesInfo().filter((kind) => kind === 'MessagePort' || kind === 'Worker')
    .length;
}

describe('cancelling', () => {
  test.each([
    ['while it waits', 'print("go") task.wait(1000)'],
    ['while it computes', 'print("go") while true do end'],
    ['while it prints faster than anybody reads', 'while true do print("go") end'],
  ])('%s', async (_name, script) => {
    const stop = new AbortController();
    const { result } = await runScript(runLuau, script, { signal: stop.signal, onLog: () => stop.abort() });
    expect(result).toEqual({ kind: 'cancelled' });
  });

  test('before it starts', async () => {
    const { result, logs } = await runScript(runLuau, 'print("never")', { signal: AbortSignal.abort() });
    expect(result).toEqual({ kind: 'cancelled' });
    expect(logs).toEqual([]);
  });

  test('by closing the runner', async () => {
    const runner = createLuauRunner({ memoryMiB: 16 });
    const running = runScript(runner, 'while true do end');
    await runner.close();
    expect((await running).result).toEqual({ kind: 'cancelled' });
  });
});

test('a VM that breaks is an internal error', async () => {
  const { result } = await runScript(runLuau, 'return 1', {
    place: { universeId: '1', placeId: '2', placeVersion: 3, jobId: 'a string that cannot cross: \0' },
  });
  expect(result).toMatchObject({
    kind: 'failed',
    code: 'INTERNAL_ERROR',
    message: expect.stringContaining('NUL'),
  });
});
