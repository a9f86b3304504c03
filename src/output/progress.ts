import type { Ora } from 'ora';
import type { Clock } from '../clock.ts';
import type { OutputStream } from '../context.ts';
import type { RunEvent } from '../task/run-event.ts';
import { createProgressBoard } from './progress-board.ts';
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
}

/** Shows people that something is going on. */
export interface Progress {
  /** A listener for the events of one run. `label` names the run where there are several, else it is null. */
  track(label: string | null): (event: RunEvent) => void;
  /** Takes the spinner off the screen and gives the cursor back. To be called before anything else is written. */
  stop(): void;
}

export type ProgressMode = 'silent' | 'lines' | 'spinner';

// ora takes some 35 ms to load: that is spent after the request is on the wire, and not at all on a quick run.
const SPINNER_DELAY_MS = 150;
const CLEAR_LINE = '\r\x1b[K';

/** A spinner on a terminal, else lines; see `decideProgressMode`. Something is on the screen at once. */
export function createProgress(options: ProgressOptions): Progress {
  const mode = decideProgressMode(options);
  if (mode === 'silent') return { track: () => () => {}, stop: () => {} };
  if (mode === 'spinner') return createSpinner(options);
  const { clock, verbosity, stderr } = options;
  const writeLine = (line: string) => void stderr.write(`${line}\n`);
  return { track: (label) => createProgressLines({ clock, verbosity, label, writeLine }), stop: () => {} };
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
}: Omit<ProgressOptions, 'clock' | 'style'>): ProgressMode {
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
  const { stderr, clock, verbosity } = options;
  const stopping = new AbortController();
  const board = createProgressBoard(clock);
  let spinner: Ora | null = null;
  let hasBegun = false;

  const draw = () => {
    if (spinner) spinner.text = board.formatText();
    else stderr.write(`${CLEAR_LINE}${board.formatText()}`);
  };
  const startSpinner = async () => {
    await clock.sleep(SPINNER_DELAY_MS, stopping.signal);
    const created = await createOra(options, () => board.formatSuffix());
    if (stopping.signal.aborted) return;
    stderr.write(CLEAR_LINE);
    spinner = created;
    spinner.start(board.formatText());
  };
  const writeLine = (line: string) => {
    if (spinner) spinner.clear();
    else stderr.write(CLEAR_LINE);
    stderr.write(`${line}\n`);
    spinner?.render();
  };

  return {
    track(label) {
      const note = board.addRun();
      return (event) => {
        if (stopping.signal.aborted) return;
        // A run matters more than its spinner: where none can be had, the plain text stays.
        if (!hasBegun) startSpinner().catch(() => {});
        hasBegun = true;
        note(event);
        if (event.type === 'waiting' && verbosity > 0) writeLine(formatWaitingLine(event, label));
        draw();
      };
    },
    stop() {
      if (stopping.signal.aborted) return;
      stopping.abort();
      if (spinner) spinner.stop();
      else if (hasBegun) stderr.write(CLEAR_LINE);
    },
  };
}

function formatWaitingLine(event: WaitingEvent, label: string | null): string {
  const line = formatWaiting(event, event.waitMs);
  return label === null ? line : `${label}: ${line}`;
}

async function createOra({ stderr, style }: ProgressOptions, formatSuffix: () => string): Promise<Ora> {
  const { default: ora } = await import('ora');
  return ora({
    stream: new TerminalStream(stderr),
    isEnabled: true,
    // Else ora puts standard input into raw mode, and Ctrl-C is lost.
    discardStdin: false,
    hideCursor: true,
    color: style.isColored ? 'cyan' : false,
    // A function, so that every frame tells the time anew.
    suffixText: () => style.dim(formatSuffix()),
  });
}
