import type { LoadedSettings } from '../../config/load-settings.ts';
import { LuauExecError } from '../../errors.ts';
import { describeOutcome } from '../../output/describe-outcome.ts';
import { formatDuration } from '../../output/format-duration.ts';
import type { Outcome } from '../../task/outcome.ts';
import { runTask } from '../../task/run-task.ts';
import { connectToPlace } from '../connect.ts';
import type { Invocation } from '../invocation.ts';
import type { GlobalOptions } from '../shared-options.ts';
import { createOk, createProblem, type DoctorCheck } from './doctor-check.ts';

/** What a local run needs: nothing but a Luau VM that starts, which one short script shows. */
export async function tryEmulator(
  invocation: Invocation,
  loaded: LoadedSettings,
  options: GlobalOptions,
): Promise<DoctorCheck[]> {
  const api = createOk('api', 'the emulator of this machine: no key, no ids and no network are needed');
  return [api, await checkLuau(invocation, { loaded, options })];
}

async function checkLuau(
  invocation: Invocation,
  { loaded, options }: { loaded: LoadedSettings; options: GlobalOptions },
): Promise<DoctorCheck> {
  const { clock } = invocation.context;
  const startedAtMs = clock.now();
  let outcome: Outcome;
  try {
    outcome = await runOne(invocation, loaded, options);
  } catch (error) {
    if (!(error instanceof LuauExecError)) throw error;
    return createProblem('luau', { detail: error.message, hint: error.hint, kind: error.kind });
  }
  const { task } = outcome;
  if (task.phase === 'complete' && task.results[0] === 1) {
    return createOk('luau', `a script ran in ${formatDuration(clock.now() - startedAtMs)}`);
  }
  return createProblem('luau', {
    detail: describeOutcome(outcome, null)?.message ?? 'return 1 did not return 1',
    hint: 'install luau-exec again',
    kind: 'internal',
  });
}

async function runOne(
  invocation: Invocation,
  loaded: LoadedSettings,
  options: GlobalOptions,
): Promise<Outcome> {
  const { clock, signal } = invocation.context;
  const connection = await connectToPlace(invocation, loaded, options);
  const { client, scheduler, universeId, placeId } = connection;
  const script = { universeId, placeId, versionId: null, script: 'return 1', timeoutSeconds: 30 };
  try {
    return await runTask(script, { client, scheduler, clock, signal });
  } finally {
    await connection.close();
  }
}
