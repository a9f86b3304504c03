import type { Clock } from '../clock.ts';
import type { RunEvent } from '../task/run-event.ts';
import type { LogDisplay, Report } from './report.ts';
import type { Style } from './style.ts';
import type { Piece } from './write-out.ts';

/** What a renderer must know of the stream that it writes for. */
export interface Screen {
  style: Style;
  isTerminal: boolean;
  /** The width of a terminal, where it is known. */
  columns?: number | undefined;
}

export interface RenderOptions {
  stdout: Screen;
  stderr: Screen;
  /** Where the script's log messages go; a file is the caller's business, with `none` here. */
  logsTo: 'stderr' | 'stdout' | 'none';
  /** True at `-q`. */
  isQuiet: boolean;
  /** The number of `-v`. */
  verbosity: number;
  /** True when several scripts run, so that each is named. */
  hasHeadings: boolean;
  /** The text without its secrets. Before anything is cut, as half of a key would pass for another word. */
  redact: (text: string) => string;
}

/** One of the runs of a call, for whoever follows it. */
export interface RunLabel {
  /** Counted from 0, in the order in which the scripts were named; null for all of them together. */
  index: number | null;
  /** What the script is called; null for all, and where a task of another process is taken up again. */
  script: string | null;
}

/** One format. Its functions give back what is to be written, and where; what would go to stdout may go to a file. */
export interface Renderer {
  /** Something has happened to a run that goes on. `display` is how its log messages are shown. */
  renderEvent(event: RunEvent, run: RunLabel, options: RenderOptions, display: LogDisplay): Piece[];
  /** What can be written as soon as one run, or one command about one task, has ended. `run` is its index. */
  renderEach(report: Report, options: RenderOptions, run: number): Piece[];
  /** `logs`: the messages are the data. */
  renderLogs(report: Report, options: RenderOptions): Piece[];
  /** `status`: the task as it is now. */
  renderStatus(report: Report, options: RenderOptions): Piece[];
  /** What can be written only when all have ended. `exitCode` is the process's own, the worst of all. */
  renderEnd(reports: readonly Report[], exitCode: number, options: RenderOptions): Piece[];
}

export interface RendererOptions {
  clock: Clock;
  /** Absolute; what the names of the user's files are relative to. */
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
}
