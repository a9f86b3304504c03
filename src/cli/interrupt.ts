import { LuauExecError } from '../errors.ts';
import { BOOT_ALLOWANCE_MS, DEFAULT_TIMEOUT_SECONDS } from '../task/watch-task.ts';

/** The reason that the context's signal aborts with: which signal asked the process to stop. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  readonly signalName: string;

  constructor(signalName: string) {
    super(`stopped by ${signalName}`);
    this.signalName = signalName;
  }
}

export function readSignalName(signal: AbortSignal): string {
  return signal.reason instanceof Interruption ? signal.reason.signalName : 'SIGINT';
}

export interface InterruptedWait {
  /** Null when nothing had been created. */
  taskPath: string | null;
  /** The state of a task that is known to have finished; else null. */
  endState: string | null;
  timeoutSeconds: number | null;
  /** True where the run ends with this process. */
  isLocal: boolean;
  /** Of a run that can be cancelled: why it was not, as far as that is known. Absent or null for any other. */
  cancelling?: { problem: LuauExecError | null } | null;
  /** Of a run behind a version guard: the version that it is for. Absent or null for any other. */
  guardedVersionId?: string | null;
}

/** What may become of a run behind a version guard whose end is not known. */
export function describeGuard(versionId: string): string {
  return `where its server has another version of the place than ${versionId}, nothing of the script runs`;
}

/** What an interrupted wait means for the script. */
export function createInterruptError(wait: InterruptedWait): LuauExecError {
  const { taskPath, endState, timeoutSeconds, isLocal, cancelling = null, guardedVersionId = null } = wait;
  const guard = guardedVersionId === null ? [] : [describeGuard(guardedVersionId)];
  const base = { id: 'LX602', kind: 'interrupted' } as const;
  if (taskPath === null) {
    return new LuauExecError('stopped before the script was sent; nothing was created', base);
  }
  if (isLocal) return new LuauExecError('stopped; the local run ended with it', base);
  const hint = `luau-exec wait ${taskPath}`;
  if (endState !== null) {
    const message = `stopped before the logs were read; the task has finished: ${endState}`;
    return new LuauExecError(message, { ...base, taskPath, hint });
  }
  const longest = (timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS) + BOOT_ALLOWANCE_MS / 1000;
  if (cancelling !== null) {
    const { problem } = cancelling;
    const message =
      problem === null
        ? 'stopped waiting; the run was told to stop, and whether it has is not known'
        : `stopped waiting; the run could not be cancelled: ${problem.message}`;
    const facts = [
      ...guard,
      ...(problem?.facts ?? []),
      `a script that goes on ends by itself after at most ${longest} s`,
    ];
    return new LuauExecError(message, { ...base, taskPath, facts, hint });
  }
  return new LuauExecError(`stopped waiting; the script goes on for at most ${longest} s`, {
    ...base,
    taskPath,
    facts: guard,
    hint,
  });
}
