import type { Clock } from '../clock.ts';
import type { RunEvent } from '../task/run-event.ts';
import { formatSeconds } from './format-duration.ts';
import { formatActivity, formatWaiting, type WaitingEvent } from './progress-text.ts';

/** What a spinner says about one run or several. */
export interface ProgressBoard {
  /** A listener for the events of one more run. */
  addRun(): (event: RunEvent) => void;
  /** What is going on: the state of the one run, or how many of several have ended. */
  formatText(): string;
  /** The time since the first event and, while a request is held back, why and for how much longer. */
  formatSuffix(): string;
}

export function createProgressBoard(clock: Clock): ProgressBoard {
  let startMs: number | null = null;
  let activity = 'submitting';
  let runs = 0;
  let ended = 0;
  let waiting: { event: WaitingEvent; untilMs: number } | null = null;

  return {
    addRun() {
      runs++;
      return (event) => {
        startMs ??= clock.now();
        activity = formatActivity(event) ?? activity;
        waiting = event.type === 'waiting' ? { event, untilMs: clock.now() + event.waitMs } : null;
        if (event.type === 'outcome' || event.type === 'failed') ended++;
      };
    },
    formatText: () => (runs > 1 ? `${ended} of ${runs} runs ended` : activity),
    formatSuffix() {
      const nowMs = clock.now();
      const elapsed = formatSeconds(nowMs - (startMs ?? nowMs));
      if (waiting === null || waiting.untilMs <= nowMs) return elapsed;
      return `${elapsed}, ${formatWaiting(waiting.event, waiting.untilMs - nowMs)}`;
    },
  };
}
