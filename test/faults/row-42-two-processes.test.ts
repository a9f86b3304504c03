import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useWorkplaces } from '../helpers/bin.ts';
import { useCliSessions } from '../helpers/cli-session.ts';
import { readJournalLines } from '../helpers/journal-files.ts';
import { useLoopbackEmulators } from '../helpers/loopback-emulator.ts';
import type { ScriptedRun } from '../helpers/scripted-luau.ts';

const open = useCliSessions();
const openPlace = useWorkplaces();
const startEmulator = useLoopbackEmulators();

const MINUTE_MS = 60_000;

/** Scripts `name-0` to `name-<count - 1>`, which return their names. */
function createScripts(name: string, count: number, afterMs: number) {
  const names = Array.from({ length: count }, (_, index) => `${name}-${index}`);
  const runs = names.map((text): [string, ScriptedRun] => [
    text,
    { afterMs, result: { kind: 'complete', results: [text] } },
  ]);
  return { names, files: names.map((text) => `${text}.luau`), runs };
}

/** Two calls of the command line, as two processes would make them, over one emulator and with one key. */
async function runBoth(count: number, afterMs: number, options: string[] = []) {
  const sides = ['left', 'right'].map((name) => createScripts(name, count, afterMs));
  const answers: { what: string; status: number; atMs: number }[] = [];
  const session = await open({
    files: Object.fromEntries(
      sides.flatMap(({ names, files }) => files.map((file, n) => [file, names[n] ?? ''])),
    ),
    scripts: Object.fromEntries(sides.flatMap(({ runs }) => runs)),
    intercept: async (request, next) => {
      const what = request.url.pathname.endsWith('/logs') ? 'LOGS' : request.method;
      const answer = await next(request);
      answers.push({ what, status: answer.status, atMs: session.clock.now() });
      return answer;
    },
  });
  const startMs = session.clock.now();
  const results = await Promise.all(sides.map(({ files }) => session.run('run', ...files, '-q', ...options)));
  const minutes = Math.ceil((session.clock.now() - startMs) / MINUTE_MS);
  return {
    session,
    sides,
    answers,
    results,
    minutes,
    refused: answers.filter(({ status }) => status === 429),
  };
}

describe('row 42: two processes with one key', () => {
  it('row 42: more creates and logs than the limits allow: both finish, each script runs once', async () => {
    const { sides, results, answers, refused, minutes } = await runBoth(45, 0);
    for (const [index, { names }] of sides.entries()) {
      expect(results[index]).toMatchObject({
        exitCode: 0,
        stdout: names.map((name) => `"${name}"\n`).join(''),
      });
    }
    expect(answers.filter(({ what, status }) => what === 'POST' && status === 200)).toHaveLength(90);
    // 90 creates at 40 a minute.
    expect(minutes).toBeGreaterThanOrEqual(2);
    expect(minutes).toBeLessThanOrEqual(4);
    // Whoever finds the window used up by the other is told so once, and waits for its end.
    expect(refused.length).toBeGreaterThan(0);
    expect(refused.length).toBeLessThanOrEqual(4 * minutes);
  });

  it('row 42: two long waits share the reads without a single refusal', async () => {
    const { results, refused, minutes } = await runBoth(2, 100_000, ['--concurrency', '1']);
    expect(results.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(refused).toEqual([]);
    expect(minutes).toBe(4);
  });

  it('row 42: two real processes, one refusal, one journal', async () => {
    const sides = ['left', 'right'].map((name) => createScripts(name, 3, 50));
    const throttled = {
      status: 429,
      headers: { 'x-ratelimit-limit': '40', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '0.3' },
    };
    const emulator = await startEmulator({
      scripts: Object.fromEntries(sides.flatMap(({ runs }) => runs)),
      faults: [{ request: 'createTask', nth: 3, do: { answer: throttled } }],
    });
    const place = openPlace();
    place.write(
      Object.fromEntries(sides.flatMap(({ names, files }) => files.map((file, n) => [file, names[n] ?? '']))),
    );
    const results = await Promise.all(
      sides.map(({ files }) => place.run(['run', ...files, '-q'], { env: emulator.env })),
    );
    for (const [index, { names }] of sides.entries()) {
      expect(results[index]).toMatchObject({
        exitCode: 0,
        stdout: names.map((name) => `"${name}"\n`).join(''),
      });
    }
    expect(emulator.jobs.map(({ script }) => script).sort()).toEqual(
      sides.flatMap(({ names }) => names).sort(),
    );
    const stateDirectory = join(place.directory, 'home/.local/state/luau-exec');
    const events = readJournalLines(stateDirectory).map(({ event }) => event);
    expect(events.filter((event) => event === 'intent')).toHaveLength(6);
    expect(events.filter((event) => event === 'created')).toHaveLength(6);
    expect(events.filter((event) => event === 'seen')).toHaveLength(6);
  });
});
