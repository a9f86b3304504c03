import type { Clock } from '../clock.ts';
import type { RunEvent } from '../task/run-event.ts';
import { fitText, measureWidth, padText } from './display-width.ts';
import { formatSeconds } from './format-duration.ts';
import { formatActivity, formatWaiting, type WaitingEvent } from './progress-text.ts';
import type { Style } from './style.ts';

/** What is drawn on a terminal about one run or several, anew for every frame. */
export interface ProgressBoard {
  /** One listener for each run, in the order in which they are named. */
  listeners: ((event: RunEvent) => void)[];
  /** What stands beside the spinner: the state of the one run, or how many of several have ended. */
  formatText(): string;
  /** What follows it: the time and, of one run, why a request is held back; of several, a line for each. */
  formatSuffix(): string;
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
}

/** Lines of the terminal that are left alone: the spinner's own, and one to see what stood there before. */
const SPARE_ROWS = 3;
const MOST_ROWS = 20;
const WIDEST_LABEL = 48;
const NARROWEST_LABEL = 8;
/** As wide as most states, so that times stand below each other. */
const ACTIVITY_WIDTH = 10;
/** All of a row but its label: the mark, the state, a time such as `12 min`, and what is between them. */
const OTHER_COLUMNS = 25;

export function createProgressBoard(options: BoardOptions): ProgressBoard {
  const { clock, labels, redact } = options;
  const rows = labels.map((label) => createRow(redact(label ?? '')));
  const [only] = rows;
  const formatElapsed = () => {
    const starts = rows.flatMap(({ startMs }) => (startMs === null ? [] : [startMs]));
    return formatSeconds(starts.length === 0 ? 0 : clock.now() - Math.min(...starts));
  };
  return {
    listeners: rows.map((row) => (event) => note(row, event, clock.now())),
    formatText: () =>
      only !== undefined && rows.length === 1
        ? only.activity
        : `${rows.filter(({ endMs }) => endMs !== null).length} of ${rows.length} scripts ended`,
    formatSuffix() {
      if (only === undefined) return '';
      if (rows.length > 1) return [formatElapsed(), ...formatRows(rows, options)].join('\n');
      const waiting = formatHeldBack(only, clock.now());
      return options.style.dim(waiting === null ? formatElapsed() : `${formatElapsed()}, ${waiting}`);
    },
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
  };
}

function note(row: Row, event: RunEvent, nowMs: number): void {
  row.startMs ??= nowMs;
  row.activity = formatActivity(event) ?? row.activity;
  row.waiting = event.type === 'waiting' ? { event, untilMs: nowMs + event.waitMs } : null;
  const end = describeEnd(event);
  if (end === null) return;
  row.endMs = nowMs;
  row.isWell = end === 'complete' || end === 'submitted';
  row.activity = end;
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
  const what = redact(formatHeldBack(row, clock.now()) ?? row.activity);
  // Colours have no width, so the line is cut before it gets them.
  const text = cutRow(`${label}  ${padText(what, ACTIVITY_WIDTH)}  ${time}`);
  const mark = endMs === null ? style.cyan('●') : isWell ? style.green('✓') : style.red('✗');
  return `  ${mark} ${text}`;
}
