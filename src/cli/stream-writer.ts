import { LuauExecError } from '../errors.ts';
import { describeError } from '../output/describe-error.ts';
import { formatError } from '../output/format-error.ts';
import type { Progress } from '../output/progress.ts';
import type { RenderOptions } from '../output/renderer.ts';
import type { Piece } from '../output/write-out.ts';
import type { Outlets, Rendering } from './outlets.ts';

/** Writes to the standard streams, around whatever is drawn on the terminal meanwhile. */
export interface StreamWriter {
  /** What makes way for each write; null for nothing. */
  setProgress(progress: Progress | null): void;
  /** Throws LX074 where standard output cannot be written. */
  write(rendering: Rendering): Promise<void>;
  /** Resolves to what standard output failed with, or null. The first failure is told of. */
  attempt(rendering: Rendering): Promise<LuauExecError | null>;
  /** Not waited for, as the run goes on; a stream keeps its order, and its last write tells what is wrong with it. */
  note(rendering: Rendering): void;
}

export function createStreamWriter(outlets: Outlets, options: RenderOptions): StreamWriter {
  let progress: Progress | null = null;
  let hasToldLoss = false;
  // One after the other: what is written later must not come first, nor be drawn over.
  let last = Promise.resolve();
  const write = async (rendering: Rendering) => {
    const pieces = outlets.render(rendering);
    if (pieces.length === 0) return;
    const writing = last.then(async () => {
      progress?.pause();
      try {
        await outlets.writeToStreams(pieces);
      } finally {
        progress?.resume();
      }
    });
    last = writing.catch(() => {});
    await writing;
  };
  return {
    setProgress: (next) => {
      progress?.stop();
      progress = next;
    },
    write,
    async attempt(rendering) {
      try {
        await write(rendering);
        return null;
      } catch (error) {
        if (!(error instanceof LuauExecError)) throw error;
        // Each later write fails of the same.
        if (!hasToldLoss) await write(() => [tellLoss(error, options)]);
        hasToldLoss = true;
        return error;
      }
    },
    note: (rendering) => {
      write(rendering).catch(() => {});
    },
  };
}

/** The error block of an output that was lost. */
export function tellLoss(problem: LuauExecError, { stderr, verbosity }: RenderOptions): Piece {
  return { to: 'stderr', text: formatError(describeError(problem), { style: stderr.style, verbosity }) };
}
