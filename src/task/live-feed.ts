import type { Clock } from '../clock.ts';
import { LuauExecError } from '../errors.ts';
import type { LogMessage } from '../open-cloud/task.ts';
import { type LiveMessages, parseLiveBatch } from './live-messages.ts';
import type { LiveSource } from './live-source.ts';

export interface LiveFeedOptions {
  source: LiveSource;
  clock: Clock;
  /** How often to look. */
  everyMs: number;
  /** Told of messages that are new, in the order of printing; `missed` did not come between the last ones and these. */
  onMessages(messages: LogMessage[], missed: number): void;
  /** Told once that nothing more comes, and why. */
  onLost(error: LuauExecError): void;
}

export interface LiveFeed {
  /** Reads what is there, a last time, and ends. Resolves to all that came. Never rejects. */
  finish(): Promise<LiveMessages>;
  /** Ends at once. */
  close(): void;
}

const PATIENCE_MS = 15_000;
/** What the last read brings comes with the kept messages anyway. */
const LAST_PATIENCE_MS = 3_000;
const LONGEST_END_MS = 4_000;

/** Takes the log messages of a run while it runs, until it is finished or closed. */
export function startLiveFeed(options: LiveFeedOptions): LiveFeed {
  const { source, clock, everyMs } = options;
  const received = new Map<number, LogMessage>();
  const closing = new AbortController();
  const pausing = new AbortController();
  let next = 1;

  const receive = (batch: LiveMessages) => {
    // What could not be discarded comes again.
    const news = [...batch].filter(([number]) => number >= next).sort(([a], [b]) => a - b);
    const last = news.at(-1)?.[0];
    if (last === undefined) return;
    const missed = last - next + 1 - news.length;
    for (const [number, message] of news) received.set(number, message);
    next = last + 1;
    options.onMessages(
      news.map(([, message]) => message),
      missed,
    );
  };
  const readOnce = (patienceMs: number) =>
    source.take((batch) => receive(parseLiveBatch(batch)), { signal: closing.signal, patienceMs });
  const run = async () => {
    try {
      while (!pausing.signal.aborted) {
        await readOnce(PATIENCE_MS);
        await clock.sleep(everyMs, AbortSignal.any([pausing.signal, closing.signal])).catch(() => {});
      }
      if (!closing.signal.aborted) await readOnce(LAST_PATIENCE_MS);
    } catch (error) {
      if (closing.signal.aborted) return;
      if (!(error instanceof LuauExecError)) throw error;
      options.onLost(error);
    }
  };
  const running = run();
  const close = () => {
    pausing.abort();
    closing.abort();
    source.close();
  };
  // A bug of ours is told by whoever waits for the end.
  running.catch(() => undefined);
  return {
    finish: async () => {
      pausing.abort();
      // A read that hangs must not keep anybody from the kept messages.
      clock.sleep(LONGEST_END_MS, closing.signal).then(close, () => undefined);
      await running;
      close();
      return received;
    },
    close,
  };
}
