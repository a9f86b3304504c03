import type { Clock } from '../clock.ts';
import type { RunEvent } from '../task/run-event.ts';
import { fitText, measureWidth, padText } from './display-width.ts';
import { type FollowedTransfer, followTransfer } from './followed-transfer.ts';
import { formatSeconds } from './format-duration.ts';
import { formatTransfer, formatTransferActivity } from './format-transfer.ts';
import { formatActivity, formatWaiting, type WaitingEvent } from './progress-text.ts';
import type { Style } from './style.ts';
import type { Pace, TransferRate } from './transfer-rate.ts';

/** What is drawn on a terminal about one run or several, anew for every frame. */
export interface ProgressBoard {
  /** One listener for each run, in the order in which they are named. */
  listeners: ((event: RunEvent) => void)[];
  /** For what belongs to all runs. Of one run, it is as if it were the run's own. */
  listenToAll(event: RunEvent): void;
  formatFrame(): Frame;
  /** The text of a frame that has no room for a suffix. */
  formatText(): string;
}

export interface Frame {
  /** What stands beside the spinner: the state of the one run, how many of several have ended, or a transfer. */
  text: string;
  /** What follows it: the time and why a request is held back, or how fast a transfer is; of several runs, a line for each. */
  suffix: string;
}

export interface BoardOptions {
  clock: Clock;
  style: Style;
  /** Names of the scripts; one name that is null where there is one run. */
  labels: readonly (string | null)[];
  /** The text without its secrets. Before anything is cut, as half of a key would pass for another word. */
  redact: (text: string) => string;
  /** The size of the terminal now. */
  measure: () => { columns: number; rows: number };
}

interface Row {
  label: string;
  labelColumns: number;
  startMs: number | null;
  endMs: number | null;
  isWell: boolean;
  activity: string;
  waiting: { event: WaitingEvent; untilMs: number } | null;
  transfer: FollowedTransfer | null;
}

/** Lines of the terminal that are left alone: the spinner's own, and one to see what stood there before. */
const SPARE_ROWS = 3;
const MOST_ROWS = 20;
const WIDEST_LABEL = 48;
const NARROWEST_LABEL = 8;
/** The spinner, the blanks around the text, and the last column, behind which some terminals begin a new line. */
const SPINNER_COLUMNS = 3;
/** As wide as most states, so that times stand below each other. */
const ACTIVITY_WIDTH = 10;
/** All of a row but its label: the mark, the state, a time such as `12 min`, and what is between them. */
const OTHER_COLUMNS = 25;

const UNKNOWN_PACE: Pace = { bytesPerSecond: null, isStalled: false };

export function createProgressBoard(options: BoardOptions): ProgressBoard {
  const { clock, labels, redact, style } = options;
  const rows = labels.map((label) => createRow(redact(label ?? '')));
  const [only] = rows;
  const isAlone = only !== undefined && rows.length === 1;
  /** What the headline is about. */
  const head = isAlone ? only : createRow('');
  const timed = isAlone ? rows : [head, ...rows];
  const formatElapsed = () => {
    const starts = timed.flatMap(({ startMs }) => (startMs === null ? [] : [startMs]));
    return formatSeconds(starts.length === 0 ? 0 : clock.now() - Math.min(...starts));
  };
  const formatSummary = () =>
    isAlone
      ? only.activity
      : `${rows.filter(({ endMs }) => endMs !== null).length} of ${rows.length} scripts ended`;
  const formatHead = (readPace: (rate: TransferRate) => Pace): Frame => {
    const { transfer } = head;
    const width = Math.max(1, options.measure().columns - SPINNER_COLUMNS);
    const waiting = formatHeldBack(head, clock.now());
    if (transfer !== null && waiting === null) {
      const { state, title, rate } = transfer;
      return formatTransfer({ ...state, title }, { pace: readPace(rate), width, style });
    }
    const text = transfer && fitText(transfer.title, { width, keeps: 'start' });
    const suffix = waiting === null ? formatElapsed() : `${formatElapsed()}, ${waiting}`;
    return { text: text ?? formatSummary(), suffix: isAlone ? style.dim(suffix) : suffix };
  };
  return {
    listeners: rows.map((row) => (event) => note(row, event, options)),
    listenToAll: (event) => note(head, event, options),
    formatFrame() {
      const { text, suffix } = formatHead((rate) => rate.measure());
      if (rows.length <= 1) return { text, suffix };
      return { text, suffix: [suffix, ...formatRows(rows, options)].join('\n') };
    },
    formatText: () => formatHead(() => UNKNOWN_PACE).text,
  };
}

function createRow(label: string): Row {
  const labelColumns = measureWidth(label);
  return {
    label,
    labelColumns,
    startMs: null,
    endMs: null,
    isWell: false,
    activity: 'submitting',
    waiting: null,
    transfer: null,
  };
}

function note(row: Row, event: RunEvent, options: BoardOptions): void {
  const nowMs = options.clock.now();
  row.startMs ??= nowMs;
  row.waiting = event.type === 'waiting' ? { event, untilMs: nowMs + event.waitMs } : null;
  if (event.type === 'transfer') {
    row.transfer = followTransfer(row.transfer, event.transfer, options);
    return;
  }
  const end = describeEnd(event);
  const activity = end ?? formatActivity(event);
  if (activity === null) return;
  row.activity = activity;
  // Nobody says of a transfer that failed that it is done.
  row.transfer = null;
  if (end === null) return;
  row.endMs = nowMs;
  row.isWell = end === 'complete' || end === 'submitted';
}

function describeEnd(event: RunEvent): 'complete' | 'submitted' | 'failed' | 'cancelled' | null {
  if (event.type === 'outcome') {
    const { verdict } = event.outcome;
    return verdict === 'ok' ? 'complete' : verdict === 'cancelled' ? verdict : 'failed';
  }
  return event.type === 'submitted' || event.type === 'failed' ? event.type : null;
}

function formatHeldBack({ waiting }: Row, nowMs: number): string | null {
  if (waiting === null || waiting.untilMs <= nowMs) return null;
  return formatWaiting(waiting.event, waiting.untilMs - nowMs);
}

function formatRowActivity({ activity, transfer }: Row): string {
  return transfer === null ? activity : formatTransferActivity({ ...transfer.state, title: transfer.title });
}

/** Where not all fit, those that run come first, then those that wait for their turn. */
function formatRows(rows: readonly Row[], options: BoardOptions): string[] {
  const { columns, rows: height } = options.measure();
  const most = Math.max(1, Math.min(MOST_ROWS, height - SPARE_ROWS));
  const isRunning = ({ startMs, endMs }: Row) => startMs !== null && endMs === null;
  const waiting = rows.filter(({ startMs }) => startMs === null);
  const shown = rows.length <= most ? rows : [...rows.filter(isRunning), ...waiting].slice(0, most - 1);
  const width = Math.min(
    WIDEST_LABEL,
    Math.floor(columns / 2),
    Math.max(NARROWEST_LABEL, columns - OTHER_COLUMNS),
    Math.max(...rows.map(({ labelColumns }) => labelColumns)),
  );
  const lines = shown.map((row) => formatRow(row, { ...options, columns, width }));
  const hidden = rows.filter((row) => row.endMs === null && !shown.includes(row)).length;
  return hidden === 0 ? lines : [...lines, options.style.dim(`  and ${hidden} more`)];
}

function formatRow(
  row: Row,
  { clock, style, redact, columns, width }: BoardOptions & { columns: number; width: number },
): string {
  const { startMs, endMs, isWell } = row;
  const cutRow = (text: string) => fitText(text, { width: Math.max(1, columns - 5), keeps: 'start' });
  // What tells one script from its neighbours is the end of its path.
  const label = padText(fitText(row.label, { width, keeps: 'end' }), width);
  if (startMs === null) return style.dim(`  · ${cutRow(`${label}  waiting`)}`);
  const time = formatSeconds((endMs ?? clock.now()) - startMs);
  const what = redact(formatHeldBack(row, clock.now()) ?? formatRowActivity(row));
  // Colours have no width, so the line is cut before it gets them.
  const text = cutRow(`${label}  ${padText(what, ACTIVITY_WIDTH)}  ${time}`);
  const mark = endMs === null ? style.cyan('●') : isWell ? style.green('✓') : style.red('✗');
  return `  ${mark} ${text}`;
}
