import type { Clock } from '../clock.ts';

/** How long an interrupted create may still take: its answer names the task. */
const CREATE_GRACE_MS = 2_000;

/** A signal that follows `signal` after a grace period, so that an interrupted create can still be answered. */
export function createGrace(clock: Clock, signal: AbortSignal): { signal: AbortSignal; end(): void } {
  const late = new AbortController();
  const ended = new AbortController();
  const onAbort = () => {
    clock.sleep(CREATE_GRACE_MS, ended.signal).then(
      () => late.abort(signal.reason),
      () => undefined,
    );
  };
  if (signal.aborted) late.abort(signal.reason);
  else signal.addEventListener('abort', onAbort, { once: true });
  return {
    signal: late.signal,
    end: () => {
      signal.removeEventListener('abort', onAbort);
      ended.abort();
    },
  };
}
