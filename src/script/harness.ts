import runtime from './harness.luau';
import { createWrapping, type Wrapping } from './wrapping.ts';

export interface HarnessOptions {
  /** Whether the run stops when it is told to through the memory store. */
  isCancellable: boolean;
  /** Whether log messages are sent through the memory store while the script runs. */
  isLive: boolean;
  /** How often the run looks whether it is to stop. */
  pollSeconds: number;
  /** How often it sends what has been printed since. */
  liveSeconds: number;
}

/** The harness as it stands in a chunk up to the id of the run, which is put in when the chunk is sent. */
const RUN_ID = /^(local runId,game,task,warn,main=")([\w-]+)(?=")/gm;

/** What a run may lose, on the line behind it. */
const LOSS = /^local loss,thread,ended="(cancelling)?(?: and )?(live)?/m;

/** Makes a run that can be stopped and watched: docs/control-channel.md. It hears of its id by `setRunId`. */
export function createHarness(options: HarnessOptions): Wrapping {
  const { isCancellable, isLive, pollSeconds, liveSeconds } = options;
  return createWrapping(
    runtime
      .replace('__loss', describeLoss({ isCancellable, isLive }))
      .replaceAll('__isCancellable', String(isCancellable))
      .replaceAll('__isLive', String(isLive))
      .replaceAll('__pollSeconds', String(pollSeconds))
      .replaceAll('__liveSeconds', String(liveSeconds)),
  );
}

/** What a run says that cannot reach the memory store. */
function describeLoss({ isCancellable, isLive }: Pick<HarnessOptions, 'isCancellable' | 'isLive'>): string {
  const parts = [...(isCancellable ? ['cancelling'] : []), ...(isLive ? ['live log messages'] : [])];
  return `${parts.join(' and ')} may not work`;
}

/** The chunk with the id of its run: letters, digits and dashes. One without a harness stays as it is. */
export function setRunId(chunk: string, runId: string): string {
  const found = findRunId(chunk);
  if (found === null) return chunk;
  const { start, end } = found;
  return chunk.slice(0, start) + runId + chunk.slice(end);
}

/** What a chunk says of its harness; null for one that has none. */
export function readRunControl(
  chunk: string,
): { runId: string; isCancellable: boolean; isLive: boolean } | null {
  const found = findRunId(chunk);
  if (found === null) return null;
  const [, cancelling, live] = LOSS.exec(chunk.slice(found.end)) ?? [];
  return {
    runId: chunk.slice(found.start, found.end),
    isCancellable: cancelling !== undefined,
    isLive: live !== undefined,
  };
}

/** The last one: a script may hold another chunk in a text. */
function findRunId(chunk: string): { start: number; end: number } | null {
  const match = [...chunk.matchAll(RUN_ID)].at(-1);
  if (match === undefined) return null;
  const [, before = '', id = ''] = match;
  const start = match.index + before.length;
  return { start, end: start + id.length };
}
