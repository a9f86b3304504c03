import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { Journal } from '../../src/history/journal.ts';
import { readJournalLines } from '../helpers/journal-files.ts';

const HOUR_MS = 3_600_000;
const START_MS = Date.parse('2026-11-21T09:30:00Z');

let built = '';
beforeAll(async () => {
  built = mkdtempSync(join(tmpdir(), 'luau-exec-built-'));
  const bundle = await rolldown({
    input: fileURLToPath(new URL('../../src/history/journal.ts', import.meta.url)),
    platform: 'node',
  });
  await bundle.write({ dir: built, entryFileNames: 'journal.mjs' });
  await bundle.close();
});
afterAll(() => rmSync(built, { recursive: true, force: true }));

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'luau-exec-journal-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

/** Starts processes that each run `body` with a journal, `number`, `setTime(ms)` and `lineOf(runId)` at hand. */
async function runProcesses(count: number, body: string): Promise<void> {
  const program = (number: number) => `
    import fs from 'node:fs';
    import { Journal } from ${JSON.stringify(join(built, 'journal.mjs'))};
    const number = ${number};
    let nowMs = ${START_MS};
    const setTime = (ms) => { nowMs = ms; };
    const journal = new Journal({
      directory: ${JSON.stringify(directory)},
      wallNow: () => nowMs,
      onProblem: (why) => { throw new Error(why); },
    });
    const lineOf = (runId) => {
      const time = new Date(nowMs).toISOString();
      const facts = { script: 'x'.repeat(3000), universeId: '1', placeId: '2', origin: 'o', target: null };
      return { event: 'intent', time, sentTime: time, runId, ...facts, timeoutSeconds: 300 };
    };
    ${body}`;
  const processes = Array.from({ length: count }, (_, number) =>
    spawn(process.execPath, ['--input-type=module', '-e', program(number)], {
      stdio: ['ignore', 'ignore', 'inherit'],
    }),
  );
  const ends = await Promise.all(processes.map((child) => once(child, 'exit')));
  expect(ends.map(([code]) => code)).toEqual(ends.map(() => 0));
}

const open = (nowMs: number) =>
  new Journal({
    directory,
    wallNow: () => nowMs,
    onProblem: (why) => {
      throw new Error(why);
    },
  });

test('twenty processes write and read at once, and no line is lost or broken', {
  timeout: 60_000,
}, async () => {
  await runProcesses(
    20,
    `for (let index = 0; index < 50; index++) {
      journal.append(lineOf(number + '-' + index));
      const mine = [...journal.readRuns(null)].filter(({ facts }) => facts.runId.startsWith(number + '-'));
      if (mine.length !== index + 1) throw new Error('lost one of its own');
    }`,
  );
  expect(readJournalLines(directory)).toHaveLength(1_000);
  expect(new Set([...open(START_MS).readRuns(null)].map(({ facts }) => facts.runId)).size).toBe(1_000);
});

test('old segments go while others are written and read, and nothing that still matters goes with them', {
  timeout: 60_000,
}, async () => {
  // One clock for all, on which 4 s are four days.
  const startedAtMs = Date.now();
  await runProcesses(
    6,
    `const endMs = ${START_MS + 96 * HOUR_MS};
    for (let index = 0; nowMs < endMs; index++) {
      setTime(${START_MS} + (Date.now() - ${startedAtMs}) * ${(96 * HOUR_MS) / 4_000});
      journal.append(lineOf(number + '-' + index + '-' + nowMs));
      fs.appendFileSync(${JSON.stringify(join(directory, 'written'))}, number + '-' + index + '-' + nowMs + '\\n');
      for (const { facts } of journal.readRuns(null)) if (facts.script.length !== 3000) throw new Error('a torn line');
    }`,
  );
  const written = readFileSync(join(directory, 'written'), 'utf8').trim().split('\n');
  const timeOf = (runId: string) => Number(runId.split('-')[2]);
  const endMs = Math.max(...written.map(timeOf));
  const remembered = new Set([...open(endMs).readRuns(null)].map(({ facts }) => facts.runId));
  const recent = written.filter((runId) => timeOf(runId) > endMs - 24 * HOUR_MS);
  expect(recent.filter((runId) => !remembered.has(runId))).toEqual([]);
  // Not all of them: processes were there on all four days.
  expect(Math.min(...written.map(timeOf))).toBeLessThan(endMs - 72 * HOUR_MS);
  const kept = readJournalLines(directory).map(({ runId }) => timeOf(String(runId)));
  expect(kept.length).toBeLessThan(written.length);
  expect(Math.min(...kept)).toBeGreaterThan(endMs - 84 * HOUR_MS);
});
