import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/**
 * Runs the simulation of the test suite, which asserts its figures, and returns them: one entry a row, in seconds.
 * Virtual time: the machine's speed has no part in them.
 */
export function measurePolling(root) {
  const directory = mkdtempSync(join(tmpdir(), 'luau-exec-polling-'));
  const file = join(directory, 'figures.jsonl');
  const vitest = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
  try {
    execFileSync(process.execPath, [vitest, 'run', 'test/task/poll-simulation.test.ts'], {
      cwd: root,
      env: { ...process.env, LUAU_EXEC_SKIP_BUILD: '1', LUAU_EXEC_BENCH_POLLING: file },
      stdio: 'ignore',
    });
    if (!existsSync(file)) throw new Error('the simulation wrote no figures');
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    return lines.map((line) => JSON.parse(line));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** The section of results.md. */
export function formatPolling(rows) {
  return [
    '# Added delay of polling',
    '',
    'Seconds between the end of a task and our learning of it, by the scheduler against the windows of the emulator in',
    'virtual time, with a round trip of 150 ms: warm tasks end 4 to 10 s after the create, cold ones 10 to 50 s, long',
    'ones up to 300 s. "model" is what the schedule was designed with; the tests hold the figures within 20 % of it.',
    '',
    '| tasks | reads a minute | tasks end | mean | p95 | model mean | model p95 | refusals |',
    '|---|---|---|---|---|---|---|---|',
    ...rows.map(
      ({ taskCount, limitPerMinute, lifetime, mean, p95, modelMean, modelP95, refused }) =>
        `| ${taskCount} | ${limitPerMinute} | ${lifetime} | ${mean.toFixed(2)} | ${p95.toFixed(2)} | ${modelMean} | ${modelP95} | ${refused} |`,
    ),
    '',
  ].join('\n');
}
