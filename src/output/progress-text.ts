import type { RunEvent } from '../task/run-event.ts';
import { cutText } from './cut-text.ts';
import { formatSeconds } from './format-duration.ts';
import { sanitizeLine } from './sanitize.ts';

const MAX_WORDS = 200;

export type WaitingEvent = Extract<RunEvent, { type: 'waiting' }>;

/** What the run is doing from this event on, in a word or two; null for an event that does not change that. */
export function formatActivity(event: RunEvent): string | null {
  switch (event.type) {
    case 'submitting':
      return 'submitting';
    case 'created':
      return formatState(event.task.state);
    case 'state':
    case 'heartbeat':
      return formatState(event.state);
    case 'resumed':
      return 'taking up the run again';
    case 'awaiting_upload':
      return 'waiting for another luau-exec, which uploads to this place';
    case 'pinning':
      return `asking for version ${event.versionId} of the place`;
    case 'cancelling':
      return 'cancelling';
    case 'reading_logs':
      return 'reading the log messages';
    default:
      return null;
  }
}

/** Why a request is held back, and for how much longer. */
export function formatWaiting({ reason, operation, attempt }: WaitingEvent, leftMs: number): string {
  // A wait that is nearly over is not over yet.
  const left = formatSeconds(Math.max(leftMs, 1_000));
  if (reason === 'rate_limit') return `rate limit of this key's owner, continuing in ${left}`;
  if (reason === 'place_full') return `the place already has ten unfinished tasks, trying again in ${left}`;
  const cause = attempt ? cutText(sanitizeLine(attempt.reason), MAX_WORDS) : 'no good answer';
  return `${sanitizeLine(operation)}: ${cause}, trying again in ${left}`;
}

/** The service's own word for a state, also one that nobody has documented. */
function formatState(state: string): string {
  if (state === 'STATE_UNSPECIFIED') return 'waiting for a state';
  const words = cutText(sanitizeLine(state), MAX_WORDS);
  // What is not written like a state is left as it is: another spelling of a secret would pass the redactor.
  return state === state.toUpperCase() ? words.toLowerCase().replaceAll('_', ' ') : words;
}
