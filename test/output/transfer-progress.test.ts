import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LuauExecError } from '../../src/errors.ts';
import { createProgress } from '../../src/output/progress.ts';
import { plainStyle } from '../../src/output/style.ts';
import type { RunEvent } from '../../src/task/run-event.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { MemoryStream } from './memory-stream.ts';
import { createTaskFields } from './outcomes.ts';

const KIB = 1024;
const MIB = 1024 * KIB;
const CREATED: RunEvent = {
  type: 'created',
  task: { ...createTaskFields(), phase: 'unfinished', state: 'PROCESSING' },
};
const RETRY: RunEvent = {
  type: 'waiting',
  operation: 'uploading the place',
  reason: 'retry',
  waitMs: 8_000,
  attempt: { atMs: 12_000, httpStatus: 503, reason: 'HTTP 503', waitMs: 8_000 },
};
const FAILED: RunEvent = {
  type: 'failed',
  error: new LuauExecError('x', { id: 'LX540', kind: 'unavailable' }),
};

interface Moment {
  title?: string;
  totalBytes?: number | null;
  isDone?: boolean;
}

function transfer(
  doneBytes: number,
  { title = 'uploading game.rbxl', totalBytes = 100 * MIB, isDone = false }: Moment = {},
): RunEvent {
  return { type: 'transfer', transfer: { title, doneBytes, totalBytes, isDone } };
}

const ALONE: readonly (string | null)[] = [null];
const fail = () => expect.unreachable('there is no run');

function setUp({
  stderr = new MemoryStream(),
  verbosity = 0,
  isQuiet = false,
  labels = ALONE,
  redact = (text: string) => text,
} = {}) {
  const clock = new FakeClock();
  const options = { stderr, clock, style: plainStyle, env: {}, isQuiet, verbosity, labels, redact };
  const progress = createProgress(options);
  const [note = fail] = progress.listeners;
  return { stderr, clock, progress, note };
}

describe('lines of a transfer', () => {
  test('are its beginning, a sign of life every 30 s, and its end', async () => {
    const { stderr, clock, progress, note } = setUp();
    for (let second = 0; second < 65; second++) {
      note(transfer(second * MIB));
      note(transfer(second * MIB + 64 * KIB));
      await clock.advance(1_000);
    }
    note(transfer(100 * MIB));
    note(transfer(100 * MIB, { isDone: true }));
    note(CREATED);
    progress.stop();
    expect(stderr.text.split('\n').slice(0, 5)).toEqual([
      'uploading game.rbxl (100 MiB)',
      'uploading game.rbxl: 30.0 of 100 MiB',
      'uploading game.rbxl: 60.0 of 100 MiB',
      'uploaded game.rbxl (100 MiB in 1 min 05 s)',
      expect.stringMatching(/^created universes/),
    ]);
  });

  test('hold neither a total that nobody knows nor what a terminal would obey', async () => {
    const { stderr, clock, note } = setUp();
    const shape = { title: 'downloading a\x1b[2J\n.bin', totalBytes: null };
    note(transfer(0, shape));
    await clock.advance(1_000);
    note(transfer(MIB, shape));
    await clock.advance(30_000);
    note(transfer(3 * MIB, shape));
    await clock.advance(5_000);
    note(transfer(4.5 * MIB, { ...shape, isDone: true }));
    expect(stderr.writes).toEqual([
      'downloading a\\x1b[2J .bin\n',
      'downloading a\\x1b[2J .bin: 3.0 MiB\n',
      'downloaded a\\x1b[2J .bin (4.5 MiB in 36 s)\n',
    ]);
  });

  test.each([
    ['a file that is small and quick', MIB - 1, 999, 0, []],
    ['a larger one', MIB, 999, 0, ['uploading game.rbxl (1.0 MiB)', 'uploaded game.rbxl (1.0 MiB in 1.0 s)']],
    [
      'a slow one, later',
      10 * KIB,
      1_000,
      0,
      ['uploading game.rbxl (10.0 KiB)', 'uploaded game.rbxl (10.0 KiB in 1 s)'],
    ],
    ['all at -v', 10, 3, 1, ['uploading game.rbxl (10 B)', 'uploaded game.rbxl (10 B in 0.0 s)']],
  ])('tell of %s', async (_name, totalBytes, ms, verbosity, lines) => {
    const { stderr, clock, note } = setUp({ verbosity });
    note(transfer(0, { totalBytes }));
    await clock.advance(ms);
    note(transfer(totalBytes, { totalBytes }));
    note(transfer(totalBytes, { totalBytes, isDone: true }));
    expect(stderr.text).toBe(lines.map((line) => `${line}\n`).join(''));
  });

  test('are none at the end of a small file of unknown size, nor where it did not get through', () => {
    const { stderr, note } = setUp();
    note(transfer(0, { totalBytes: null }));
    note(transfer(MIB - 1, { totalBytes: null, isDone: true }));
    expect(stderr.writes).toEqual([]);
    note(transfer(0));
    note(transfer(50 * MIB, { isDone: true }));
    expect(stderr.writes).toEqual(['uploading game.rbxl (100 MiB)\n']);
  });

  test('are two again for the next transfer, and do not begin anew with a retry', async () => {
    const { stderr, clock, note } = setUp();
    note(transfer(0));
    await clock.advance(4_000);
    note(transfer(60 * MIB));
    note(RETRY);
    await clock.advance(8_000);
    note(transfer(0));
    note(transfer(100 * MIB, { isDone: true }));
    note(transfer(0));
    note(transfer(100 * MIB, { isDone: true }));
    expect(stderr.writes).toEqual([
      'uploading game.rbxl (100 MiB)\n',
      'uploading the place: HTTP 503, trying again in 8 s\n',
      'uploaded game.rbxl (100 MiB in 12 s)\n',
      'uploading game.rbxl (100 MiB)\n',
      'uploaded game.rbxl (100 MiB in 0.0 s)\n',
    ]);
  });

  test('are not mixed up where two files are on their way', () => {
    const { stderr, note } = setUp();
    const other = { title: 'uploading b.bin' };
    for (let turn = 0; turn < 5; turn++) {
      note(transfer(turn * MIB));
      note(transfer(turn * MIB, other));
    }
    expect(stderr.writes).toEqual(['uploading game.rbxl (100 MiB)\n', 'uploading b.bin (100 MiB)\n']);
  });

  test('name the run where it is one of several, and none for all of them', () => {
    const { stderr, progress } = setUp({ labels: ['a.luau', 'b.luau'] });
    progress.listenToAll(transfer(0));
    progress.listeners[1]?.(transfer(0, { title: 'uploading in.bin' }));
    expect(stderr.writes).toEqual([
      'uploading game.rbxl (100 MiB)\n',
      'b.luau: uploading in.bin (100 MiB)\n',
    ]);
  });

  test('for all runs are those of the one run', () => {
    const { stderr, progress, note } = setUp();
    note(transfer(0));
    progress.listenToAll(transfer(100 * MIB, { isDone: true }));
    expect(stderr.writes).toHaveLength(2);
    note({ type: 'submitting' });
    progress.listenToAll({ type: 'submitting' });
    expect(stderr.writes.slice(2)).toEqual(['submitting\n']);
  });

  test('are none at -q', async () => {
    const { stderr, clock, progress, note } = setUp({ isQuiet: true, verbosity: 1 });
    for (const listen of [note, progress.listenToAll]) {
      listen(transfer(0));
      await clock.advance(60_000);
      listen(transfer(50 * MIB));
      listen(transfer(100 * MIB, { isDone: true }));
    }
    expect(stderr.writes).toEqual([]);
  });
});

describe('a transfer beside the spinner', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] }));
  afterEach(() => void vi.useRealTimers());

  const terminal = (columns = 80, rows = 24) => new MemoryStream({ isTTY: true, columns, rows });

  async function untilSpinning(clock: FakeClock, stderr: MemoryStream): Promise<void> {
    await clock.advance(200);
    await vi.waitUntil(() => stderr.text.includes('\x1b[?25l'));
  }

  /** The next frame without its escapes, and its spinner as `*`. */
  function nextFrame(stderr: MemoryStream): string[] | undefined {
    vi.advanceTimersByTime(100);
    const frame = stderr.writes.findLast((text) => !text.startsWith('\x1b'));
    return frame?.replace(/^[^ ]/, '*').split('\n');
  }

  test.each([
    [
      120,
      'uploading game.rbxl ────────────────────────────── 0.0 of 100 MiB',
      'uploading game.rbxl ━━━━━━━━━━━━━╾──────────────── 45.0 of 100 MiB, 9.0 MiB/s, 7 s left',
    ],
    [
      80,
      'uploading game.rbxl ──────────────── 0.0 of 100 MiB',
      'uploading game.rbxl ━━━━━━━───────── 45.0 of 100 MiB, 9.0 MiB/s, 7 s left',
    ],
    [40, 'uploading game.rbxl 0%', 'uploading game.rbxl 45%, 7 s left'],
    [20, 'uploading 0%', 'uploading 45%'],
  ])('fits into %d columns', async (columns, first, frame) => {
    const { stderr, clock, progress, note } = setUp({ stderr: terminal(columns) });
    note(transfer(0));
    expect(stderr.writes).toEqual([`\r\x1b[K${first}`]);
    await untilSpinning(clock, stderr);
    await clock.advance(4_800);
    note(transfer(45 * MIB));
    expect(nextFrame(stderr)).toEqual([`* ${frame}`]);
    progress.stop();
  });

  test('is drawn as often as the spinner would, and its end at once', async () => {
    const { stderr, clock, progress, note } = setUp({ stderr: terminal() });
    note({ type: 'submitting' });
    for (let ms = 0; ms < 140; ms++) {
      note(transfer(ms * MIB, { totalBytes: 500 * MIB }));
      await clock.advance(1);
    }
    note(transfer(500 * MIB, { totalBytes: 500 * MIB, isDone: true }));
    expect(stderr.writes).toEqual([
      '\r\x1b[Ksubmitting',
      '\r\x1b[Kuploading game.rbxl ━━╾───────────── 80.0 of 500 MiB',
      '\r\x1b[Ksubmitting',
    ]);
    progress.stop();
  });

  test('says nothing of its rate at first, stalls, begins anew with a retry, and gives way', async () => {
    const { stderr, clock, progress, note } = setUp({ stderr: terminal(69) });
    note({ type: 'submitting' });
    await untilSpinning(clock, stderr);
    note(transfer(0));
    await clock.advance(400);
    note(transfer(8 * MIB));
    expect(nextFrame(stderr)).toEqual(['* uploading game.rbxl 8.0 of 100 MiB']);
    await clock.advance(100);
    expect(nextFrame(stderr)).toEqual(['* uploading game.rbxl 8.0 of 100 MiB, 16.0 MiB/s, 6 s left']);
    await clock.advance(1_500);
    expect(nextFrame(stderr)).toEqual(['* uploading game.rbxl 8.0 of 100 MiB, 4.0 MiB/s, 23 s left']);
    await clock.advance(3_500);
    expect(nextFrame(stderr)).toEqual(['* uploading game.rbxl 8.0 of 100 MiB, stalled']);
    note(RETRY);
    expect(nextFrame(stderr)).toEqual([
      '* uploading game.rbxl 6 s, uploading the place: HTTP 503, trying again in 8 s',
    ]);
    await clock.advance(8_000);
    expect(nextFrame(stderr)).toEqual(['* uploading game.rbxl 8.0 of 100 MiB, stalled']);
    note(transfer(0));
    expect(nextFrame(stderr)).toEqual(['* uploading game.rbxl 0.0 of 100 MiB']);
    await clock.advance(1_000);
    note(transfer(2 * MIB));
    expect(nextFrame(stderr)).toEqual(['* uploading game.rbxl 2.0 of 100 MiB, 2.0 MiB/s, 49 s left']);
    note(transfer(100 * MIB, { isDone: true }));
    expect(nextFrame(stderr)).toEqual(['* submitting 15 s']);
    note(transfer(0, { title: 'uploading b.bin' }));
    note(CREATED);
    expect(nextFrame(stderr)).toEqual(['* processing 15 s']);
    progress.stop();
  });

  test('has no time left where nobody knows how much comes', async () => {
    const { stderr, clock, progress, note } = setUp({ stderr: terminal() });
    const shape = { title: 'downloading out.bin', totalBytes: null };
    note(transfer(0, shape));
    await untilSpinning(clock, stderr);
    await clock.advance(1_800);
    note(transfer(3 * MIB, shape));
    expect(nextFrame(stderr)).toEqual(['* downloading out.bin 3.0 MiB, 1.5 MiB/s']);
    progress.stop();
  });

  test('hides what a terminal would obey, and a secret before it is cut', async () => {
    const redact = (text: string) => text.replaceAll('secret-key', '***');
    const { stderr, clock, progress, note } = setUp({ stderr: terminal(40), redact });
    note(transfer(0, { title: 'uploading レシ\x1b[2Jート/my-secret-key/game.rbxl' }));
    await untilSpinning(clock, stderr);
    expect(nextFrame(stderr)).toEqual(['* uploading …ート/my-***/game.rbxl 0%']);
    note(RETRY);
    expect(nextFrame(stderr)?.[0]).toMatch(/^\* uploading レシ\\x1b\[2Jート\/my-\*\*\*\/gam… 0 s, /);
    progress.stop();
  });

  test('costs next to nothing a piece', async () => {
    let looks = 0;
    const redact = (text: string) => {
      looks++;
      return text;
    };
    const { stderr, clock, progress, note } = setUp({ stderr: terminal(), redact });
    note(transfer(0));
    await untilSpinning(clock, stderr);
    const [writes, looksBefore] = [stderr.writes.length, looks];
    const startMs = performance.now();
    for (let piece = 1; piece <= 300_000; piece++) {
      note(transfer(piece * 64, { totalBytes: 300_000 * 64 }));
      if (piece % 100 === 0) await clock.advance(1);
    }
    expect(performance.now() - startMs).toBeLessThan(5_000);
    expect([stderr.writes.length, looks]).toEqual([writes, looksBefore]);
    expect(nextFrame(stderr)).toEqual(['* uploading game.rbxl ━━━━━━━━━━━━━━━ 18.3 of 18.3 MiB']);
    progress.stop();
  });

  describe('of several scripts', () => {
    const labels = ['a.luau', 'b.luau', 'c.luau'];

    test('stands in the row of its run', async () => {
      const { stderr, clock, progress } = setUp({ stderr: terminal(), labels });
      const [first = fail, second = fail, third = fail] = progress.listeners;
      for (const listen of [first, second, third]) listen({ type: 'submitting' });
      await untilSpinning(clock, stderr);
      first(transfer(45.9 * MIB));
      second(transfer(12.3 * MIB, { title: 'downloading out.bin', totalBytes: null }));
      third(transfer(0));
      third(FAILED);
      expect(nextFrame(stderr)).toEqual([
        '* 1 of 3 scripts ended 0 s',
        '  ● a.luau  uploading 45%  0 s',
        '  ● b.luau  downloading 12.3 MiB  0 s',
        '  ✗ c.luau  failed      0 s',
      ]);
      first(RETRY);
      second(transfer(12.4 * MIB, { title: 'downloading out.bin', totalBytes: null, isDone: true }));
      expect(nextFrame(stderr)?.slice(1, 3)).toEqual([
        '  ● a.luau  uploading the place: HTTP 503, trying again in 8 s  0 s',
        '  ● b.luau  submitting  0 s',
      ]);
      progress.stop();
    });

    test('is the headline where it is for all of them', async () => {
      const { stderr, clock, progress } = setUp({ stderr: terminal(), labels });
      const rows = ['  · a.luau  waiting', '  · b.luau  waiting', '  · c.luau  waiting'];
      progress.listenToAll(transfer(0));
      expect(stderr.text).toBe('\r\x1b[Kuploading game.rbxl ──────────────── 0.0 of 100 MiB');
      await untilSpinning(clock, stderr);
      await clock.advance(4_800);
      progress.listenToAll(transfer(50 * MIB));
      expect(nextFrame(stderr)).toEqual([
        '* uploading game.rbxl ━━━━━━━━──────── 50.0 of 100 MiB, 10.0 MiB/s, 5 s left',
        ...rows,
      ]);
      progress.listenToAll(RETRY);
      expect(nextFrame(stderr)).toEqual([
        '* uploading game.rbxl 5 s, uploading the place: HTTP 503, trying again in 8 s',
        ...rows,
      ]);
      progress.listenToAll(transfer(100 * MIB, { isDone: true }));
      expect(nextFrame(stderr)).toEqual(['* 0 of 3 scripts ended 5 s', ...rows]);
      progress.stop();
    });
  });

  test('for all runs is that of the one run', async () => {
    const { stderr, clock, progress, note } = setUp({ stderr: terminal(40) });
    progress.listenToAll(transfer(50 * MIB));
    await untilSpinning(clock, stderr);
    expect(nextFrame(stderr)).toEqual(['* uploading game.rbxl 50%']);
    note({ type: 'submitting' });
    expect(nextFrame(stderr)).toEqual(['* submitting 0 s']);
    progress.stop();
  });

  test('leaves a clean line where it is interrupted', async () => {
    const { stderr, clock, progress, note } = setUp({ stderr: terminal() });
    note(transfer(0));
    await untilSpinning(clock, stderr);
    progress.stop();
    const before = stderr.writes.length;
    note(transfer(MIB));
    progress.listenToAll(transfer(2 * MIB));
    vi.advanceTimersByTime(1_000);
    expect(stderr.writes.slice(before)).toEqual([]);
    expect(stderr.writes.slice(-3)).toEqual(['\x1b[1G', '\x1b[2K', '\x1b[?25h']);
    expect(vi.getTimerCount()).toBe(0);
  });
});
