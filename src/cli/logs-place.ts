import type { RenderOptions } from '../output/renderers.ts';
import type { Report } from '../output/report.ts';
import { openOutputFile } from './output-file.ts';
import { decideLogsPlace } from './printer.ts';

/** Where the script's log messages go; `write` puts them into the file of `--logs FILE`, as the script printed them. */
export interface LogsPlace {
  logsTo: RenderOptions['logsTo'];
  write(report: Report): void;
}

/** Throws LX003 for an empty name, LX074 for a file that cannot be written. */
export function openLogsPlace(where: string | undefined, cwd: string): LogsPlace {
  const { logsTo, file } = decideLogsPlace(where);
  const output = file === null ? null : openOutputFile(file, cwd);
  return {
    logsTo,
    write: (report) => {
      const text = (report.logs?.messages ?? []).map(({ message }) => `${message}\n`).join('');
      if (text !== '') output?.append(text);
    },
  };
}
