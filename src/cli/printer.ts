import type { Context } from '../context.ts';
import { LuauExecError } from '../errors.ts';
import type { GithubGuard } from '../output/github-guard.ts';
import { createProgress, type Progress } from '../output/progress.ts';
import { type Renderer, type RenderOptions, renderers } from '../output/renderers.ts';
import type { Report } from '../output/report.ts';
import { sanitizeLine } from '../output/sanitize.ts';
import { createStyle, type Style } from '../output/style.ts';
import { type Piece, writePieces } from '../output/write-out.ts';
import type { RunEvent } from '../task/run-event.ts';
import type { GlobalOptions } from './shared-options.ts';

export interface PrinterOptions {
  context: Context;
  options: GlobalOptions;
  guard: GithubGuard;
}

/** Brings reports to the streams, in the format that was asked for. The commands' only way to say anything. */
export interface Printer {
  readonly isJson: boolean;
  readonly stdoutStyle: Style;
  /** A listener for the events of one run; `label` names it where there are several. */
  trackRun(label: string | null): (event: RunEvent) => void;
  /** Takes what shows the progress off the screen. */
  stopProgress(): void;
  printRun(report: Report, options: { logsTo: RenderOptions['logsTo']; hasHeadings: boolean }): Promise<void>;
  printLogs(report: Report): Promise<void>;
  printStatus(report: Report): Promise<void>;
  /** Called once, when all reports of the call are known. */
  printEnd(reports: readonly Report[], exitCode: number): Promise<void>;
  /** Data for stdout, in whole lines. */
  printData(text: string): Promise<void>;
  /** A line for stderr that is neither data nor an error; not written at `-q`. */
  printNotice(text: string): Promise<void>;
}

export async function createPrinter({ context, options, guard }: PrinterOptions): Promise<Printer> {
  const { stdout, stderr, env, clock } = context;
  const colorFlag = options.color ?? null;
  const isQuiet = options.quiet ?? false;
  const verbosity = options.verbose ?? 0;
  const [stdoutStyle, stderrStyle] = await Promise.all([
    createStyle({ stream: stdout, env, colorFlag }),
    createStyle({ stream: stderr, env, colorFlag }),
  ]);
  const isJson = options.json ?? false;
  const renderer: Renderer = isJson ? renderers.json : renderers.human;
  // With --json stderr belongs to whoever watches; progress there would only be in a program's way.
  const progressOptions = { stderr, clock, style: stderrStyle, env, isQuiet: isQuiet || isJson, verbosity };
  let progress: Progress | null = null;
  const screens = {
    stdout: { style: stdoutStyle, isTerminal: stdout.isTTY === true },
    stderr: { style: stderrStyle, isTerminal: stderr.isTTY === true },
  };
  const base: RenderOptions = { ...screens, logsTo: 'stderr', isQuiet, verbosity, hasHeadings: false };
  const write = (pieces: readonly Piece[]) => {
    progress?.stop();
    const safe = pieces.map((piece) => ({
      ...piece,
      text: piece.isRemote ? guard.enclose(piece.text) : piece.text,
    }));
    return writePieces(safe, { stdout, stderr });
  };
  return {
    isJson,
    stdoutStyle,
    trackRun(label) {
      progress = createProgress(progressOptions);
      // A name of a file is the text of whoever made it.
      return progress.track(label === null ? null : sanitizeLine(label));
    },
    stopProgress: () => progress?.stop(),
    printRun: (report, choice) => write(renderer.renderEach(report, { ...base, ...choice })),
    printLogs: (report) => write(renderer.renderLogs(report, base)),
    printStatus: (report) => write(renderer.renderStatus(report, base)),
    printEnd: (reports, exitCode) => write(renderer.renderEnd(reports, exitCode)),
    printData: (text) => write([{ to: 'stdout', text }]),
    printNotice: (text) => write(isQuiet || isJson ? [] : [{ to: 'stderr', text: `${text}\n` }]),
  };
}

/** `stderr`, `stdout` and `none` are places of their own; anything else names a file. */
export function decideLogsPlace(where: string | undefined): {
  logsTo: RenderOptions['logsTo'];
  file: string | null;
} {
  if (where === undefined || where === 'stderr' || where === 'stdout' || where === 'none') {
    return { logsTo: where ?? 'stderr', file: null };
  }
  if (where === '') {
    throw new LuauExecError('--logs needs stderr, stdout, none, or the name of a file', {
      id: 'LX003',
      kind: 'usage',
    });
  }
  return { logsTo: 'none', file: where };
}
