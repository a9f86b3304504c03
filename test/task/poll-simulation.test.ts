import { appendFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { type Lifetime, simulateRun } from './poll-simulation.ts';

// Seconds between the end of a task and our learning of it: mean and 95th percentile of the model that the cadence
// was designed with. A cadence that drifts from it by a fifth, to either side, is another cadence.
test.each<[taskCount: number, limitPerMinute: number, lifetime: Lifetime, mean: number, p95: number]>([
  [1, 200, 'warm', 0.33, 0.57],
  [1, 200, 'cold', 0.55, 1.07],
  [1, 200, 'long', 1.2, 2.53],
  [10, 200, 'warm', 0.43, 0.88],
  [10, 200, 'cold', 0.97, 2.21],
  [10, 200, 'long', 1.42, 2.81],
  [1, 45, 'warm', 0.34, 0.6],
  [1, 45, 'cold', 0.71, 1.56],
  [1, 45, 'long', 1.22, 2.5],
  [10, 45, 'warm', 1.67, 3.93],
  [10, 45, 'cold', 5.67, 15.4],
  [10, 45, 'long', 4.48, 11.9],
])(
  '%i tasks, %i reads a minute, %s: mean %d s, p95 %d s',
  async (taskCount, limitPerMinute, lifetime, mean, p95) => {
    const delays: number[] = [];
    let refused = 0;
    for (let seed = 1; seed <= (taskCount === 1 ? 400 : 150); seed++) {
      const result = await simulateRun({ taskCount, limitPerMinute, lifetime, seed });
      delays.push(...result.delaysSeconds);
      refused += result.refused;
    }
    delays.sort((a, b) => a - b);
    const measuredMean = delays.reduce((sum, delay) => sum + delay, 0) / delays.length;
    const measuredP95 = delays[Math.floor(delays.length * 0.95)] ?? 0;
    // For bench/results.md.
    const figures = process.env.LUAU_EXEC_BENCH_POLLING;
    if (figures) {
      const model = { modelMean: mean, modelP95: p95 };
      const measured = { mean: measuredMean, p95: measuredP95, refused };
      appendFileSync(
        figures,
        `${JSON.stringify({ taskCount, limitPerMinute, lifetime, ...measured, ...model })}\n`,
      );
    }
    expect(measuredMean / mean).toBeGreaterThan(0.8);
    expect(measuredMean / mean).toBeLessThan(1.2);
    expect(measuredP95 / p95).toBeGreaterThan(0.8);
    expect(measuredP95 / p95).toBeLessThan(1.2);
    expect(refused).toBe(0);
  },
);
