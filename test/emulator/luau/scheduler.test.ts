import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ClosableLuauRunner, LuauResult } from '../../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../../src/emulator/luau/run-luau.ts';
import { FakeClock } from '../../helpers/fake-clock.ts';
import { runOnFakeClock, scriptError, uncaught } from '../../helpers/run-script.ts';

let clock: FakeClock;
let runLuau: ClosableLuauRunner;
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 32, whileBusy: () => clock.hold() });
});
beforeEach(() => {
  clock = new FakeClock();
});
afterAll(() => runLuau.close());

async function run(script: string): Promise<LuauResult> {
  return (await runOnFakeClock(runLuau, clock, script)).result;
}

async function order(body: string): Promise<unknown> {
  const result = await run(
    `local log = {} local function note(x) table.insert(log, x) end ${body} return log`,
  );
  return result.kind === 'complete' ? result.results[0] : result;
}

describe('the order in which threads run', () => {
  test.each([
    ['spawn runs at once', 'task.spawn(note, "a") note("b")', ['a', 'b']],
    ['defer runs when the running thread yields', 'task.defer(note, "b") note("a") task.wait()', ['a', 'b']],
    [
      'deferred threads run even when the main chunk has returned',
      'task.defer(note, "b") note("a")',
      ['a', 'b'],
    ],
    ['deferred threads run in order', 'task.defer(note, 1) task.defer(note, 2) task.wait()', [1, 2]],
    [
      'what a deferred thread defers comes after',
      'task.defer(function() task.defer(note, 3) note(1) end) task.defer(note, 2) task.wait()',
      [1, 2, 3],
    ],
    [
      'delays by time',
      'task.delay(0.3, note, 3) task.delay(0.1, note, 1) task.delay(0.2, note, 2) task.wait(1)',
      [1, 2, 3],
    ],
    [
      'waits of the same length in the order they began',
      'for i = 1, 5 do task.spawn(function() task.wait(0.5) note(i) end) end task.wait(1)',
      [1, 2, 3, 4, 5],
    ],
    [
      'a timer is before what it defers',
      'task.delay(0.1, function() task.defer(note, 2) note(1) end) task.wait(0.2)',
      [1, 2],
    ],
    ['arguments with nil arrive', 'task.spawn(function(...) note(select("#", ...)) end, nil, 1, nil)', [3]],
    [
      'delayed arguments too',
      'task.delay(0, function(...) note(select("#", ...)) end, 1, nil) task.wait(0.1)',
      [2],
    ],
    [
      'spawn resumes a thread',
      'local t = task.spawn(function() note(coroutine.yield()) end) task.spawn(t, "x")',
      ['x'],
    ],
    [
      'a wait in a coroutine hands back to its caller',
      'coroutine.wrap(function() task.wait(0.1) note(2) end)() note(1) task.wait(0.2)',
      [1, 2],
    ],
    ['a cancelled delay', 'local t = task.delay(0.1, note, "never") task.cancel(t) task.wait(0.2)', []],
    [
      'a cancelled wait',
      'local t = task.spawn(function() task.wait(0.1) note("never") end) task.cancel(t) task.wait(0.2)',
      [],
    ],
    ['a cancelled deferred thread', 'task.cancel(task.defer(note, "never")) task.wait()', []],
    ['cancelling what has ended', 'local t = task.spawn(note, 1) task.cancel(t)', [1]],
    ['synchronize does nothing', 'task.synchronize() note(1) task.desynchronize()', [1]],
    ['legacy spawn waits for a frame', 'spawn(function() note(2) end) note(1) wait(0.1)', [1, 2]],
    ['legacy delay', 'delay(0.2, function() note(2) end) wait(0.1) note(1) wait(0.2)', [1, 2]],
  ])('%s', async (_name, body, expected) => {
    expect(await order(body)).toEqual(expected);
  });
});

describe('time', () => {
  // Computing takes real time on top of what the clock says; this is what a slow machine may need for a step.
  const SLACK = 0.5;
  const between = (value: string, least: number) => `${value} >= ${least} and ${value} < ${least + SLACK}`;

  test.each([
    ['wait returns what has passed', `local t = task.wait(10) return ${between('t', 10)}`],
    ['wait of nothing is a frame', `local t = task.wait() return ${between('t', 1 / 60)}`],
    [
      'so is a negative or nonsensical one',
      `local t = task.wait(-5) + task.wait(0/0) return ${between('t', 2 / 60)}`,
    ],
    ['text is taken as a number', `local t = task.wait("2") return ${between('t', 2)}`],
    [
      'legacy wait returns two values',
      `local t, total = wait(3) return ${between('t', 3)} and ${between('total', 3)}`,
    ],
    ['legacy wait of nothing is two frames', `local t = wait() return ${between('t', 1 / 30)}`],
    [
      'legacy spawn passes the times',
      `local t spawn(function(a) t = a end) wait(1) return ${between('t', 1 / 30)}`,
    ],
    ['time counts from the start', `task.wait(7) local t = time() return ${between('t', 7)}`],
    ['elapsedTime does too', `task.wait(7) local t = elapsedTime() return ${between('t', 7)}`],
    [
      'tick is the wall clock',
      `local a = tick() task.wait(60) local t = tick() - a return ${between('t', 60)}`,
    ],
  ])('%s', async (_name, script) => {
    expect(await run(script)).toEqual({ kind: 'complete', results: [true] });
  });

  test('a script can wait for minutes of virtual time', async () => {
    const started = clock.now();
    expect(await run('for i = 1, 10 do task.wait(25) end')).toEqual({ kind: 'complete', results: [] });
    expect(clock.now() - started).toBeGreaterThanOrEqual(250_000);
    expect(clock.now() - started).toBeLessThan(251_000);
  });

  test('tick starts where the wall clock stands', async () => {
    expect(await run('return math.floor(tick())')).toEqual({
      kind: 'complete',
      results: [Math.floor(clock.wallNow() / 1000)],
    });
  });
});

describe('the end of the task', () => {
  test('comes when the main chunk returns, whatever still waits', async () => {
    const started = clock.now();
    const { result, logs } = await runOnFakeClock(runLuau, clock, 'task.delay(5, print, "late") return 1');
    expect(result).toEqual({ kind: 'complete', results: [1] });
    expect(logs).toEqual([]);
    expect(clock.now()).toBe(started);
    expect(clock.pendingSleeps).toBe(0);
  });

  test.each(['coroutine.yield()', 'task.wait(math.huge)', 'task.wait(1000)'])(
    '%s runs into the time limit',
    async (script) => {
      const started = clock.now();
      expect(await run(script)).toEqual({
        kind: 'failed',
        code: 'DEADLINE_EXCEEDED',
        message: 'the script did not finish within 300 s',
      });
      expect(clock.now() - started).toBe(300_000);
      expect(clock.pendingSleeps).toBe(0);
    },
  );

  test('is seen when another thread resumes the main one', async () => {
    const script = `local main = coroutine.running()
      task.delay(1, function() coroutine.resume(main, "resumed") end)
      return coroutine.yield()`;
    expect(await run(script)).toEqual({ kind: 'complete', results: ['resumed'] });
  });

  test('a cancelled main thread is a failure', async () => {
    const script = 'task.delay(1, task.cancel, coroutine.running()) task.wait(5)';
    expect(await run(script)).toEqual(scriptError('the main thread was cancelled'));
  });
});

describe('misuse', () => {
  test.each([
    ['task.spawn(1)', "invalid argument #1 to 'spawn' (function or thread expected)"],
    ['task.delay("x", print)', "invalid argument #1 to 'delay' (number expected, got string)"],
    ['task.wait({})', "invalid argument #1 to 'wait' (number expected, got table)"],
    ['task.cancel(nil)', "invalid argument #1 to 'cancel' (thread expected, got nil)"],
    ['task.cancel(coroutine.running())', 'cannot cancel a thread that is running'],
    ['task.spawn(coroutine.running())', 'cannot spawn a thread that is not suspended'],
    ['coroutine.resume(5)', "invalid argument #1 to 'resume' (thread expected, got number)"],
    ['spawn(1)', "invalid argument #1 to 'spawn' (function expected, got number)"],
    ['task.wait = nil', 'attempt to modify a readonly table'],
  ])('%s', async (script, message) => {
    expect(await run(`\n${script}`)).toEqual(scriptError(`TaskScript:2: ${message}`));
  });

  test('threads that defer each other for ever are dropped', async () => {
    const { result, logs } = await runOnFakeClock(
      runLuau,
      clock,
      'local n = 0 local function again() n += 1 task.defer(again) end again() task.wait(1) return n',
    );
    expect(result).toEqual({ kind: 'complete', results: [81] });
    expect(logs).toEqual([uncaught('Maximum event re-entrancy depth exceeded')]);
  });
});
