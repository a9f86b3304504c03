import type { RequestWait } from '../open-cloud/api-session.ts';
import type { RunEvent } from './run-event.ts';

/** Counts what held a run back and tells its watcher. */
export class WaitMeter {
  retries = 0;
  throttledMs = 0;
  /** How often the task was looked at. */
  polls = 0;
  readonly #onEvent: ((event: RunEvent) => void) | undefined;

  constructor(onEvent: ((event: RunEvent) => void) | undefined) {
    this.#onEvent = onEvent;
  }

  readonly note = (wait: RequestWait): void => {
    if (wait.reason === 'retry') this.retries++;
    else this.throttledMs += Math.round(wait.waitMs);
    this.#onEvent?.({ type: 'waiting', ...wait });
  };
}
