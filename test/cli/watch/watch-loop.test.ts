import { describe, expect, it } from 'vitest';
import { Interruption } from '../../../src/cli/interrupt.ts';
import type { WatchKey } from '../../../src/cli/watch/read-keys.ts';
import type { WatchedFiles } from '../../../src/cli/watch/watch-files.ts';
import { type WatchedRun, watchLoop } from '../../../src/cli/watch/watch-loop.ts';
import { LuauExecError } from '../../../src/errors.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';

interface FakeRun {
  signal: AbortSignal;
  end(run?: Partial<WatchedRun>): void;
  fail(error: unknown): void;
}

/** A queue whose reader waits until there is something in it, or its signal aborts. */
function createQueue<Item>() {
  const items: Item[] = [];
  let wake: () => void = () => undefined;
  return {
    items,
    add(item: Item) {
      items.push(item);
      wake();
    },
    async wait(signal: AbortSignal) {
      while (items.length === 0 && !signal.aborted) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    },
  };
}

function startLoop({ hasKeys = true } = {}) {
  const clock = new FakeClock();
  const stop = new AbortController();
  const runs: FakeRun[] = [];
  const notices: string[] = [];
  const watched: { paths: ReadonlySet<string>; sinceMs: number }[] = [];
  const changes = createQueue<string>();
  const keys = createQueue<WatchKey>();
  let isTerminalRaw = false;
  const takeChanges = () => new Set(changes.items.splice(0));
  const files: WatchedFiles = {
    setPaths: (paths, sinceMs) => watched.push({ paths, sinceMs }),
    async nextChange(signal) {
      await changes.wait(signal);
      signal.throwIfAborted();
      return takeChanges();
    },
    takeChanges,
    close: () => undefined,
  };
  async function* readKeys(signal: AbortSignal): AsyncGenerator<WatchKey> {
    isTerminalRaw = true;
    try {
      while (!signal.aborted) {
        yield* keys.items.splice(0);
        await keys.wait(signal);
      }
    } finally {
      isTerminalRaw = false;
    }
  }
  const ending = watchLoop({
    runOnce: (signal) =>
      new Promise((resolve, reject) => {
        const paths = new Set(['/work/a.luau']);
        runs.push({
          signal,
          end: (run) => resolve({ exitCode: 0, paths, fileCount: (run?.paths ?? paths).size, ...run }),
          fail: reject,
        });
      }),
    files,
    keys: hasKeys ? readKeys : null,
    notice: async (text) => void notices.push(text),
    clock,
    cwd: '/work',
    signal: stop.signal,
  });
  // Read by those who wait for it; a rejection before that is none of Node's business.
  ending.catch(() => undefined);
  return {
    clock,
    stop,
    runs,
    notices,
    watched,
    ending,
    change: (path: string) => changes.add(path),
    press: (key: WatchKey) => keys.add(key),
    isRaw: () => isTerminalRaw,
    async endRun(run?: Partial<WatchedRun>) {
      runs.at(-1)?.end(run);
      await settle();
    },
  };
}

async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
}

describe('a loop', () => {
  it('runs at once, watches what the run depends on since it began, and runs again after a change', async () => {
    const { clock, runs, watched, notices, change, endRun } = startLoop();
    const startedMs = clock.wallNow();
    await clock.advance(5_000);
    expect({ runs: runs.length, watched, notices }).toEqual({ runs: 1, watched: [], notices: [] });
    await endRun({ paths: new Set(['/work/a.luau', '/work/lib/b.luau']) });
    expect(watched).toEqual([{ paths: new Set(['/work/a.luau', '/work/lib/b.luau']), sinceMs: startedMs }]);
    change('/work/lib/b.luau');
    await settle();
    expect(runs).toHaveLength(2);
    expect(notices).toEqual(['\nwatching 2 files; r runs again, q quits', '\nlib/b.luau changed']);
    await endRun();
    expect(watched.at(-1)).toEqual({ paths: new Set(['/work/a.luau']), sinceMs: startedMs + 5_000 });
    expect(notices.at(-1)).toBe('\nwatching 1 file; r runs again, q quits');
  });

  it('speaks of no keys where there are none', async () => {
    const { notices, endRun } = startLoop({ hasKeys: false });
    await endRun();
    expect(notices).toEqual(['\nwatching 1 file']);
  });

  it.each([
    ['a change', ['/work/a.luau'], 0],
    ['two changes', ['/work/a.luau', '/work/b.luau'], 0],
    ['a key', [], 1],
    ['two keys', [], 2],
    ['changes and keys', ['/work/a.luau', '/work/b.luau'], 2],
  ])('runs exactly once more after %s during a run', async (_name, changed, keyCount) => {
    const { runs, change, press, endRun } = startLoop();
    await settle();
    for (const path of changed) change(path);
    for (let count = 0; count < keyCount; count++) press('run');
    await settle();
    expect(runs).toHaveLength(1);
    await endRun();
    expect(runs).toHaveLength(2);
    await endRun();
    expect(runs).toHaveLength(2);
  });

  it('runs at once when r is pressed, and again for a change after that', async () => {
    const { runs, notices, press, change, endRun } = startLoop();
    await endRun();
    press('run');
    await settle();
    expect(runs).toHaveLength(2);
    await endRun();
    change('/work/x.luau');
    change('/work/y.luau');
    await settle();
    expect(runs).toHaveLength(3);
    expect(notices.at(-1)).toBe('\nx.luau and 1 other file changed');
  });
});

describe('q', () => {
  it('ends a loop that waits, with the code of the last run and the terminal as it was', async () => {
    const { ending, press, endRun, isRaw } = startLoop();
    await endRun({ exitCode: 3 });
    expect(isRaw()).toBe(true);
    press('quit');
    expect(await ending).toBe(3);
    expect(isRaw()).toBe(false);
  });

  it.each([
    ['is not waited for', (run: FakeRun) => run.fail(run.signal.reason)],
    [
      'says so',
      (run: FakeRun) => run.fail(new LuauExecError('stopped', { id: 'LX602', kind: 'interrupted' })),
    ],
    ['ends all the same', (run: FakeRun) => run.end({ exitCode: 130 })],
  ])('stops a run that %s, and its code does not count', async (_name, answer) => {
    const { ending, runs, press, endRun, isRaw } = startLoop();
    await endRun({ exitCode: 1 });
    press('run');
    await settle();
    const run = runs[1];
    expect(run?.signal.aborted).toBe(false);
    press('quit');
    await settle();
    expect(run?.signal.reason).toBeInstanceOf(Interruption);
    // Ctrl-C is a signal again while the run comes to its end.
    expect(isRaw()).toBe(false);
    if (run) answer(run);
    expect(await ending).toBe(1);
    expect(runs).toHaveLength(2);
  });

  it('ends with 0 where no run has finished', async () => {
    const { ending, runs, press } = startLoop();
    press('quit');
    await settle();
    runs[0]?.fail(runs[0].signal.reason);
    expect(await ending).toBe(0);
  });
});

describe('a stop', () => {
  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ])('by %s ends a loop that waits', async (name, exitCode) => {
    const { ending, stop, endRun, isRaw, runs } = startLoop();
    await endRun({ exitCode: 1 });
    stop.abort(new Interruption(name));
    expect(await ending).toBe(exitCode);
    expect(isRaw()).toBe(false);
    expect(runs).toHaveLength(1);
  });

  it('by Ctrl-C as a key is one by SIGINT', async () => {
    const { ending, press, endRun } = startLoop();
    await endRun();
    press('interrupt');
    expect(await ending).toBe(130);
  });

  it('reaches the run, and what the run says of it is passed on', async () => {
    const { ending, press, runs, isRaw } = startLoop();
    press('interrupt');
    await settle();
    const error = new LuauExecError('stopped waiting', { id: 'LX602', kind: 'interrupted' });
    expect(runs[0]?.signal.reason).toMatchObject({ signalName: 'SIGINT' });
    runs[0]?.fail(error);
    await expect(ending).rejects.toBe(error);
    expect(isRaw()).toBe(false);
  });

  it('ends with the code of the signal, whatever the run makes of it', async () => {
    const { ending, stop, runs } = startLoop({ hasKeys: false });
    stop.abort(new Interruption('SIGHUP'));
    runs[0]?.end({ exitCode: 0 });
    expect(await ending).toBe(129);
  });

  it('before the first run lets nothing run', async () => {
    const files = {
      setPaths() {},
      nextChange: async () => new Set<string>(),
      takeChanges: () => new Set<string>(),
      close() {},
    };
    const ending = watchLoop({
      runOnce: () => Promise.reject(new Error('has run')),
      files,
      keys: null,
      notice: async () => undefined,
      clock: new FakeClock(),
      cwd: '/work',
      signal: AbortSignal.abort(new Interruption('SIGTERM')),
    });
    expect(await ending).toBe(143);
  });
});

it('a failure of the run ends the loop, and the terminal is given back', async () => {
  const { ending, runs, isRaw } = startLoop();
  await settle();
  const error = new Error('defect');
  runs[0]?.fail(error);
  await expect(ending).rejects.toBe(error);
  expect(isRaw()).toBe(false);
});

it('a failure of the keyboard ends the loop', async () => {
  const failure = new Error('EIO');
  const ending = watchLoop({
    runOnce: async (signal) => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      throw signal.reason;
    },
    files: { setPaths() {}, nextChange: async () => new Set(), takeChanges: () => new Set(), close() {} },
    keys: () => ({ [Symbol.asyncIterator]: () => ({ next: () => Promise.reject(failure) }) }),
    notice: async () => undefined,
    clock: new FakeClock(),
    cwd: '/work',
    signal: new AbortController().signal,
  });
  await expect(ending).rejects.toBe(failure);
});
