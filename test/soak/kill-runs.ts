import { join } from 'node:path';
import { expect } from 'vitest';
import { type Clock, systemClock } from '../../src/clock.ts';
import type { Fault } from '../../src/emulator/faults.ts';
import { Journal } from '../../src/history/journal.ts';
import type { JournalRun } from '../../src/history/journal-run.ts';
import { collect, type Workplace, waitForText } from '../helpers/bin.ts';
import type { LoopbackEmulator, LoopbackOptions } from '../helpers/loopback-emulator.ts';
import type { ScriptedRun } from '../helpers/scripted-luau.ts';
import { createRandom } from '../helpers/seeded-random.ts';

export interface KillOptions {
  kills: number;
  seed: number;
  place: Workplace;
  startEmulator: (options: LoopbackOptions) => Promise<LoopbackEmulator>;
}

/** Where a run was when it was killed, by what it has left behind. */
export type Phase =
  | 'before the intent'
  | 'between intent and create'
  | 'in the create'
  | 'watching'
  | 'reading logs or printing'
  | 'over already';

interface Killed {
  number: number;
  phase: Phase;
}

const AT_ONCE = 2;
/** Longer than a run takes. */
const LONGEST_WAIT_MS = 300;
/** Answers that take a moment widen the windows that are to be hit. */
const SLOW: Fault[] = [
  { request: 'createTask', times: 'always', do: { delayMs: 60 } },
  { request: 'getTask', times: 'always', do: { delayMs: 10 } },
  { request: 'listLogs', times: 'always', do: { delayMs: 30 } },
];
/** Each request comes in a minute of its own, so that no limit is met. */
function createLimitlessClock(): Clock {
  let minutes = 0;
  return { ...systemClock, wallNow: () => systemClock.wallNow() + 60_000 * minutes++ };
}

/**
 * Kills the real program at random moments of its runs, then holds the journal against what the emulator has created,
 * and takes every run up again. Resolves to how many kills hit which phase.
 */
export async function killRuns({
  kills,
  seed,
  place,
  startEmulator,
}: KillOptions): Promise<Map<Phase, number>> {
  const numbers = Array.from({ length: kills }, (_, number) => number);
  const random = createRandom(seed);
  const scripts = numbers.map((number): [string, ScriptedRun] => [
    `script ${number}`,
    {
      afterMs: 100 * random(),
      logs: [{ level: 'OUTPUT', message: `log of ${number}` }],
      result: { kind: 'complete', results: [number] },
    },
  ]);
  const emulator = await startEmulator({
    scripts: Object.fromEntries(scripts),
    faults: SLOW,
    clock: createLimitlessClock(),
  });
  Object.assign(place.environment, emulator.env);
  place.write(Object.fromEntries(numbers.map((number) => [`${number}.luau`, `script ${number}`])));

  const killed = await doAll(numbers, (number) => killOne(number, { place, emulator, random }));
  const runs = readRuns(place);
  expectJournal(runs, emulator, killed);
  const created = emulator.jobs.length;
  await doAll([...runs.entries()], ([index, run]) => takeUp(run, `@${index + 1}`, place));
  // Nothing was sent again.
  expect(emulator.jobs).toHaveLength(created);
  return countPhases(killed);
}

interface KillSetting {
  place: Workplace;
  emulator: LoopbackEmulator;
  random: () => number;
}

/** Starts a run and kills it some time after it was started, has begun to submit, or has told the path. */
async function killOne(number: number, { place, emulator, random }: KillSetting): Promise<Killed> {
  const sign = [null, /^submitting$/m, /^created /m][Math.floor(3 * random())] ?? null;
  const waitMs = random() * (sign === null ? LONGEST_WAIT_MS : LONGEST_WAIT_MS / 3);
  const child = place.start(['run', `${number}.luau`, '-v']);
  child.stdin.end();
  const result = collect(child);
  if (sign) await waitForText(child.stderr, sign);
  await systemClock.sleep(waitMs);
  child.kill('SIGKILL');
  const { signal, stderr } = await result;
  const run = readRuns(place).find(({ facts }) => facts.script === `${number}.luau`);
  const hasTask = emulator.jobs.some(({ script }) => script === `script ${number}`);
  return { number, phase: signal === null ? 'over already' : decidePhase({ run, hasTask, stderr }) };
}

function decidePhase(left: { run: JournalRun | undefined; hasTask: boolean; stderr: string }): Phase {
  if (!left.run) return 'before the intent';
  if (!left.hasTask) return 'between intent and create';
  if (!left.run.path) return 'in the create';
  return left.stderr.includes('reading the log messages') ? 'reading logs or printing' : 'watching';
}

function readRuns(place: Workplace): JournalRun[] {
  const directory = join(place.directory, 'home', '.local', 'state', 'luau-exec');
  const onProblem = (why: string) => {
    throw new Error(why);
  };
  const journal = new Journal({ directory, wallNow: systemClock.wallNow, onProblem });
  return [...journal.readRuns(null)];
}

/** Every task stands in the journal once, under its own script, with its own path or without any. */
function expectJournal(
  runs: readonly JournalRun[],
  { jobs }: LoopbackEmulator,
  killed: readonly Killed[],
): void {
  const names = runs.map(({ facts }) => facts.script);
  expect(new Set(names).size).toBe(names.length);
  const texts = jobs.map(({ script }) => script);
  expect(new Set(texts).size).toBe(texts.length);
  for (const { script, place } of jobs) {
    const run = runs.find((candidate) => `script ${candidate.facts.script.replace('.luau', '')}` === script);
    expect(run, `${script} was created and is not in the journal`).toBeDefined();
    expect([null, place.jobId]).toContain(run?.path?.taskId ?? null);
  }
  for (const { number, phase } of killed) {
    const isKnown = names.includes(`${number}.luau`);
    expect({ number, phase, isKnown }).toEqual({ number, phase, isKnown: phase !== 'before the intent' });
  }
}

/** A run whose path was learnt goes on to its end; one without an answer is told to be unknown. */
async function takeUp(
  { facts: { script }, path }: JournalRun,
  reference: string,
  place: Workplace,
): Promise<void> {
  const { exitCode, stdout, stderr } = await place.run(['wait', reference, '-v']);
  const number = script.replace('.luau', '');
  if (path) {
    expect({ script, exitCode, stdout }).toEqual({ script, exitCode: 0, stdout: `${number}\n` });
    expect(stderr).toContain(`log of ${number}\n`);
    return;
  }
  expect({ script, exitCode, stdout }).toEqual({ script, exitCode: 9, stdout: '' });
  expect(stderr).toContain(`error: ${script} was sent at `);
  expect(stderr).toContain('id: LX510');
}

function countPhases(killed: readonly Killed[]): Map<Phase, number> {
  const counts = new Map<Phase, number>();
  for (const { phase } of killed) counts.set(phase, (counts.get(phase) ?? 0) + 1);
  return counts;
}

/** Does all, a few at a time. */
async function doAll<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const waiting = items.values();
  const workInTurn = async () => {
    for (const item of waiting) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, workInTurn));
  return results;
}
