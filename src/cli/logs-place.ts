import type { RenderOptions } from '../output/renderers.ts';
import type { Report } from '../output/report.ts';
import type { Invocation } from './invocation.ts';
import { addLostOutput } from './lost-output.ts';
import { openOutputFile } from './output-file.ts';
import { decideLogsPlace } from './printer.ts';

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
