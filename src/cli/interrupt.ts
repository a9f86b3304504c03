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

/**
 * What an interrupted wait means for the script. `taskPath` is null when nothing had been created; a local run ends
 * with this process.
 */
export function createInterruptError(
  taskPath: string | null,
  { timeoutSeconds, isLocal }: { timeoutSeconds: number | null; isLocal: boolean },
): LuauExecError {
  const base = { id: 'LX602', kind: 'interrupted' } as const;
  if (taskPath === null) {
    return new LuauExecError('stopped before the script was sent; nothing was created', base);
  }
  if (isLocal) return new LuauExecError('stopped; the local run ended with it', base);
  const longest = (timeoutSeconds ?? 300) + BOOT_ALLOWANCE_MS / 1000;
  return new LuauExecError(`stopped waiting; the script goes on for at most ${longest} s`, {
    ...base,
    taskPath,
    hint: `luau-exec wait ${taskPath}`,
  });
}
