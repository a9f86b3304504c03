import fc, { type IAsyncProperty, type IProperty } from 'fast-check';
import { expect } from 'vitest';

/** Runs of a property that touches nothing real. */
const RUNS = 1_000;
const LONGEST_SEED = 2 ** 31;

export interface PropertyCheck {
  /** 1,000 when absent. */
  runs?: number;
}

/**
 * Runs a property with a seed of its own, or with `FUZZ_SEED` (and `FUZZ_PATH`, the way to the shrunk example). The
 * failure holds the shrunk example and says how to repeat the run.
 */
export async function checkProperty<Values>(
  property: IProperty<Values> | IAsyncProperty<Values>,
  { runs = RUNS }: PropertyCheck = {},
): Promise<void> {
  const seed = readSeed(process.env.FUZZ_SEED);
  const path = process.env.FUZZ_PATH ?? '';
  const details = await fc.check(property, { numRuns: runs, seed, path });
  if (!details.failed) return;
  const report = await fc.asyncDefaultReportMessage(details);
  const way = details.counterexamplePath === null ? '' : ` FUZZ_PATH=${details.counterexamplePath}`;
  const name = expect.getState().currentTestName ?? '';
  throw new Error(
    `${report}\n\nRepeat: FUZZ_SEED=${seed}${way} npx vitest run test/fuzz -t ${JSON.stringify(name)}`,
    {
      cause: details.errorInstance,
    },
  );
}

function readSeed(text: string | undefined): number {
  if (text === undefined || text === '') return Math.floor(Math.random() * LONGEST_SEED);
  const seed = Number(text);
  if (!Number.isSafeInteger(seed)) throw new Error(`FUZZ_SEED is not a whole number: ${text}`);
  return seed;
}
