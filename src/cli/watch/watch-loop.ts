import type { Clock } from '../../clock.ts';
import { LuauExecError } from '../../errors.ts';
import { EXIT_CODES, exitCodeOfError } from '../exit-codes.ts';
import { readSignalName } from '../interrupt.ts';
import { describeReason, describeWatching } from './describe-watch.ts';
import { type Keyboard, openKeyboard } from './keyboard.ts';
import type { KeyReader } from './read-keys.ts';
import type { WatchedFiles } from './watch-files.ts';

/** How one run ended, and the absolute paths of all that it depends on, whether they exist or not. */
export interface WatchedRun {
  exitCode: number;
  paths: ReadonlySet<string>;
  /** How many of them are files. */
  fileCount: number;
}

/** Somebody wants it, at the start or by `r`; or a file has changed, which need not change what is sent. */
export type RunReason = 'wish' | 'change';

export interface WatchLoopOptions {
  /**
   * Ends soon after its signal aborts, however: the run does not count any more. The signal's reason and errors of the
   * kind `interrupted` are expected then; any other rejection ends the loop.
   */
  runOnce(signal: AbortSignal, reason: RunReason): Promise<WatchedRun>;
  /** Closed by whoever made it. */
  files: WatchedFiles;
  /** Null where there is no terminal to read keys from. */
  keys: KeyReader | null;
  /** Writes a line for people. */
  notice(text: string): Promise<void>;
  clock: Clock;
  /** What the paths in notices are relative to. */
  cwd: string;
  /** Stops the run that is under way, and the watching. */
  signal: AbortSignal;
}

/** What one pass of the loop needs; `stop` aborts when the loop has to end. */
interface Watch extends WatchLoopOptions {
  keyboard: Keyboard;
  stop: AbortSignal;
}

/**
 * Runs once, and again after each change and at each `r`, one run at a time. Resolves after `q` to the exit code of the
 * last run that finished, 0 where none did; after Ctrl-C or an abort to the code of a process that a signal stopped.
 */
export async function watchLoop(options: WatchLoopOptions): Promise<number> {
  const ending = new AbortController();
  const stop = AbortSignal.any([options.signal, ending.signal]);
  const keyboard = openKeyboard(options.keys, { ending, stop });
  const watch: Watch = { ...options, keyboard, stop };
  let exitCode: number = EXIT_CODES.ok;
  let reason: RunReason = 'wish';
  try {
    while (!stop.aborted) {
      const run = await runUnlessStopped(watch, reason);
      if (run === null || stop.aborted) break;
      exitCode = run.exitCode;
      reason = await waitForReason(watch, run);
    }
  } finally {
    ending.abort();
    // The terminal is given back before anything else is written.
    await keyboard.closed;
  }
  if (keyboard.failure !== null) throw keyboard.failure;
  return keyboard.hasQuit ? exitCode : exitCodeOfError('interrupted', readSignalName(stop));
}

/** Null for a run that was stopped. */
async function runUnlessStopped(watch: Watch, reason: RunReason): Promise<WatchedRun | null> {
  const { runOnce, keyboard, files, clock, stop } = watch;
  const startedMs = clock.wallNow();
  try {
    const run = await runOnce(stop, reason);
    files.setPaths(run.paths, startedMs);
    return run;
  } catch (error) {
    if (stop.aborted && error === stop.reason) return null;
    // What a stopped run leaves behind is worth telling when a signal stopped it; whoever typed `q` has seen it.
    const isInterrupt = error instanceof LuauExecError && error.kind === 'interrupted';
    if (keyboard.hasQuit && isInterrupt) return null;
    throw error;
  }
}

/** Resolves at the end of the loop, too. */
async function waitForReason(watch: Watch, run: WatchedRun): Promise<RunReason> {
  const { files, keyboard, keys, cwd, stop } = watch;
  await watch.notice(describeWatching(run.fileCount, { hasKeys: keys !== null }));
  const waiting = new AbortController();
  const signal = AbortSignal.any([stop, waiting.signal]);
  const wish = async () => {
    await keyboard.nextWish(signal);
    return { reason: 'wish', changes: files.takeChanges() } as const;
  };
  const change = async () => ({ reason: 'change', changes: await files.nextChange(signal) }) as const;
  try {
    const { reason, changes } = await Promise.race([wish(), change()]);
    await watch.notice(describeReason(changes, cwd));
    return reason;
  } catch (error) {
    if (stop.aborted) return 'wish';
    throw error;
  } finally {
    waiting.abort();
  }
}
