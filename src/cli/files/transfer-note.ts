import type { RequestWait } from '../../open-cloud/api-session.ts';
import type { TransferProgress } from '../../open-cloud/transfer.ts';
import type { RunEvent } from '../../task/run-event.ts';

/** Tells those who watch of one transfer. */
export interface TransferNote {
  progress(progress: TransferProgress): void;
  wait(wait: RequestWait): void;
  /** To be called once, when all has arrived. */
  done(): void;
}

/** `title` is a verb and the file as the user named it: `uploading game.rbxl`. */
export function createTransferNote(title: string, listen: (event: RunEvent) => void): TransferNote {
  let last: TransferProgress = { doneBytes: 0, totalBytes: null };
  return {
    progress(progress) {
      last = progress;
      listen({ type: 'transfer', transfer: { title, ...progress, isDone: false } });
    },
    wait: (wait) => listen({ type: 'waiting', ...wait }),
    done: () => listen({ type: 'transfer', transfer: { title, ...last, isDone: true } }),
  };
}
