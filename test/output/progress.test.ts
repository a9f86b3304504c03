import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LuauExecError } from '../../src/errors.ts';
import type { FinishedTask } from '../../src/open-cloud/task.ts';
import { createProgress, decideProgressMode, isCi } from '../../src/output/progress.ts';
import { plainStyle } from '../../src/output/style.ts';
import type { RunEvent, WaitReason } from '../../src/task/run-event.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { MemoryStream } from './memory-stream.ts';
import { createOutcome, createTaskFields } from './outcomes.ts';

const CREATED: RunEvent = {
  type: 'created',
  task: { ...createTaskFields(), phase: 'unfinished', state: 'PROCESSING' },
};
const FINISHED: FinishedTask = {
  ...createTaskFields(),
  phase: 'complete',
  state: 'COMPLETE',
  results: [],
};
const READING_LOGS: RunEvent = { type: 'reading_logs', task: FINISHED };
const ENDED: RunEvent = { type: 'outcome', outcome: createOutcome(FINISHED) };
const PATH = 'universes/1/places/2/versions/3/luau-execution-sessions/session-1/tasks/task-1';

function waiting(reason: WaitReason, waitMs: number, atMs = 0): RunEvent {
  const attempt = { atMs, httpStatus: 503, reason: 'HTTP 503', waitMs };
  return { type: 'waiting', operation: 'reading the task', reason, waitMs, attempt };
}

const ALONE: readonly (string | null)[] = [null];

const asItIs = (text: string) => text;

const fail = () => expect.unreachable('there is no run');

function setUp({
  stderr = new MemoryStream(),
  verbosity = 0,
  isQuiet = false,
  labels = ALONE,
  redact = asItIs,
} = {}) {
  const clock = new FakeClock();
  const progress = createProgress({
    stderr,
    clock,
    style: plainStyle,
    env: {},
    isQuiet,
    verbosity,
    labels,
    redact,
  });
  const [note = fail] = progress.listeners;
  return { stderr, clock, progress, note };
}

describe('decideProgressMode', () => {
  test.each([
    ['a terminal', { isTTY: true, columns: 80 }, {}, false, 'spinner'],
    ['a terminal of 0 columns', { isTTY: true, columns: 0 }, {}, false, 'lines'],
    ['a terminal of unknown width', { isTTY: true }, {}, false, 'lines'],
    ['a dumb terminal', { isTTY: true, columns: 80 }, { TERM: 'dumb' }, false, 'lines'],
    ['a terminal in CI', { isTTY: true, columns: 80 }, { CI: 'true' }, false, 'lines'],
    ['a pipe', {}, {}, false, 'lines'],
    ['-q', { isTTY: true, columns: 80 }, {}, true, 'silent'],
    ['-q on a pipe', {}, {}, true, 'silent'],
  ])('%s', (_name, stream, env, isQuiet, mode) => {
    const options = { stderr: new MemoryStream(stream), env, isQuiet };
    expect(decideProgressMode({ ...options, verbosity: 0 })).toBe(mode);
    // A line for each request would be drawn over by a spinner.
    expect(decideProgressMode({ ...options, verbosity: 2 })).toBe(isQuiet ? 'silent' : 'lines');
  });
});

test.each([
  [{}, false],
  [{ CI: '' }, false],
  [{ CI: 'true' }, true],
  [{ CI: '1' }, true],
  [{ CI: 'false', GITHUB_ACTIONS: 'true' }, false],
  [{ CI: '0' }, false],
  [{ GITHUB_ACTIONS: 'true' }, true],
])('isCi %j', (env, expected) => expect(isCi(env)).toBe(expected));

describe('lines', () => {
  test('one for each change of state, the first at once', () => {
    const { stderr, progress, note } = setUp();
    note({ type: 'submitting' });
    expect(stderr.text).toBe('submitting\n');
    note(CREATED);
    note({ type: 'state', state: 'PROCESSING', elapsedMs: 1000 });
    note({ type: 'state', state: 'SOME_NEW\x1b_STATE', elapsedMs: 2000 });
    note({ type: 'state', state: 'COMPLETE', elapsedMs: 3000 });
    note(READING_LOGS);
    note(ENDED);
    progress.stop();
    expect(stderr.text).toBe(`submitting\ncreated ${PATH}\nprocessing\nsome new\\x1b state\ncomplete\n`);
  });

  test('a heartbeat every 30 s, however often one comes', async () => {
    const { stderr, clock, note } = setUp();
    note(CREATED);
    for (let second = 0; second < 95; second++) {
      await clock.advance(1000);
      note({ type: 'heartbeat', state: 'PROCESSING', elapsedMs: 0 });
    }
    const beats = stderr.text.split('\n').filter((line) => line.startsWith('still'));
    expect(beats).toHaveLength(3);
    expect(beats[0]).toMatch(/^still processing after (29|30) s$/);
  });

  test('waits that a person would notice', () => {
    const { stderr, note } = setUp();
    note(waiting('rate_limit', 38_200));
    note(waiting('rate_limit', 38_200));
    note(waiting('place_full', 5_000));
    note(waiting('place_full', 400));
    note(waiting('retry', 500));
    note(waiting('retry', 8_000, 12_000));
    expect(stderr.text.trimEnd().split('\n')).toEqual([
      "rate limit of this key's owner, continuing in 38 s",
      'the place already has ten unfinished tasks, trying again in 5 s',
      'reading the task: HTTP 503, trying again in 8 s',
    ]);
  });

  test('a notice is repeated after 30 s', async () => {
    const { stderr, clock, note } = setUp();
    for (let turn = 0; turn < 4; turn++) {
      note(waiting('place_full', 15_000));
      await clock.advance(15_000);
    }
    expect(stderr.writes).toHaveLength(2);
  });

  test('every wait at -v', () => {
    const { stderr, note } = setUp({ verbosity: 1 });
    note(waiting('retry', 500));
    note(waiting('retry', 1_000));
    note(READING_LOGS);
    expect(stderr.writes).toHaveLength(3);
    expect(stderr.writes[2]).toBe('reading the log messages\n');
  });

  test('name the run where there are several', () => {
    const { stderr, progress } = setUp({ labels: ['a.luau', 'b.luau'] });
    const [first = fail, second = fail] = progress.listeners;
    first({ type: 'submitting' });
    second(waiting('rate_limit', 2_000));
    expect(stderr.text).toBe(
      "a.luau: submitting\nb.luau: rate limit of this key's owner, continuing in 2 s\n",
    );
  });

  test('none at -q', () => {
    const { stderr, progress, note } = setUp({ isQuiet: true, verbosity: 2 });
    for (const event of [CREATED, waiting('retry', 60_000, 60_000), ENDED]) note(event);
    progress.stop();
    expect(stderr.writes).toEqual([]);
  });

  test('hold no escape on a terminal of 0 columns', async () => {
    const { stderr, clock, progress, note } = setUp({
      stderr: new MemoryStream({ isTTY: true, columns: 0 }),
    });
    note({ type: 'submitting' });
    await clock.advance(5_000);
    progress.stop();
    expect(stderr.text).toBe('submitting\n');
  });
});

describe('the spinner', () => {
  // ora keeps its own time; this is the time that it keeps.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'Date'] }));
  afterEach(() => void vi.useRealTimers());

  const terminal = () => new MemoryStream({ isTTY: true, columns: 80 });

  /** Past the delay, and until the library is there. */
  async function untilSpinning(clock: FakeClock, stderr: MemoryStream): Promise<void> {
    await clock.advance(200);
    await vi.waitUntil(() => stderr.text.includes('\x1b[?25l'));
  }

  /** The last frame, without its escapes. */
  function lastFrame(stderr: MemoryStream): string | undefined {
    return stderr.writes.findLast((text) => !text.startsWith('\x1b'));
  }

  test('text is there at once and ora is not loaded for a quick run', async () => {
    const { stderr, clock, progress, note } = setUp({ stderr: terminal() });
    note({ type: 'submitting' });
    expect(stderr.text).toBe('\r\x1b[Ksubmitting');
    await clock.advance(100);
    note(CREATED);
    expect(stderr.writes.at(-1)).toBe('\r\x1b[Kprocessing');
    progress.stop();
    await clock.advance(1_000);
    expect(stderr.writes.at(-1)).toBe('\r\x1b[K');
    expect(clock.pendingSleeps).toBe(0);
  });

  test('shows state and elapsed time, and leaves a clean line and a cursor', async () => {
    const { stderr, clock, progress, note } = setUp({ stderr: terminal() });
    note(CREATED);
    await untilSpinning(clock, stderr);
    await clock.advance(11_800);
    vi.advanceTimersByTime(100);
    expect(lastFrame(stderr)).toMatch(/^\S processing 12 s$/);
    note(waiting('rate_limit', 38_000));
    await clock.advance(8_000);
    vi.advanceTimersByTime(100);
    expect(lastFrame(stderr)).toMatch(
      /^\S processing 20 s, rate limit of this key's owner, continuing in 30 s$/,
    );
    note({ type: 'state', state: 'QUEUED', elapsedMs: 0 });
    vi.advanceTimersByTime(100);
    expect(lastFrame(stderr)).toMatch(/^\S queued 20 s$/);
    const before = stderr.writes.length;
    progress.stop();
    progress.stop();
    note(ENDED);
    vi.advanceTimersByTime(10_000);
    expect(stderr.writes.slice(before)).toEqual(['\x1b[1G', '\x1b[2K', '\x1b[?25h']);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('at -v writes waits above itself', async () => {
    const { stderr, clock, progress, note } = setUp({ stderr: terminal(), verbosity: 1 });
    note(CREATED);
    note(waiting('retry', 500));
    const line = 'reading the task: HTTP 503, trying again in 1 s\n';
    expect(stderr.text.endsWith(`\r\x1b[K${line}\r\x1b[Kprocessing`)).toBe(true);
    await untilSpinning(clock, stderr);
    note(waiting('retry', 500));
    const at = stderr.writes.lastIndexOf(line);
    expect(stderr.writes.slice(at - 2, at)).toEqual(['\x1b[1G', '\x1b[2K']);
    expect(lastFrame(stderr)).toMatch(/^\S processing/);
    progress.stop();
  });

  describe('for several scripts', () => {
    const table = (stderr: MemoryStream) => lastFrame(stderr)?.split('\n');

    test('has a line for each, with what it does and for how long', async () => {
      const labels = ['a.luau', 'tests/long.luau', 'c.luau', 'd.luau'];
      const { stderr, clock, progress } = setUp({ stderr: terminal(), labels });
      const [first = fail, second = fail, third = fail] = progress.listeners;
      first(CREATED);
      await clock.advance(2_000);
      second({ type: 'submitting' });
      third(CREATED);
      third({ type: 'failed', error: new LuauExecError('x', { id: 'LX503', kind: 'unavailable' }) });
      first(ENDED);
      second(waiting('place_full', 8_000));
      await untilSpinning(clock, stderr);
      vi.advanceTimersByTime(100);
      expect(table(stderr)).toEqual([
        expect.stringMatching(/^\S 2 of 4 scripts ended 2 s$/),
        '  ✓ a.luau           complete    2 s',
        '  ● tests/long.luau  the place already has ten unfinished tasks, trying again …',
        '  ✗ c.luau           failed      0 s',
        '  · d.luau           waiting',
      ]);
      progress.stop();
    });

    test('has done with those that nobody waits for', async () => {
      const { stderr, clock, progress } = setUp({ stderr: terminal(), labels: ['a', 'b'] });
      progress.listeners[0]?.(CREATED);
      progress.listeners[0]?.({ type: 'submitted', task: FINISHED });
      await untilSpinning(clock, stderr);
      expect(table(stderr)).toEqual([
        expect.stringMatching(/^\S 1 of 2 scripts ended 0 s$/),
        '  ✓ a  submitted   0 s',
        '  · b  waiting',
      ]);
      progress.stop();
    });

    test('makes way for what is written, and comes back', async () => {
      const { stderr, clock, progress } = setUp({ stderr: terminal(), labels: ['a', 'b'] });
      progress.listeners[0]?.(CREATED);
      await untilSpinning(clock, stderr);
      progress.pause();
      progress.pause();
      const cleared = stderr.writes.length;
      progress.listeners[1]?.(CREATED);
      vi.advanceTimersByTime(1_000);
      expect(stderr.writes.length).toBe(cleared);
      progress.resume();
      progress.resume();
      expect(table(stderr)?.slice(1)).toEqual(['  ● a  processing  0 s', '  ● b  processing  0 s']);
      progress.stop();
      expect(vi.getTimerCount()).toBe(0);
    });

    test.each([
      [
        40,
        [
          '  ● …op/refund.luau  processing  0 s',
          '  · …/レシート.luau  waiting',
          '  · …/***/last.luau  waiting',
        ],
      ],
      [20, ['  ● …nd.luau  proc…', '  · …ト.luau  wait…', '  · …st.luau  wait…']],
    ])('keeps the ends of names, and each row within %d columns', async (columns, rows) => {
      const stderr = new MemoryStream({ isTTY: true, columns, rows: 24 });
      const labels = [
        'tests/integration/shop/refund.luau',
        'tests/統合テスト/レシート.luau',
        'tests/and-so-on/secret-key/last.luau',
      ];
      const redact = (text: string) => text.replaceAll('secret-key', '***');
      const { clock, progress } = setUp({ stderr, labels, redact });
      progress.listeners[0]?.(CREATED);
      await untilSpinning(clock, stderr);
      expect(table(stderr)?.slice(1)).toEqual(rows);
      progress.stop();
    });

    test('shows those that run, where not all have room', async () => {
      const labels = Array.from({ length: 30 }, (_, index) => `${index}.luau`);
      const stderr = new MemoryStream({ isTTY: true, columns: 30, rows: 9 });
      const { clock, progress } = setUp({ stderr, labels });
      for (const listen of progress.listeners.slice(0, 12)) listen(CREATED);
      for (const listen of progress.listeners.slice(0, 10)) listen(ENDED);
      await untilSpinning(clock, stderr);
      expect(table(stderr)).toEqual([
        expect.stringMatching(/^\S 10 of 30 scripts ended 0 s$/),
        '  ● 10.luau  processing  0 s',
        '  ● 11.luau  processing  0 s',
        '  · 12.luau  waiting',
        '  · 13.luau  waiting',
        '  · 14.luau  waiting',
        '  and 15 more',
      ]);
      progress.stop();
    });
  });

  test('survives a terminal that loses its width', async () => {
    const stderr = terminal();
    const shrinking = { isTTY: true, columns: 80, write: stderr.write.bind(stderr) };
    const clock = new FakeClock();
    const progress = createProgress({
      stderr: shrinking,
      clock,
      style: plainStyle,
      env: {},
      isQuiet: false,
      verbosity: 0,
      labels: ALONE,
      redact: asItIs,
    });
    progress.listeners[0]?.(CREATED);
    await untilSpinning(clock, stderr);
    shrinking.columns = 0;
    vi.advanceTimersByTime(500);
    progress.stop();
    expect(stderr.writes.at(-1)).toBe('\x1b[?25h');
    expect(stderr.writes.length).toBeLessThan(100);
  });
});
