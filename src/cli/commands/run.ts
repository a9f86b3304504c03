import { loadInvocationSettings } from '../connect.ts';
import type { Invocation } from '../invocation.ts';
import { loadSources, prepareScripts } from '../prepare-scripts.ts';
import { requireOneReader } from '../require-one-reader.ts';
import { requireOwnOutput } from '../require-own-output.ts';
import { runAll } from '../run-all.ts';
import { closeRunPlan, decideHarness, openRunPlan } from '../run-plan.ts';
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
  requireOneReader(named, options);
  // Before anything can be wrong with a script: its name and the lines around a mistake are shown, without the key.
  const loaded = await loadInvocationSettings(invocation, options);
  const sources = await loadSources(invocation, named, options);
  const scripts = await prepareScripts(invocation, sources, options, {
    harness: decideHarness(loaded.settings, options),
  });
  const { cwd } = invocation.context;
  requireOwnOutput(options, { named, count: scripts.length, cwd });
  const plan = await openRunPlan(invocation, loaded, options);
  try {
    return await runAll(scripts, plan);
  } finally {
    await closeRunPlan(plan);
  }
}
