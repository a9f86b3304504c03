import { humanRenderer } from './human.ts';
import { jsonRenderer } from './json.ts';
import type { Report } from './report.ts';
import type { Style } from './style.ts';
import type { Piece } from './write-out.ts';

/** What a renderer must know of the stream that it writes for. */
export interface Screen {
  style: Style;
  isTerminal: boolean;
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
}

/** One format. Both functions are pure: they give back what is to be written, and where. */
export interface Renderer {
  /** What can be written as soon as one run, or one command about one task, has ended. */
  renderEach(report: Report, options: RenderOptions): Piece[];
  /** `logs`: the messages are the data. */
  renderLogs(report: Report, options: RenderOptions): Piece[];
  /** `status`: the task as it is now. */
  renderStatus(report: Report, options: RenderOptions): Piece[];
  /** What can be written only when all have ended. `exitCode` is the process's own, the worst of all. */
  renderEnd(reports: readonly Report[], exitCode: number): Piece[];
}

export const renderers = {
  human: humanRenderer,
  json: jsonRenderer,
} as const satisfies Record<string, Renderer>;
