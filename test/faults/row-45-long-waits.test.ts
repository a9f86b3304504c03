import { afterEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { useWorkplaces } from '../helpers/bin.ts';
import { useLoopbackEmulators } from '../helpers/loopback-emulator.ts';

const openPlace = useWorkplaces();
const startEmulator = useLoopbackEmulators();
const DAY_MS = 86_400_000;

describe('row 45: waits that are longer than a timer', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('row 45: --wait-timeout 60d and --queue-timeout 60d do not end at once', async () => {
    const emulator = await startEmulator({
      scripts: { SLOW: { afterMs: 500, result: { kind: 'complete', results: ['done'] } } },
    });
    const place = openPlace();
    place.write({ 'slow.luau': 'SLOW' });
    const argv = ['run', 'slow.luau', '-q', '--wait-timeout', '60d', '--queue-timeout', '60d'];
    expect(await place.run(argv, { env: emulator.env })).toEqual({
      exitCode: 0,
      signal: null,
      stdout: '"done"\n',
      // Node warns here of a time-out that does not fit into 32 bits.
      stderr: '',
    });
  });

  it('row 45: a sleep of 60 days is taken in parts, and is neither shorter nor longer', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    let isAwake = false;
    const sleep = systemClock.sleep(60 * DAY_MS).then(() => {
      isAwake = true;
    });
    await vi.advanceTimersByTimeAsync(60 * DAY_MS - 1);
    expect(isAwake).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    expect(isAwake).toBe(true);
    await sleep;
    expect(vi.getTimerCount()).toBe(0);
  });

  it('row 45: a sleep in its second part is still ended by a signal', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    const stopping = new AbortController();
    const sleep = systemClock.sleep(60 * DAY_MS, stopping.signal);
    const outcome = expect(sleep).rejects.toBe('stopped');
    await vi.advanceTimersByTimeAsync(30 * DAY_MS);
    stopping.abort('stopped');
    await outcome;
    expect(vi.getTimerCount()).toBe(0);
  });
});
