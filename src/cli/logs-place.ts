import { LuauExecError } from '../errors.ts';
import type { RenderOptions } from '../output/renderers.ts';
import type { Report } from '../output/report.ts';
import type { Invocation } from './invocation.ts';
import { addLostOutput } from './lost-output.ts';
import { openOutputFile } from './output-file.ts';

/** Where the script's log messages go. */
export interface LogsPlace {
  logsTo: RenderOptions['logsTo'];
  /** Puts them into the file of `--logs FILE`, as the script printed them; returns the report with what went wrong. */
  write(report: Report): Report;
}

/** Throws LX003 for an empty name, LX074 for a file that cannot be written. */
export function openLogsPlace(where: string | undefined, invocation: Invocation): LogsPlace {
  const { logsTo, file } = decideLogsPlace(where);
  const output = file === null ? null : openOutputFile(file, invocation);
  return {
    logsTo,
    write: (report) => {
      const text = (report.logs?.messages ?? []).map(({ message }) => `${message}\n`).join('');
      const problem = text === '' ? null : output?.append(text);
      return problem ? addLostOutput(report, problem) : report;
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
    throw new LuauExecError('--logs needs stderr, stdout, none, or the name of a file', {
      id: 'LX003',
      kind: 'usage',
    });
  }
  return { logsTo: 'none', file: where };
}
