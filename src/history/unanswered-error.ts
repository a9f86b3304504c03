import { LuauExecError } from '../errors.ts';
import type { JournalRun } from './journal-run.ts';

/** What can be done about a run that was sent with a harness, and whose create was never answered. */
export const UNANSWERED_CANCEL = 'luau-exec cancel tells it to stop all the same';
/** What was done about it. */
export const UNANSWERED_STOP =
  'it has been told to stop: if it runs, or starts within 10 minutes, it stops when it next yields';

/** For a run whose create was never answered: LX510. */
export class UnansweredError extends LuauExecError {
  readonly run: JournalRun;

  constructor(run: JournalRun, { isToldToStop = false } = {}) {
    const { script, isCancellable } = run.facts;
    const sentAt = new Date(run.sentMs).toISOString();
    super(`${script} was sent at ${sentAt} but no answer came: it may be running`, {
      id: 'LX510',
      kind: 'unknown',
      facts: [
        'its path is not known, so it cannot be looked at; it was not sent again',
        ...(isToldToStop ? [UNANSWERED_STOP] : isCancellable ? [UNANSWERED_CANCEL] : []),
      ],
      hint: 'look at what the script changes before you run it again',
    });
    this.run = run;
  }
}
