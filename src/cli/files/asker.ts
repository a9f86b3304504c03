import type { RunEvent } from '../../task/run-event.ts';

/** Who wants a file to be there: is told what happens, and may stop it. */
export interface Asker {
  listen: (event: RunEvent) => void;
  signal: AbortSignal;
}
