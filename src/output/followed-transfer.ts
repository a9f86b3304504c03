import type { Clock } from '../clock.ts';
import type { TransferState } from '../task/run-event.ts';
import { sanitizeLine } from './sanitize.ts';
import { createTransferRate, type TransferRate } from './transfer-rate.ts';

/** A transfer that goes on, for whoever draws it now and then. */
export interface FollowedTransfer {
  /** As it last was, with its title as it came. */
  state: TransferState;
  /** The title for a terminal, without secrets. */
  title: string;
  rate: TransferRate;
}

/**
 * What is known after one more event; null once it is done. It comes with every piece, so the same object is given back and
 * the title is looked through once.
 */
export function followTransfer(
  before: FollowedTransfer | null,
  state: TransferState,
  { clock, redact }: { clock: Clock; redact: (text: string) => string },
): FollowedTransfer | null {
  if (state.isDone) return null;
  const isSame = before?.state.title === state.title;
  const followed = isSame
    ? before
    : { state, title: redact(sanitizeLine(state.title)), rate: createTransferRate(clock) };
  followed.state = state;
  followed.rate.note(state.doneBytes);
  return followed;
}
