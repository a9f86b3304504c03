import type { Invocation } from '../invocation.ts';
import { prepareScripts } from '../prepare-scripts.ts';
import { runAll } from '../run-all.ts';
import { openRunPlan } from '../run-plan.ts';
import type { RunOptions } from '../shared-options.ts';

/** Runs scripts one after the other; the exit code is the worst. All of them are read before the first is sent. */
export async function runScripts(
  invocation: Invocation,
  named: string[],
  options: RunOptions,
): Promise<number> {
  if (options.watch) {
    const { runWatched } = await import('../watch/run-watched.ts');
    return runWatched(invocation, named, options);
  }
  const scripts = await prepareScripts(invocation, named, options);
  const plan = await openRunPlan(invocation, options);
  try {
    return await runAll(scripts, plan);
  } finally {
    await plan.connection.close();
  }
}
