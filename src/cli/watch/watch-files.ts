import { lstatSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Watchpack from 'watchpack';
import type { Clock } from '../../clock.ts';
import { raceAbort } from '../../race-abort.ts';

const QUIET_MS = 100;
const LONGEST_UNREST_MS = 1_000;
/** A file that exists nowhere. Watchpack says so when it has looked at everything in the directory. */
const LOOKED_MARK = '.luau-exec-8f1c6c0e-looked';

/** A set of files that is looked after until `close`. Nothing that happens between two questions is lost. */
export interface WatchedFiles {
  /**
   * Absolute paths; a file, and the directories above it, need not exist. A path that was not in the set before counts
   * as changed where it was written since `sinceMs`, in Unix milliseconds: the moment before it was last read.
   */
  setPaths(paths: ReadonlySet<string>, sinceMs: number): void;
  /**
   * Which paths have changed, appeared or gone since they were last given out: as soon as there are any, and after a
   * while of quiet, since an editor may write twice. Rejects with the signal's reason, and then nothing is lost.
   */
  nextChange(signal: AbortSignal): Promise<ReadonlySet<string>>;
  /** What `nextChange` would give, at once; empty where nothing has changed. */
  takeChanges(): ReadonlySet<string>;
  close(): void;
}

export function watchFiles(clock: Clock): WatchedFiles {
  let paths: ReadonlySet<string> = new Set();
  let changed = new Set<string>();
  let eventCount = 0;
  let wake: () => void = () => undefined;
  const note = (path: string) => {
    if (!paths.has(path)) return;
    changed.add(path);
    eventCount++;
    wake();
  };
  let eyes = createEyes(note);
  const takeChanges = () => {
    const taken = changed;
    if (taken.size === 0) return taken;
    changed = new Set();
    // On Linux what watches a directory stays with a deleted one when another takes its name at once, as package
    // managers and git do it; so everything is watched anew, by name.
    eyes.close();
    eyes = createEyes(note);
    eyes.watch(paths, clock.wallNow());
    return taken;
  };
  return {
    setPaths(next, sinceMs) {
      paths = new Set(next);
      changed = new Set([...changed].filter((path) => paths.has(path)));
      eyes.watch(paths, sinceMs);
    },
    async nextChange(signal) {
      while (changed.size === 0) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        await raceAbort(woken, signal);
      }
      const latestMs = clock.now() + LONGEST_UNREST_MS;
      let seenCount: number;
      do {
        seenCount = eventCount;
        await clock.sleep(Math.min(QUIET_MS, latestMs - clock.now()), signal);
      } while (eventCount > seenCount && clock.now() < latestMs);
      return takeChanges();
    },
    takeChanges,
    close: () => eyes.close(),
  };
}

interface Eyes {
  watch(paths: ReadonlySet<string>, sinceMs: number): void;
  close(): void;
}

/** `note` is told each path, as it was given, at which something happens. */
function createEyes(note: (path: string) => void): Eyes {
  const pack = new Watchpack();
  let isClosed = false;
  let linkOf: ReadonlyMap<string, string> = new Map();
  let directories: ReadonlySet<string> = new Set();
  const hear = (path: string) => {
    // A directory that is still one is no news, whatever has happened in it.
    if (isClosed || (directories.has(path) && isDirectory(path))) return;
    note(linkOf.get(path) ?? path);
  };
  // Watchpack takes what it finds at first for what was there before, unless it is new by its date: an older file that
  // was moved to a name meanwhile would be no news.
  const identities = new Map<string, string>();
  const compare = (directory: string) => {
    for (const [path, identity] of identities) {
      if (dirname(path) === directory && identify(path) !== identity) hear(path);
    }
  };
  const hearRemoved = (path: string) => {
    const directory = dirname(path);
    if (path === join(directory, LOOKED_MARK)) compare(directory);
    else hear(path);
  };
  pack.on('change', hear).on('remove', hearRemoved);
  return {
    watch(paths, sinceMs) {
      const places = sortPaths(paths);
      linkOf = places.linkOf;
      const watched = [...places.there, ...linkOf.keys()];
      directories = new Set(watched.filter((path) => isDirectory(path, sinceMs)));
      const looked = [...watched, ...places.missing];
      for (const path of looked) identities.set(path, identities.get(path) ?? identify(path));
      const marks = new Set(looked.map((path) => join(dirname(path), LOOKED_MARK)));
      pack.watch({
        // One that is gone when watchpack first looks counts as removed; one of the missing does not.
        files: [...watched, ...marks],
        missing: places.missing,
        startTime: sinceMs,
      });
    },
    close() {
      isClosed = true;
      pack.close();
    },
  };
}

/** Differs where another file took the place of one, or where it was written; what is in a directory does not count. */
function identify(path: string): string {
  try {
    const stats = lstatSync(path);
    return stats.isDirectory() ? 'directory' : `${stats.ino} ${stats.ctimeMs}`;
  } catch {
    return 'missing';
  }
}

/** Whether a directory is there that was made before a moment; no link to one. */
function isDirectory(path: string, beforeMs = Number.POSITIVE_INFINITY): boolean {
  try {
    const stats = lstatSync(path);
    return stats.isDirectory() && stats.birthtimeMs < beforeMs;
  } catch {
    return false;
  }
}

/**
 * What is there, what is not, and the files behind symbolic links, each with its link's path. Watchpack 2.6.4 can follow
 * links itself, but then throws where a file stands in place of a path's directory.
 */
function sortPaths(paths: ReadonlySet<string>) {
  const there: string[] = [];
  const missing: string[] = [];
  const linkOf = new Map<string, string>();
  for (const path of paths) {
    try {
      const isLink = lstatSync(path).isSymbolicLink();
      there.push(path);
      const target = isLink ? realpathSync(path) : path;
      if (!paths.has(target)) linkOf.set(target, path);
    } catch {
      // Not there, or not to be read, or a link to nothing. Its appearance is seen all the same.
      if (there.at(-1) !== path) missing.push(path);
    }
  }
  return { there, missing, linkOf };
}
