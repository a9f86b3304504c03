import { type ChildProcess, spawn } from 'node:child_process';
import { kill } from 'node:process';
import type { Clock } from '../clock.ts';
import type { Context } from '../context.ts';
import { raceAbort } from '../race-abort.ts';

export interface ProgramOptions {
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  platform: string;
  clock: Clock;
  /** Ends the program, and all that it has started. */
  signal: AbortSignal;
  /** Asked for only while the program is being ended: when it aborts, the program gets no more time for its end. */
  takeSecondStop: Context['takeSecondStop'];
  /** What the program writes to stdout and stderr, as it is, piece by piece. */
  onOutput(text: string): void;
}

/** How a program ended; one of the two is null. */
export interface ProgramEnd {
  exitCode: number | null;
  /** The signal that it was killed by. */
  signalName: string | null;
}

/** How long a program that is told to end may take for it. */
const GRACE_MS = 2_000;

/**
 * Runs a program without a shell and with nothing on its stdin. Throws the system's error where it cannot be started,
 * and the signal's reason once the program has been ended.
 *
 * What is found on PATH is often the shim of a tool manager, which starts the real program. So both are in a process
 * group of their own, except on Windows, which has none, and are ended together. A terminal does not send Ctrl-C to that
 * group: whoever hears it aborts `signal`.
 */
export async function runProgram(file: string, options: ProgramOptions): Promise<ProgramEnd> {
  const { args, cwd, env, platform, signal, onOutput } = options;
  signal.throwIfAborted();
  const child: ChildProcess = spawn(file, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: platform !== 'win32',
    windowsHide: true,
  });
  const ended = new Promise<ProgramEnd>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signalName) => resolve({ exitCode, signalName }));
  });
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding('utf8').on('data', onOutput);
  try {
    return await raceAbort(ended, signal);
  } catch (error) {
    if (signal.aborted) await endProgram(child, ended, options);
    throw error;
  }
}

async function endProgram(
  child: ChildProcess,
  ended: Promise<ProgramEnd>,
  { platform, clock, takeSecondStop }: ProgramOptions,
): Promise<void> {
  const over = new AbortController();
  sendSignal(child, 'SIGTERM', platform);
  const grace = clock.sleep(GRACE_MS, AbortSignal.any([takeSecondStop(), over.signal]));
  await Promise.race([ended, grace]).catch(() => undefined);
  over.abort();
  // Also where the program has ended: what it started may have stayed.
  sendSignal(child, 'SIGKILL', platform);
  // Whoever has left the group may hold the pipes for ever.
  for (const stream of [child.stdout, child.stderr]) stream?.destroy();
  await ended.catch(() => undefined);
}

function sendSignal(child: ChildProcess, name: NodeJS.Signals, platform: string): void {
  if (child.pid === undefined) return;
  try {
    if (platform === 'win32') child.kill(name);
    else kill(-child.pid, name);
  } catch {
    // Nobody is left in the group.
  }
}
