import type { LuauExecError } from '../errors.ts';
import { describeError } from '../output/describe-error.ts';
import { formatError, formatWarning } from '../output/format-error.ts';
import { isGithubActions } from '../output/github-guard.ts';
import { isForPeople } from '../output/output-choice.ts';
import { createProgress, type Progress } from '../output/progress.ts';
import type { RenderOptions } from '../output/renderers.ts';
import type { Report } from '../output/report.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { createStyle, type Style } from '../output/style.ts';
import type { Warning } from '../task/outcome.ts';
import type { RunEvent } from '../task/run-event.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { appendGithubFiles } from './github-files.ts';
import { addLossWarning, addLostOutput } from './lost-output.ts';
import { type OutletOptions, openOutlets, type Rendering } from './outlets.ts';
import type { GlobalOptions } from './shared-options.ts';

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

/** Brings reports to streams and files, in the formats that were asked for. The commands' only way to say anything. */
export interface Printer {
  /** Whether standard output gets one JSON document. */
  readonly isJson: boolean;
  /** Whether the standard streams are for people, and for programs that read values. */
  readonly isForPeople: boolean;
  readonly stdoutStyle: Style;
  /** A listener for the events of each run, in the order of the scripts' names; null is a run without one. */
  trackRuns(names: readonly (string | null)[]): ((event: RunEvent) => void)[];
  /** Takes what shows the progress off the screen. */
  stopProgress(): void;
  printRun(report: Report, place: RunPlace): Promise<void>;
  printLogs(report: Report): Promise<void>;
  printStatus(report: Report): Promise<void>;
  /** Called once, when all reports are known. Resolves to the exit code: another one where a file was lost. */
  printEnd(reports: readonly Report[], exitCode: number): Promise<number>;
  /** Data for stdout, in whole lines. */
  printData(text: string): Promise<void>;
  /** What to know of a call that makes no report; at `-q` as well. */
  printWarnings(warnings: readonly Warning[]): Promise<void>;
  /** A line for stderr that is neither data nor an error; not written at `-q`. */
  printNotice(text: string): Promise<void>;
}

/** Throws LX074 for a file that cannot be written. */
export async function createPrinter(settings: PrinterOptions): Promise<Printer> {
  const { stderr, env, clock } = settings.context;
  const outlets = await openOutlets(settings);
  const base = await createRenderOptions(settings);
  const isShownToPeople = isForPeople(outlets.shownFormat);
  let progress: Progress | null = null;

  const writeToStreams = async (rendering: Rendering) => {
    progress?.pause();
    await outlets.writeToStreams(rendering);
    progress?.resume();
  };
  const write = (rendering: Rendering) => {
    outlets.writeToFiles(rendering);
    return writeToStreams(rendering);
  };
  const note = (rendering: Rendering) => {
    outlets.writeToFiles(rendering);
    // Not waited for, as the run goes on; a stream keeps its order, and its last write tells what is wrong with it.
    outlets.writeToStreams(rendering).catch(() => {});
  };
  return {
    isJson: outlets.shownFormat === 'json',
    isForPeople: isShownToPeople,
    stdoutStyle: base.stdout.style,
    trackRuns(names) {
      // A name of a file is the text of whoever made it.
      const labels = names.map((name) => (names.length > 1 && name !== null ? sanitizeLine(name) : null));
      // Where programs read, stderr belongs to whoever watches; progress there would only be in the way.
      const isQuiet = base.isQuiet || !isShownToPeople;
      const { verbosity, stderr: screen } = base;
      progress = createProgress({ stderr, clock, style: screen.style, env, isQuiet, verbosity, labels });
      return progress.listeners.map((listen, index) => (event) => {
        const run = { index, script: names[index] ?? null };
        note((renderer) => renderer.renderEvent(event, run));
        listen(event);
      });
    },
    stopProgress() {
      progress?.stop();
      progress = null;
    },
    printRun: (report, { run, ...place }) =>
      write((renderer) => renderer.renderEach(report, { ...base, ...place }, run)),
    printLogs: (report) => write((renderer) => renderer.renderLogs(report, base)),
    printStatus: (report) => write((renderer) => renderer.renderStatus(report, base)),
    async printEnd(reports, exitCode) {
      // Files first, so that what is shown can tell of one that was lost.
      outlets.writeToFiles((renderer) => renderer.renderEnd(reports, exitCode, base));
      const isFollowed = settings.isRun && isShownToPeople && isGithubActions(env);
      const problems = [
        ...outlets.listProblems(),
        ...(isFollowed ? await appendGithubFiles({ reports, exitCode }, settings) : []),
      ];
      const end = problems.reduce(loseOutput, { reports, exitCode });
      await writeToStreams((renderer) => renderer.renderEnd(end.reports, end.exitCode, base));
      if (isShownToPeople) await writeToStreams(() => problems.map((problem) => tellLoss(problem, base)));
      return end.exitCode;
    },
    printData: (text) => writeToStreams(() => [{ to: 'stdout', text }]),
    printWarnings: (warnings) =>
      writeToStreams(() =>
        isShownToPeople
          ? warnings.map((warning) => ({ to: 'stderr', text: formatWarning(warning, base.stderr.style) }))
          : [],
      ),
    printNotice: (text) =>
      writeToStreams(() => (base.isQuiet || !isShownToPeople ? [] : [{ to: 'stderr', text: `${text}\n` }])),
  };
}

async function createRenderOptions({ context, options }: PrinterOptions): Promise<RenderOptions> {
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

function tellLoss(problem: LuauExecError, { stderr, verbosity }: RenderOptions) {
  const text = formatError(describeError(problem), { style: stderr.style, verbosity });
  return { to: 'stderr', text } as const;
}
