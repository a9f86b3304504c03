import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Journal } from '../../src/history/journal.ts';
import { API_KEY, type CliResult, type CliSession, useCliSessions } from '../helpers/cli-session.ts';
import { exchangeError } from '../open-cloud/answers.ts';
import { checkProperty } from './check-property.ts';
import {
  arbitraryScript,
  kindOfRequest,
  mayHaveRun,
  playStep,
  type Script,
  type Step,
  takeStep,
} from './scripted-answers.ts';

const open = useCliSessions();

/** Each run is a whole call of the command line with all its waits, so there are fewer of them. */
const RUNS = 200;
const CODES = [0, 1, 3, 4, 5, 6, 7, 9, 10, 124, 130, 2];
const MOST_CREATES_THAT_MAY_REPEAT = 3;

const call = fc.record({
  script: arbitraryScript(API_KEY),
  flags: fc.subarray([
    '--retry-unsafe',
    '--require-logs',
    '--detach',
    '-q',
    '-v',
    '-vv',
    '--timeout=9s',
    '--queue-timeout=20s',
  ]),
  /** At which of the requests a Ctrl-C comes. */
  interruptAt: fc.oneof({ arbitrary: fc.constant(-1), weight: 3 }, fc.nat({ max: 5 })),
});

interface Scene {
  session: CliSession;
  run(
    script: Script,
    options: { argv: string[]; interruptAt: number },
  ): Promise<{ result: CliResult; creates: Step[] }>;
}

/** One session for all calls: its answers come from the script of the call, never from the emulator. */
async function openScene(): Promise<Scene> {
  let script: Script = { creates: [], reads: [], logs: [] };
  let creates: Step[] = [];
  let left = 0;
  const session: CliSession = await open({
    intercept: async (request) => {
      expect(request.url.origin).toBe(session.emulator.baseUrl);
      expect(request.headers['x-api-key']).toBe(API_KEY);
      if (left-- === 0) session.interrupt('SIGINT');
      const kind = kindOfRequest(request);
      const step = takeStep(script, kind);
      if (kind === 'creates') creates.push(step);
      // Nothing but a create outlives the signal.
      if (request.signal.aborted) throw exchangeError('aborted', { wasSent: true });
      return playStep(step);
    },
  });
  return {
    session,
    run: async (given, { argv, interruptAt }) => {
      script = structuredClone(given);
      creates = [];
      left = interruptAt;
      return { result: await session.run('run', '-e', 'return 1', ...argv), creates };
    },
  };
}

/** Line feed and tab are the only controls that leave us; half a character is none. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for.
const UNSAFE = /[\0-\x08\x0b-\x1f\x7f-\x9f]|\p{Cs}|[\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

function expectSafe({ exitCode, stdout, stderr }: CliResult): void {
  expect(stdout + stderr).not.toContain(API_KEY);
  expect(UNSAFE.exec(stdout + stderr)).toBeNull();
  expect(CODES).toContain(exitCode);
}

test('whatever is answered: at most one create may have run, one envelope with the code of the process, no key', async () => {
  const { session, run } = await openScene();
  const journal = new Journal({
    directory: session.stateDirectory,
    wallNow: session.clock.wallNow,
    onProblem: () => undefined,
  });
  const ends = new Set<number>();
  await checkProperty(
    fc.asyncProperty(call, async ({ script, flags, interruptAt }) => {
      rmSync(session.stateDirectory, { recursive: true, force: true });
      const { result, creates } = await run(script, { argv: ['--json', ...flags], interruptAt });
      expectSafe(result);
      if (!flags.includes('-vv')) expect(result.stderr).toBe('');
      expect(result.stdout.match(/\n/g)).toHaveLength(1);
      const envelope = JSON.parse(result.stdout);
      expect(envelope).toMatchObject({
        schema: 'luau-exec.result/v1',
        ok: result.exitCode === 0,
        exitCode: result.exitCode,
      });
      expect(envelope.error === null).toBe(result.exitCode === 0);

      const harmful = creates.filter(mayHaveRun);
      expect(harmful.length).toBeLessThanOrEqual(
        flags.includes('--retry-unsafe') ? MOST_CREATES_THAT_MAY_REPEAT : 1,
      );
      // Where something may have run, the end names the task or says that it is not known.
      if (harmful.length > 0 && envelope.task === null) {
        expect(envelope.error.taskPath !== null || [9, 130].includes(result.exitCode)).toBe(true);
      }
      if (harmful.length === 0) expect([0, 9]).not.toContain(result.exitCode);
      ends.add(result.exitCode);
      // What may have run can be found again.
      if (harmful.length > 0) expect([...journal.readRuns(null)]).toHaveLength(1);
    }),
    { runs: RUNS },
  );
  // All kinds of ends were met, or the answers are not what they are meant to be.
  expect(ends.size).toBeGreaterThan(5);
});

test('whatever is answered: people get printable text and no key', async () => {
  const { run } = await openScene();
  await checkProperty(
    fc.asyncProperty(call, async ({ script, flags, interruptAt }) => {
      const { result } = await run(script, { argv: flags, interruptAt });
      expectSafe(result);
      // Data alone is on stdout: one JSON value a line, or the path of a task that was left behind.
      for (const line of result.stdout.split('\n').slice(0, -1)) {
        if (!line.startsWith('universes/')) expect(() => JSON.parse(line)).not.toThrow();
      }
      if (result.exitCode !== 0) expect(result.stderr).toMatch(/^(\S+ )?(error|stopped|.*error):? /m);
    }),
    { runs: RUNS },
  );
});
