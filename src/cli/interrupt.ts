import { LuauExecError } from '../errors.ts';
import { BOOT_ALLOWANCE_MS } from '../task/watch-task.ts';

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
}

/** What an interrupted wait means for the script. */
export function createInterruptError(wait: InterruptedWait): LuauExecError {
  const { taskPath, endState, timeoutSeconds, isLocal } = wait;
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
  const longest = (timeoutSeconds ?? 300) + BOOT_ALLOWANCE_MS / 1000;
  return new LuauExecError(`stopped waiting; the script goes on for at most ${longest} s`, {
    ...base,
    taskPath,
    hint,
  });
}
