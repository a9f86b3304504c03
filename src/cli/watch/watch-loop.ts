import type { Clock } from '../../clock.ts';
import { LuauExecError } from '../../errors.ts';
import { EXIT_CODES, exitCodeOfError } from '../exit-codes.ts';
import { readSignalName } from '../interrupt.ts';
import { describeChanges, describeWatching } from './describe-watch.ts';
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

export interface WatchLoopOptions {
  /**
   * Ends soon after its signal aborts, however: the run does not count any more. The signal's reason and errors of the
   * kind `interrupted` are expected then; any other rejection ends the loop.
   */
  runOnce(signal: AbortSignal): Promise<WatchedRun>;
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
  try {
    while (!stop.aborted) {
      const finished = await runAndWait(watch);
      exitCode = finished ?? exitCode;
    }
  } finally {
    ending.abort();
    // The terminal is given back before anything else is written.
    await keyboard.closed;
  }
  if (keyboard.failure !== null) throw keyboard.failure;
  return keyboard.hasQuit ? exitCode : exitCodeOfError('interrupted', readSignalName(stop));
}

/** One run and the wait for a reason to run again. Resolves to the run's exit code; to null where it was stopped. */
async function runAndWait(watch: Watch): Promise<number | null> {
  const { files, keys, cwd, clock, stop } = watch;
  const startedMs = clock.wallNow();
  const run = await runUnlessStopped(watch);
  if (run === null || stop.aborted) return null;
  files.setPaths(run.paths, startedMs);
  await watch.notice(describeWatching(run.fileCount, { hasKeys: keys !== null }));
  const changes = await waitForReason(watch);
  if (changes.size > 0) await watch.notice(describeChanges(changes, cwd));
  return run.exitCode;
}

async function runUnlessStopped({ runOnce, keyboard, stop }: Watch): Promise<WatchedRun | null> {
  try {
    return await runOnce(stop);
  } catch (error) {
    if (stop.aborted && error === stop.reason) return null;
    // What a stopped run leaves behind is worth telling when a signal stopped it; whoever typed `q` has seen it.
    const isInterrupt = error instanceof LuauExecError && error.kind === 'interrupted';
    if (keyboard.hasQuit && isInterrupt) return null;
    throw error;
  }
}

/** Resolves to the paths that have changed, also where it was a key that came first, or the end. */
async function waitForReason({ files, keyboard, stop }: Watch): Promise<ReadonlySet<string>> {
  const waiting = new AbortController();
  const signal = AbortSignal.any([stop, waiting.signal]);
  try {
    const wish = keyboard.nextWish(signal).then(() => files.takeChanges());
    return await Promise.race([wish, files.nextChange(signal)]);
  } catch (error) {
    if (stop.aborted) return new Set();
    throw error;
  } finally {
    waiting.abort();
  }
}
