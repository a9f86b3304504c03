import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import type { ClosableLuauRunner } from '../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../src/emulator/luau/run-luau.ts';
import { type Emulator, startEmulator } from '../../src/emulator/server.ts';
import { BIN, collect, NODE, useWorkplaces, type Workplace, waitForText } from '../helpers/bin.ts';
import { useTerminals } from '../helpers/terminal.ts';

const open = useWorkplaces();
const startTerminal = useTerminals();

let emulator: Emulator;
let runner: ClosableLuauRunner;
/** When scripts ended, by their sessions. */
const endedMs = new Map<string, number>();
beforeEach(async () => {
  runner = createLuauRunner({ memoryMiB: 32 });
  emulator = await startEmulator({
    clock: systemClock,
    runLuau: async (job) => {
      const result = await runner(job);
      endedMs.set(job.place.jobId, performance.now());
      return result;
    },
  });
});
afterEach(async () => {
  await emulator.close();
  await runner.close();
});

const LOOP = 'local n = 0\nwhile true do\n  n += 1\n  print("tick", n)\n  task.wait(0.25)\nend\n';
const BUSY = 'print("begun")\ntask.wait(0.5)\nwhile true do end\n';
const RUNS = 20;
const AT_ONCE = 2;

function openPlace(files: Readonly<Record<string, string>>, placeId = '456'): Workplace {
  const place = open();
  place.write(files);
  Object.assign(place.environment, {
    ROBLOX_API_KEY: 'a-key-for-cancel-tests',
    ROBLOX_UNIVERSE_ID: '123',
    ROBLOX_PLACE_ID: placeId,
    LUAU_EXEC_BASE_URL: emulator.baseUrl,
    NO_COLOR: '1',
  });
  return place;
}

/** Starts a run and resolves when its script has begun. */
async function startRunning(place: Workplace, argv: string[]): Promise<ChildProcessWithoutNullStreams> {
  const child = place.start(['run', ...argv]);
  await waitForText(child.stderr, /processing/);
  return child;
}

describe('luau-exec cancel, from another process', () => {
  test(`stops a script that waits in a loop within 3 s, ${RUNS} times`, async () => {
    const names = Array.from({ length: RUNS / 2 }, (_, index) => `loop-${index}.luau`);
    const files = Object.fromEntries(names.map((name) => [name, LOOP]));
    // A place takes ten unfinished tasks; and who waits for twenty uses up the reads of a minute, so nobody does.
    const sent: { place: Workplace; path: string }[] = [];
    for (const placeId of ['456', '457']) {
      const place = openPlace(files, placeId);
      const argv = ['run', ...names, '--cancellable', '--concurrency', '10', '--detach'];
      const { stdout } = await place.run(argv);
      sent.push(
        ...stdout
          .trimEnd()
          .split('\n')
          .map((path) => ({ place, path })),
      );
    }
    expect(sent).toHaveLength(RUNS);
    const times: number[] = [];
    const cancelInTurn = async () => {
      for (let next = sent.pop(); next !== undefined; next = sent.pop()) {
        const startMs = performance.now();
        const { exitCode, stderr } = await next.place.run(['cancel', next.path]);
        expect(stderr).toContain('the run was cancelled; the state of its task is FAILED\n');
        expect(exitCode).toBe(0);
        const [, sessionId = ''] = /sessions\/([\w-]+)/.exec(next.path) ?? [];
        times.push((endedMs.get(sessionId) ?? Number.POSITIVE_INFINITY) - startMs);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, cancelInTurn));
    expect(times).toHaveLength(RUNS);
    expect(Math.max(...times)).toBeLessThan(3_000);
  }, 60_000);

  test('says of a script that never yields that it does not', async () => {
    const place = openPlace({ 'busy.luau': BUSY });
    const child = await startRunning(place, ['busy.luau', '--cancellable', '--timeout', '6s']);
    const ended = collect(child);
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const { exitCode, stderr } = await place.run(['cancel', '--wait', '1s']);
    expect(exitCode).toBe(11);
    expect(stderr).toMatch(
      /error: told to stop, and still running after 1 s\n {2}the script does not yield, /,
    );
    expect(await ended).toMatchObject({ exitCode: 1 });
  });
});

describe('Ctrl-C in a run', () => {
  test('stops the script and waits for that; the exit code says so', async () => {
    const place = openPlace({ 'loop.luau': LOOP });
    const child = await startRunning(place, ['loop.luau', '--cancellable']);
    const ended = collect(child);
    child.kill('SIGINT');
    const { exitCode, signal, stderr } = await ended;
    expect({ exitCode, signal }).toEqual({ exitCode: 3, signal: null });
    expect(stderr).toContain('cancelling\n');
    expect(stderr).toContain('error: the task was cancelled\n');
    expect(await place.run(['status'])).toMatchObject({ exitCode: 3 });
  });

  test('a second time stops the waiting, a third time the process', async () => {
    const place = openPlace({ 'busy.luau': BUSY });
    const argv = ['busy.luau', '--cancellable', '--timeout', '10s'];
    const first = await startRunning(place, argv);
    const firstEnd = collect(first);
    // By then it does not yield any more, so that nothing else can end it.
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    first.kill('SIGINT');
    // As npm hands on what the terminal has sent already.
    first.kill('SIGINT');
    await waitForText(first.stderr, /cancelling/);
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(first.signalCode).toBeNull();
    first.kill('SIGINT');
    const { signal, stderr } = await firstEnd;
    expect(signal).toBe('SIGINT');
    expect(stderr).toMatch(
      /error: stopped waiting; the run was told to stop, and whether it has is not known\n/,
    );
    const path = /universes\/\S+\/tasks\/\S+/.exec(stderr)?.[0] ?? '';
    expect(stderr).toContain(`hint: luau-exec wait ${path}`);
  });

  test('as a key of --watch stops the script too, and then is a signal', async () => {
    const place = openPlace({ 'loop.luau': LOOP });
    const argv = [
      NODE,
      BIN,
      'run',
      'loop.luau',
      '--watch',
      '--cancellable',
      '--live',
      '--cancel-poll',
      '60s',
    ];
    const { output, type, ended } = startTerminal(argv, { cwd: place.directory, env: place.environment });
    await output.until(/tick 2/);
    type('\x03');
    await output.until(/cancelling/);
    type('\x03');
    await output.until(/error: stopped waiting; the run was told to stop/);
    expect(await ended).toMatchObject({ signal: 2 });
  });
});

describe('run --local', () => {
  test('can be stopped and heard as any other', async () => {
    const place = openPlace({ 'loop.luau': LOOP });
    const child = place.start(['run', 'loop.luau', '--local', '--cancellable', '--live']);
    const ended = collect(child);
    await waitForText(child.stderr, /tick 3\n/);
    child.kill('SIGINT');
    const { exitCode, stderr } = await ended;
    expect(exitCode).toBe(3);
    expect(stderr.match(/tick 3\n/g)).toHaveLength(1);
    expect(stderr).toContain('error: the task was cancelled\n');
  });

  test('is what doctor --live-control tries, where that is asked for', async () => {
    const place = openPlace({});
    const { exitCode, stdout } = await place.run(['doctor', '--local', '--live-control']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/cancel +the run ended \S+ s after it was told to stop/);
  });
});

describe('live messages on a terminal', () => {
  test('stand above the spinner, each once', async () => {
    const place = openPlace({ 'few.luau': 'for n = 1, 12 do print("line", n) task.wait(0.25) end return 7' });
    const { output, ended } = startTerminal([NODE, BIN, 'run', 'few.luau', '--live', '--no-check'], {
      cwd: place.directory,
      env: place.environment,
    });
    await output.until(/line 5\r\n/);
    expect(await ended).toMatchObject({ exitCode: 0 });
    const numbers = [...output.text.matchAll(/line (\d+)\r\n/g)].map(([, number]) => Number(number));
    expect(numbers).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
  });
});
