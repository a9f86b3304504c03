import type { Clock } from '../../clock.ts';
import type { WatchedFiles } from './watch-files.ts';

/** A file that one script is made of tells of its own changes; which files a directory or a pattern stands for does not. */
export interface WatchedSearch extends WatchedFiles {
  /** What the last search found: absolute paths. Null where nothing has to be searched for. */
  setFound(found: ReadonlySet<string> | null): void;
}

export interface WatchSearchOptions {
  clock: Clock;
  /** Searches again. */
  find: (signal: AbortSignal) => Promise<ReadonlySet<string>>;
}

const SHORTEST_PAUSE_MS = 1_000;
const QUIET_MS = 100;
/** A search of a large tree takes no more than a twentieth of the time. */
const PAUSE_FACTOR = 20;

/** `files`, and what a new search finds or does not find any more. */
export function watchSearch(files: WatchedFiles, options: WatchSearchOptions): WatchedSearch {
  let found: ReadonlySet<string> | null = null;
  return {
    ...files,
    setFound: (next) => {
      found = next;
    },
    async nextChange(signal) {
      if (found === null) return files.nextChange(signal);
      const waiting = new AbortController();
      const both = AbortSignal.any([signal, waiting.signal]);
      try {
        return await Promise.race([files.nextChange(both), nextDifference(found, options, both)]);
      } finally {
        waiting.abort();
      }
    },
  };
}

async function nextDifference(
  found: ReadonlySet<string>,
  { clock, find }: WatchSearchOptions,
  signal: AbortSignal,
): Promise<ReadonlySet<string>> {
  let pauseMs = SHORTEST_PAUSE_MS;
  for (;;) {
    await clock.sleep(pauseMs, signal);
    const startMs = clock.now();
    const now = await find(signal);
    pauseMs = Math.max(SHORTEST_PAUSE_MS, (clock.now() - startMs) * PAUSE_FACTOR);
    const difference = [...now, ...found].filter((path) => now.has(path) !== found.has(path));
    if (difference.length === 0) continue;
    // An editor may make a file first and write it then.
    await clock.sleep(QUIET_MS, signal);
    return new Set(difference);
  }
}
