import type { Ora } from 'ora';
import type { Clock } from '../clock.ts';
import type { OutputStream } from '../context.ts';
import type { RunEvent } from '../task/run-event.ts';
import { createProgressBoard, type ProgressBoard } from './progress-board.ts';
import { createProgressLines } from './progress-lines.ts';
import { formatWaiting, type WaitingEvent } from './progress-text.ts';
import type { Style } from './style.ts';
import { TerminalStream } from './terminal-stream.ts';

export interface ProgressOptions {
  stderr: OutputStream;
  clock: Clock;
  /** The style of `stderr`. */
  style: Style;
  env: Readonly<Record<string, string | undefined>>;
  /** True at `-q`: nothing is written. */
  isQuiet: boolean;
  /** The number of `-v`. */
  verbosity: number;
  /** Names of the scripts that run; one that is null where there is one run. */
  labels: readonly (string | null)[];
  /** The text without its secrets, for what is cut. */
  redact: (text: string) => string;
}

/** Shows people that something is going on. */
export interface Progress {
  /** One listener for the events of each run. */
  listeners: ((event: RunEvent) => void)[];
  /** Listens to what belongs to all runs. Of one run, it is as if the event were the run's own. */
  listenToAll(event: RunEvent): void;
  /** Takes what is drawn off the screen, so that something else can be written. */
  pause(): void;
  /** Draws again. */
  resume(): void;
  /** Takes the spinner off the screen for good and gives the cursor back. */
  stop(): void;
}

export type ProgressMode = 'silent' | 'lines' | 'spinner';

// ora takes some 35 ms to load: that is spent after the request is on the wire, and not at all on a quick run.
const SPINNER_DELAY_MS = 150;
/** As long as a frame of ora's is shown; until it is there, transfers draw no more than it would. */
const FRAME_MS = 80;
const CLEAR_LINE = '\r\x1b[K';

/** A spinner on a terminal, else lines; see `decideProgressMode`. Something is on the screen at once. */
export function createProgress(options: ProgressOptions): Progress {
  const mode = decideProgressMode(options);
  if (mode === 'spinner') return createSpinner(options);
  const { clock, verbosity, stderr, labels } = options;
  const writeLine = (line: string) => void stderr.write(`${line}\n`);
  const listen = (label: string | null) =>
    mode === 'silent' ? () => {} : createProgressLines({ clock, verbosity, label, writeLine });
  const listeners = labels.map(listen);
  const [only] = listeners;
  const listenToAll = only !== undefined && listeners.length === 1 ? only : listen(null);
  return { listeners, listenToAll, pause: () => {}, resume: () => {}, stop: () => {} };
}

/**
 * A spinner needs a terminal that obeys and knows its width, and somebody in front of it. ora 9.4.1 never ends on a
 * terminal of 0 columns, which is what some wrappers report at first.
 */
export function decideProgressMode({
  stderr,
  env,
  isQuiet,
  verbosity,
}: Pick<ProgressOptions, 'stderr' | 'env' | 'isQuiet' | 'verbosity'>): ProgressMode {
  if (isQuiet) return 'silent';
  // At -vv every request is a line of its own, which a spinner would draw over.
  if (verbosity >= 2) return 'lines';
  const canDraw = stderr.isTTY === true && (stderr.columns ?? 0) > 0 && env.TERM !== 'dumb';
  return canDraw && !isCi(env) ? 'spinner' : 'lines';
}

/** True on a build server. `CI=false` and `CI=0` say no. */
export function isCi(env: ProgressOptions['env']): boolean {
  if (env.CI) return env.CI !== 'false' && env.CI !== '0';
  return Boolean(env.GITHUB_ACTIONS || env.TF_BUILD || env.TEAMCITY_VERSION || env.JENKINS_URL);
}

function createSpinner(options: ProgressOptions): Progress {
  const { stderr, clock, verbosity, style, labels, redact } = options;
  const stopping = new AbortController();
  const measure = () => ({ columns: stderr.columns || 80, rows: stderr.rows || 24 });
  const board = createProgressBoard({ clock, style, labels, redact, measure });
  let spinner: Ora | null = null;
  let hasBegun = false;
  let isPaused = false;
  let drawnMs = Number.NEGATIVE_INFINITY;

  /** Until the spinner is there, which draws by itself. */
  const draw = () => {
    if (isPaused || spinner) return;
    drawnMs = clock.now();
    stderr.write(`${CLEAR_LINE}${board.formatText()}`);
  };
  const startSpinner = async () => {
    await clock.sleep(SPINNER_DELAY_MS, stopping.signal);
    const created = await createOra(options, board);
    if (stopping.signal.aborted) return;
    spinner = created;
    if (isPaused) return;
    stderr.write(CLEAR_LINE);
    spinner.start();
  };
  const writeLine = (line: string) => {
    if (spinner) spinner.clear();
    else stderr.write(CLEAR_LINE);
    stderr.write(`${line}\n`);
    spinner?.render();
  };
  const follow = (note: (event: RunEvent) => void, label: string | null) => (event: RunEvent) => {
    if (stopping.signal.aborted) return;
    // A run matters more than its spinner: where none can be had, the plain text stays.
    if (!hasBegun) startSpinner().catch(() => {});
    hasBegun = true;
    note(event);
    if (event.type === 'waiting' && verbosity > 0 && !isPaused) writeLine(formatWaitingLine(event, label));
    const isPiece = event.type === 'transfer' && !event.transfer.isDone;
    if (!isPiece || clock.now() - drawnMs >= FRAME_MS) draw();
  };
  const erase = () => {
    if (spinner) spinner.stop();
    else if (hasBegun) stderr.write(CLEAR_LINE);
  };

  return {
    listeners: board.listeners.map((note, index) => follow(note, labels[index] ?? null)),
    listenToAll: follow(board.listenToAll, null),
    pause() {
      if (stopping.signal.aborted || isPaused) return;
      isPaused = true;
      erase();
    },
    resume() {
      if (stopping.signal.aborted || !isPaused) return;
      isPaused = false;
      if (spinner) spinner.start();
      else if (hasBegun) draw();
    },
    stop() {
      if (stopping.signal.aborted) return;
      stopping.abort();
      if (!isPaused) erase();
    },
  };
}

function formatWaitingLine(event: WaitingEvent, label: string | null): string {
  const line = formatWaiting(event, event.waitMs);
  return label === null ? line : `${label}: ${line}`;
}

async function createOra({ stderr, style }: ProgressOptions, board: ProgressBoard): Promise<Ora> {
  const { default: ora } = await import('ora');
  let suffix = '';
  const spinner = ora({
    stream: new TerminalStream(stderr),
    isEnabled: true,
    // Else ora puts standard input into raw mode, and Ctrl-C is lost.
    discardStdin: false,
    hideCursor: true,
    color: style.isColored ? 'cyan' : false,
    // ora asks for what stands before the text first, once a frame: then all of it is made anew, and never in between.
    prefixText: () => {
      const frame = board.formatFrame();
      spinner.text = frame.text;
      suffix = frame.suffix;
      return '';
    },
    suffixText: () => suffix,
  });
  return spinner;
}
