import type { Clock } from '../clock.ts';
import type { OpenCloudClient } from '../open-cloud/client.ts';
import type { LogMessage, Task } from '../open-cloud/task.ts';
import type { TaskPath } from '../open-cloud/task-path.ts';
import { type RunControl, requestCancel } from './control-channel.ts';
import { startLiveFeed } from './live-feed.ts';
import { findShown } from './live-messages.ts';
import { createQueueSource, type LiveSource } from './live-source.ts';
import type { ShownLogs } from './outcome.ts';
import type { RunEvent } from './run-event.ts';
import { createUnstoppedError } from './unstopped-error.ts';

export interface AttachOptions {
  client: OpenCloudClient;
  clock: Clock;
  signal: AbortSignal;
  control: RunControl;
  /** Aborts when the run shall be cancelled; null where nobody can ask for that. */
  stop: AbortSignal | null;
  onEvent?: ((event: RunEvent) => void) | undefined;
}

/** What goes on beside the watching of a run that has a harness. */
export interface AttachedControl {
  /** Ends the watching where a run cannot be stopped; its reason is then a `LuauExecError`. */
  signal: AbortSignal;
  /**
   * For a task that has finished: nobody needs to stop it any more. Takes the last live messages; what it resolves to
   * finds those that came live among the kept ones. Null where none were asked for.
   */
  finish(): Promise<((kept: readonly LogMessage[]) => ShownLogs) | null>;
  close(): void;
}

/** How long a run has to end that was told to stop. */
const CONFIRMATION_MS = 30_000;

/** Shows what the run prints, and tells it to stop when that is asked for. */
export function attachControl(task: Task, options: AttachOptions): AttachedControl {
  const { client, clock, control, stop, onEvent } = options;
  const { path } = task;
  const closing = new AbortController();
  const givingUp = new AbortController();
  const feed = control.isLive
    ? startLiveFeed({
        ...{ source: openSource(path, client, control), clock },
        everyMs: (control.liveSeconds ?? 1) * 1000,
        onMessages: (messages, missed) => onEvent?.({ type: 'live', messages, missed }),
        onLost: (error) => onEvent?.({ type: 'live_lost', error }),
      })
    : null;
  const cancel = async () => {
    if (!control.isCancellable) return;
    onEvent?.({ type: 'cancelling' });
    try {
      const { universeId } = path;
      await requestCancel(client, { universeId, runId: control.runId, signal: closing.signal });
      await clock.sleep(CONFIRMATION_MS, closing.signal);
      givingUp.abort(createUnstoppedError(task, { waitMs: CONFIRMATION_MS, wallNowMs: clock.wallNow() }));
    } catch (error) {
      if (!closing.signal.aborted) givingUp.abort(error);
    }
  };
  const onStop = () => void cancel();
  if (stop?.aborted) onStop();
  stop?.addEventListener('abort', onStop, { once: true });
  return {
    signal: AbortSignal.any([options.signal, givingUp.signal]),
    finish: async () => {
      stop?.removeEventListener('abort', onStop);
      const live = await feed?.finish();
      return live ? (kept) => findShown(kept, live) : null;
    },
    close: () => {
      stop?.removeEventListener('abort', onStop);
      closing.abort();
      feed?.close();
    },
  };
}

function openSource({ universeId }: TaskPath, client: OpenCloudClient, control: RunControl): LiveSource {
  const queue = createQueueSource(client, { universeId, runId: control.runId });
  return control.createSource?.(queue) ?? queue;
}
