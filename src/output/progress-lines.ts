import type { Clock } from '../clock.ts';
import { formatTaskPath } from '../open-cloud/task-path.ts';
import type { RunEvent } from '../task/run-event.ts';
import { formatSeconds } from './format-duration.ts';
import { formatActivity, formatWaiting, type WaitingEvent } from './progress-text.ts';
import { createTransferLines } from './transfer-lines.ts';

export interface ProgressLinesOptions {
  clock: Clock;
  /** The number of `-v`. */
  verbosity: number;
  /** Named before each line when several scripts run; else null. */
  label: string | null;
  writeLine(line: string): void;
}

const HEARTBEAT_MS = 30_000;
// A heartbeat may come a moment early by its sender's clock.
const HEARTBEAT_SLACK_MS = 1_000;
// Without -v, a try that failed is told only once the trouble has lasted.
const RETRY_NOTICE_MS = 10_000;
const SHORTEST_WAIT_NOTICE_MS = 1_000;

/** A listener that writes one line for each change of state, and a sign of life every 30 s. */
export function createProgressLines(options: ProgressLinesOptions): (event: RunEvent) => void {
  const { clock, verbosity, label } = options;
  const startMs = clock.now();
  let activity: string | null = null;
  let heartbeatMs = startMs;
  const noticeMs = new Map<string, number>();
  const writeLine = (line: string) => options.writeLine(label === null ? line : `${label}: ${line}`);
  const onTransfer = createTransferLines({ clock, verbosity, writeLine });

  const onWaiting = (event: WaitingEvent) => {
    const sinceMs = clock.now() - (noticeMs.get(event.reason) ?? Number.NEGATIVE_INFINITY);
    if (verbosity === 0 && (!isWorthTelling(event) || sinceMs < HEARTBEAT_MS)) return;
    noticeMs.set(event.reason, clock.now());
    writeLine(formatWaiting(event, event.waitMs));
  };
  const onActivity = (event: RunEvent) => {
    const next = formatActivity(event);
    if (event.type === 'reading_logs' && verbosity === 0) return;
    if (next !== null && next !== activity) writeLine(next);
    activity = next ?? activity;
  };

  return (event) => {
    if (event.type === 'waiting') return onWaiting(event);
    if (event.type === 'transfer') return onTransfer(event.transfer);
    if (event.type === 'created') writeLine(`created ${formatTaskPath(event.task.path)}`);
    if (event.type !== 'heartbeat') return onActivity(event);
    if (clock.now() - heartbeatMs < HEARTBEAT_MS - HEARTBEAT_SLACK_MS) return;
    heartbeatMs = clock.now();
    writeLine(`still ${formatActivity(event)} after ${formatSeconds(heartbeatMs - startMs)}`);
  };
}

function isWorthTelling({ reason, attempt, waitMs }: WaitingEvent): boolean {
  if (reason !== 'retry') return waitMs >= SHORTEST_WAIT_NOTICE_MS;
  return attempt !== null && attempt.atMs >= RETRY_NOTICE_MS;
}
