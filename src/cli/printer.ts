import type { LuauExecError } from '../errors.ts';
import { formatWarning } from '../output/format-error.ts';
import { isForPeople } from '../output/output-choice.ts';
import { createProgress } from '../output/progress.ts';
import type { RenderOptions, RunLabel } from '../output/renderer.ts';
import type { LogDisplay, Report } from '../output/report.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { createStyle, type Style } from '../output/style.ts';
import type { Piece } from '../output/write-out.ts';
import type { Warning } from '../task/outcome.ts';
import type { RunEvent } from '../task/run-event.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { addLossWarning, addLostOutput } from './lost-output.ts';
import { type OutletOptions, openOutlets, type Rendering } from './outlets.ts';
import type { GlobalOptions } from './shared-options.ts';
import { createStreamWriter, tellLoss } from './stream-writer.ts';

export interface PrinterOptions extends OutletOptions {
  options: GlobalOptions;
  /** True for the commands whose end other steps of a workflow want to know. */
  isRun: boolean;
}

/** Where a run's report is shown; `run` is the run's index among those that are tracked. */
export interface RunPlace {
  logsTo: RenderOptions['logsTo'];
  hasHeadings: boolean;
  run: number;
}

/** Where log messages are shown that come while the script runs, and from which level on. */
export interface LivePlace extends LogDisplay {
  logsTo: RenderOptions['logsTo'];
}

export interface TrackedRuns {
  /** One for the events of each run, in the order of the names. */
  runs: ((event: RunEvent) => void)[];
  /** For what belongs to all runs, such as a place that is uploaded before the first. */
  all: (event: RunEvent) => void;
}

/**
 * Brings reports to streams and files, in the formats that were asked for. The commands' only way to say anything. Where
 * standard output takes no more, the report comes back as that of a lost output, and the first of them is told of.
 */
export interface Printer {
  /** Whether standard output gets one JSON document. */
  readonly isJson: boolean;
  readonly stdoutStyle: Style;
  /** Whether anybody is shown what runs print while they run, where their log messages go to `logsTo`. */
  showsEvents(logsTo: RenderOptions['logsTo']): boolean;
  /**
   * Listens to as many runs as there are scripts' names; null is a run without one. `place` is where what the runs print is
   * shown meanwhile.
   */
  trackRuns(names: readonly (string | null)[], place?: LivePlace): TrackedRuns;
  /** Takes what shows the progress off the screen. */
  stopProgress(): void;
  printRun(report: Report, place: RunPlace): Promise<Report>;
  printLogs(report: Report): Promise<Report>;
  printStatus(report: Report): Promise<Report>;
  /** Called once, when all reports are known. Resolves to the exit code: another one where an output was lost. */
  printEnd(reports: readonly Report[], exitCode: number): Promise<number>;
  /** Data for stdout, in whole lines. Throws LX074 where it cannot be written. */
  printData(text: string): Promise<void>;
  /** A line for stderr that is neither data nor an error; not written at `-q`. */
  printNotice(text: string): Promise<void>;
  /** For commands without a report; these stay at `-q`. */
  printWarnings(warnings: readonly Warning[]): Promise<void>;
}

/** Throws LX074 for a file that cannot be written. */
export async function createPrinter(settings: PrinterOptions): Promise<Printer> {
  const { stderr, env, clock } = settings.context;
  const outlets = await openOutlets(settings);
  const base = await createRenderOptions(settings);
  const isShownToPeople = isForPeople(outlets.shownFormat);
  const isFollowed = settings.isRun && outlets.shownFormat === 'github';
  const isWrittenAtEnd = isFollowed || settings.choices.some(({ format }) => !isForPeople(format));
  const streams = createStreamWriter(outlets, base);
  let hasEnded = false;

  const print = async (report: Report, rendering: Rendering) => {
    outlets.writeToFiles(rendering);
    const problem = await streams.attempt(rendering);
    const told = problem === null ? report : addLostOutput(report, problem);
    // Of hundreds of runs, what is printed already would fill the memory.
    return isWrittenAtEnd ? told : { ...told, results: null, logs: null };
  };
  return {
    isJson: outlets.shownFormat === 'json',
    stdoutStyle: base.stdout.style,
    showsEvents: (logsTo) =>
      (isShownToPeople && logsTo !== 'none') || settings.choices.some(({ format }) => format === 'ndjson'),
    trackRuns(names, { logsTo = 'none', ...display }: Partial<LivePlace> = {}) {
      // A name of a file is the text of whoever made it.
      const labels = names.map((name) => (names.length > 1 && name !== null ? sanitizeLine(name) : null));
      // Where programs read, stderr belongs to whoever watches; progress there would only be in the way.
      const isQuiet = base.isQuiet || !isShownToPeople;
      const { verbosity, redact } = base;
      const { style } = base.stderr;
      const progress = createProgress({ stderr, clock, style, env, isQuiet, verbosity, labels, redact });
      streams.setProgress(progress);
      const shown = { ...base, logsTo, hasHeadings: names.length > 1 };
      const follow = (run: RunLabel, listen: (event: RunEvent) => void) => (event: RunEvent) => {
        const rendering: Rendering = (renderer) => renderer.renderEvent(event, run, shown, display);
        outlets.writeToFiles(rendering);
        streams.note(rendering);
        listen(event);
      };
      return {
        runs: progress.listeners.map((listen, index) =>
          follow({ index, script: names[index] ?? null }, listen),
        ),
        all: follow({ index: null, script: null }, progress.listenToAll),
      };
    },
    stopProgress: () => streams.setProgress(null),
    printRun: (report, { run, ...place }) =>
      print(report, (renderer) => renderer.renderEach(report, { ...base, ...place }, run)),
    printLogs: (report) => print(report, (renderer) => renderer.renderLogs(report, base)),
    printStatus: (report) => print(report, (renderer) => renderer.renderStatus(report, base)),
    async printEnd(reports, exitCode) {
      // Files first, so that what is shown can tell of one that was lost; and once, whatever goes wrong after that.
      if (!hasEnded) outlets.writeToFiles((renderer) => renderer.renderEnd(reports, exitCode, base));
      hasEnded = true;
      const problems = [
        ...outlets.listProblems(),
        ...(isFollowed ? await tellGithub({ reports, exitCode }, settings) : []),
      ];
      const end = problems.reduce(loseOutput, { reports, exitCode });
      const hasHeadings = settings.isRun && reports.length > 1;
      const shown = { ...base, hasHeadings };
      const lost = await streams.attempt((renderer) => renderer.renderEnd(end.reports, end.exitCode, shown));
      if (isShownToPeople) await streams.write(() => problems.map((problem) => tellLoss(problem, base)));
      return end.exitCode || (lost ? EXIT_CODES.io : EXIT_CODES.ok);
    },
    printData: (text) => streams.write(() => [{ to: 'stdout', text }]),
    printNotice: (text) =>
      streams.write(() => (base.isQuiet || !isShownToPeople ? [] : [{ to: 'stderr', text: `${text}\n` }])),
    printWarnings: (warnings) =>
      streams.write(() => (isShownToPeople ? warnings.map((warning) => tellWarning(warning, base)) : [])),
  };
}

async function createRenderOptions({ context, options, redact }: PrinterOptions): Promise<RenderOptions> {
  const { stdout, stderr, env } = context;
  const colorFlag = options.color ?? null;
  const [stdoutStyle, stderrStyle] = await Promise.all([
    createStyle({ stream: stdout, env, colorFlag }),
    createStyle({ stream: stderr, env, colorFlag }),
  ]);
  return {
    stdout: { style: stdoutStyle, isTerminal: stdout.isTTY === true },
    stderr: { style: stderrStyle, isTerminal: stderr.isTTY === true, columns: stderr.columns },
    logsTo: 'stderr',
    isQuiet: options.quiet ?? false,
    verbosity: options.verbose ?? 0,
    hasHeadings: false,
    redact,
  };
}

interface End {
  reports: readonly Report[];
  exitCode: number;
}

/** The last report tells of it; where something else is wrong with the call, as a warning. */
function loseOutput({ reports, exitCode }: End, problem: LuauExecError): End {
  const last = reports.at(-1);
  if (last === undefined) return { reports, exitCode };
  const told = exitCode === EXIT_CODES.ok ? addLostOutput(last, problem) : addLossWarning(last, problem);
  return { reports: [...reports.slice(0, -1), told], exitCode: exitCode || told.exitCode };
}

function tellWarning(warning: Warning, { stderr }: RenderOptions): Piece {
  return { to: 'stderr', text: formatWarning(warning, stderr.style) };
}

/** Loaded only where a runner is told. */
async function tellGithub(end: End, settings: PrinterOptions): Promise<LuauExecError[]> {
  const { appendGithubFiles } = await import('./github-files.ts');
  return appendGithubFiles(end, settings);
}
