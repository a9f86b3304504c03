import type { Task } from '../open-cloud/task.ts';
import { mapLogs } from '../output/script-position.ts';
import type { RunControl } from '../task/control-channel.ts';
import type { RunEvent } from '../task/run-event.ts';
import { findRunControl } from './find-run-control.ts';
import type { Invocation } from './invocation.ts';
import type { OpenTask } from './open-task.ts';
import { loadSentSource } from './sent-source.ts';
import { shareLiveSource } from './share-live-source.ts';

/** What a command needs that looks on while a run goes on which another process has sent. */
export interface LiveReader {
  control: RunControl;
  /** The event with its messages as the user knows the script. */
  translate(event: RunEvent): RunEvent;
}

/** Null for a run whose log messages cannot be had before its end. */
export async function openLiveReader(
  task: Pick<Task, 'path' | 'script'>,
  open: OpenTask,
  invocation: Invocation,
): Promise<LiveReader | null> {
  const { signal } = invocation.context;
  const control = await findRunControl(open, signal);
  if (!control?.isLive) return null;
  const source = await loadSentSource(task, { ...open, signal });
  return {
    // Whoever reads has no say in whether the run goes on.
    control: shareLiveSource({ ...control, isCancellable: false }, invocation),
    translate: (event) =>
      source && event.type === 'live' ? { ...event, messages: mapLogs(event.messages, source) } : event,
  };
}
