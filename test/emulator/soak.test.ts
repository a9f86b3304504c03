import { existsSync, readdirSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import { startLuauEmulator } from '../../src/emulator/luau-emulator.ts';

const TASKS = 'universes/11/places/22/luau-execution-session-tasks';
const AT_ONCE = 10;
const POLL_MS = 50;
const MIB = 1024 * 1024;

/** A kind of script, and what must come of it; `n` is the number of its task. */
interface Kind {
  script: (n: number) => string;
  timeout?: string;
  end: (n: number) => object;
  messages: (n: number) => unknown[];
}

const complete = (...results: unknown[]) => ({ state: 'COMPLETE', output: { results } });
const scriptError = (message: string) => ({ state: 'FAILED', error: { code: 'SCRIPT_ERROR', message } });
const deadline = () => ({ state: 'FAILED', error: { code: 'DEADLINE_EXCEEDED' } });
// As much as is kept of the logs of a task, and more than fits on the tape between its threads.
const MANY_MESSAGES = Array.from({ length: 2_400 }, (_, index) => `${'x'.repeat(130)} ${index + 1}`);

const VALUES: Kind = {
  script: (n) => `print("task", ${n}) return ${n}, { list = { ${n}, "text" } }`,
  end: (n) => complete(n, { list: [n, 'text'] }),
  messages: (n) => [`task ${n}`],
};
const WAITING: Kind = {
  script: (n) => `task.spawn(function() task.wait(0.1) print("woke") end) task.wait(0.15) return ${n}`,
  end: (n) => complete(n),
  messages: () => ['woke'],
};
const FAILING: Kind = {
  script: (n) => `local t = nil\nprint(${n})\nreturn t.x`,
  end: () => scriptError("TaskScript:3: attempt to index nil with 'x'"),
  messages: (n) => [String(n), expect.stringMatching(/^TaskScript:3: .*\nStack Begin\n/)],
};
const UNCOMPILED: Kind = {
  script: () => 'return = 1',
  end: () => scriptError("TaskScript:1: Expected identifier when parsing expression, got '='"),
  messages: () => [expect.stringMatching(/^TaskScript:1: /)],
};
const TALKATIVE: Kind = {
  script: (n) => `for i = 1, 2400 do print(string.rep("x", 130), i) end return ${n}`,
  end: (n) => complete(n),
  messages: () => MANY_MESSAGES,
};
const SLEEPING: Kind = {
  script: () => 'print("asleep") task.wait(60)',
  timeout: '1s',
  end: deadline,
  messages: () => ['asleep'],
};
const ENDLESS: Kind = { ...SLEEPING, script: () => 'print("asleep") while true do end' };

function decideKind(n: number): Kind {
  if (n % 50 === 19) return ENDLESS;
  const kinds = [SLEEPING, TALKATIVE, TALKATIVE, FAILING, FAILING, FAILING, UNCOMPILED, WAITING, WAITING];
  return kinds[n % 20] ?? VALUES;
}

/**
 * Real time, on a wall clock that the test puts forward: the windows of the rate limits go by the wall clock, and they
 * would spread 200 tasks over minutes.
 */
class LeapingClock implements Clock {
  #offsetMs = 0;
  now = systemClock.now;
  sleep = systemClock.sleep;
  wallNow = () => systemClock.wallNow() + this.#offsetMs;

  leapMinute(): void {
    this.#offsetMs += 60_000;
  }
}

/**
 * Runs tasks number 0 to `count` on two emulators, ten at a time, and closes the emulators while each has one more that
 * would never end.
 */
async function soak(count: number): Promise<void> {
  const clock = new LeapingClock();
  const emulators = await Promise.all([startLuauEmulator({ clock }), startLuauEmulator({ clock })]);
  const roots = emulators.map(({ baseUrl }) => `${baseUrl}/cloud/v2`);
  const waiting = Array.from({ length: count }, (_, n) => n).values();
  const runInTurn = async () => {
    for (const n of waiting) await runOne(clock, `${roots[n % 2]}`, n);
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, runInTurn));
    for (const root of roots) await request(clock, `${root}/${TASKS}`, { script: ENDLESS.script(0) });
  } finally {
    await Promise.all(emulators.map(({ close }) => close()));
  }
}

async function runOne(clock: LeapingClock, root: string, n: number): Promise<void> {
  const { script, timeout = '300s', end, messages } = decideKind(n);
  let task = await request(clock, `${root}/${TASKS}`, { script: script(n), timeout });
  while (task.state === 'PROCESSING') {
    await systemClock.sleep(POLL_MS);
    task = await request(clock, `${root}/${task.path}`);
  }
  expect(task).toMatchObject(end(n));
  const { luauExecutionSessionTaskLogs: chunks } = await request(clock, `${root}/${task.path}/logs`);
  expect(chunks).toEqual([{ path: `${task.path}/logs/1`, messages: messages(n) }]);
}

/** A GET, or with a body a POST, in a minute of its own. */
async function request(clock: LeapingClock, url: string, body?: object) {
  clock.leapMinute();
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(url, { ...init, headers: { 'x-api-key': 'soak' } });
  expect(response.status).toBe(200);
  return JSON.parse(await response.text());
}

/** What this process holds, once everything that can be collected is. */
async function measure() {
  setFlagsFromString('--expose-gc');
  const collectGarbage: unknown = runInNewContext('gc');
  if (typeof collectGarbage !== 'function') throw new Error('this Node has no garbage collector to call');
  // Finalizers run between turns of the event loop, and what they let go is collected by the next round.
  for (let round = 0; round < 3; round++) {
    collectGarbage();
    await systemClock.sleep(20);
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { resources: countResources(), threads: countThreads(), heapUsed, arrayBuffers, rss };
}

/** Threads of this process as Linux counts them; where there is no such count, the workers that Node still knows. */
function countThreads(): number {
  if (existsSync('/proc/self/task')) return readdirSync('/proc/self/task').length;
  const report: { workers: unknown[] } = JSON.parse(JSON.stringify(process.report.getReport()));
  return report.workers.length;
}

/** How many handles of each kind keep the process alive. */
function countResources(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1;
  return counts;
}

it('200 tasks on two emulators leave no thread, no handle and no memory behind', async () => {
  // The first tasks bring in code and caches that stay.
  await soak(20);
  const before = await measure();
  await soak(200);
  // A closed emulator has no thread left, not even one that is about to end.
  expect(countThreads()).toBeLessThanOrEqual(before.threads);
  const after = await measure();

  for (const [name, count] of Object.entries(after.resources)) {
    expect({ name, isMore: count > (before.resources[name] ?? 0) }).toEqual({ name, isMore: false });
  }
  // Measured: 1 MiB of heap, no buffers, and 30 to 50 MiB that go back and forth, however often it is run. The logs of
  // the talkative tasks alone would be 9 MiB, and a VM or a tape for each task hundreds.
  expect(after.heapUsed - before.heapUsed).toBeLessThan(5 * MIB);
  expect(after.arrayBuffers - before.arrayBuffers).toBeLessThan(MIB);
  expect(after.rss - before.rss).toBeLessThan(150 * MIB);
}, 120_000);
