import { LiveRelay } from '../history/live-relay.ts';
import { resolveStateDirectory } from '../history/state-directory.ts';
import type { RunControl } from '../task/control-channel.ts';
import type { LiveSource } from '../task/live-source.ts';
import type { Invocation } from './invocation.ts';

/** The same run, whose live messages are shared with the other processes of this machine that show them. */
export function shareLiveSource(control: RunControl, { context, redact }: Invocation): RunControl {
  const createSource = (queue: LiveSource): LiveSource => {
    const directory = resolveStateDirectory(context);
    const { wallNow } = context.clock;
    const relay = new LiveRelay({ directory, runId: control.runId, wallNow, redact });
    return {
      async take(receive, options) {
        const isOwner = relay.claim();
        for (const batch of relay.takeNew()) receive(batch);
        if (!isOwner) return;
        await queue.take((batch) => {
          relay.add(batch);
          receive(batch);
        }, options);
      },
      close: () => {
        relay.release();
        queue.close();
      },
    };
  };
  return { ...control, createSource };
}
