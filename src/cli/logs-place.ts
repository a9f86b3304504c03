import { LuauExecError } from '../errors.ts';
import type { RenderOptions } from '../output/renderers.ts';
import type { Report } from '../output/report.ts';
import type { Invocation } from './invocation.ts';
import { parseLogLevel } from './log-level-option.ts';
import { addLostOutput } from './lost-output.ts';
import { openOutputFile } from './output-file.ts';
import type { RunOptions } from './shared-options.ts';

export type LogsPlaceOptions = Pick<RunOptions, 'logs' | 'logLevel'>;

/** Where the script's log messages go, and which of them are shown. */
export interface LogsPlace {
  logsTo: RenderOptions['logsTo'];
  /**
   * Puts them into the file of `--logs FILE`, all and as the script printed them. Returns the report with the level from
   * which on they are shown, and with what went wrong.
   */
  write(report: Report): Report;
}

/** Throws LX003 for an empty name, LX011 for an unknown level, LX074 for a file that cannot be written. */
export function openLogsPlace(options: LogsPlaceOptions, invocation: Invocation): LogsPlace {
  const level = parseLogLevel(options.logLevel, '--log-level');
  const { logsTo, file } = decideLogsPlace(options.logs);
  const output = file === null ? null : openOutputFile(file, invocation);
  return {
    logsTo,
    write: (report) => {
      const text = (report.logs?.messages ?? []).map(({ message }) => `${message}\n`).join('');
      const problem = text === '' ? null : output?.append(text);
      const shown = { ...report, logDisplay: { level } };
      return problem ? addLostOutput(shown, problem) : shown;
    },
  };
}

/** `stderr`, `stdout` and `none` are places of their own; anything else names a file. */
function decideLogsPlace(where: string | undefined): {
  logsTo: RenderOptions['logsTo'];
  file: string | null;
} {
  if (where === undefined || where === 'stderr' || where === 'stdout' || where === 'none') {
    return { logsTo: where ?? 'stderr', file: null };
  }
  if (where === '') {
    throw new LuauExecError('--logs does not say where to', {
      id: 'LX003',
      kind: 'usage',
      hint: 'use stderr, stdout, none, or the name of a file',
    });
  }
  return { logsTo: 'none', file: where };
}
