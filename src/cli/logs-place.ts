import { LuauExecError } from '../errors.ts';
import type { LogLevel } from '../open-cloud/task.ts';
import { parseOutputChoices } from '../output/output-choice.ts';
import type { RenderOptions } from '../output/renderer.ts';
import type { Report } from '../output/report.ts';
import type { Invocation } from './invocation.ts';
import { parseLogLevel } from './log-level-option.ts';
import { addLostOutput } from './lost-output.ts';
import { listOutputFiles } from './outlets.ts';
import { openOutputFile } from './output-file.ts';
import { type NamedFile, requireOwnFiles } from './require-own-files.ts';
import type { RunOptions } from './shared-options.ts';

export type LogsPlaceOptions = Pick<
  RunOptions,
  'logs' | 'logLevel' | 'idFile' | 'binaryOutput' | 'json' | 'output'
>;

/** Where the script's log messages go, and which of them are shown. */
export interface LogsPlace {
  logsTo: RenderOptions['logsTo'];
  /** Less severe messages are not shown; null shows all. */
  level: LogLevel | null;
  /**
   * Puts them into the file of `--logs FILE`, all and as the script printed them. Returns the report with the level from
   * which on they are shown, and with what went wrong.
   */
  write(report: Report): Report;
}

/** Throws LX003 for a name that cannot be meant, LX011 for an unknown level, LX074 for a file that cannot be written. */
export function openLogsPlace(options: LogsPlaceOptions, invocation: Invocation): LogsPlace {
  const level = parseLogLevel(options.logLevel, '--log-level');
  const { logsTo, file } = decideLogsPlace(options.logs);
  requireOwnFiles(listFiles(options, file), invocation.context.cwd);
  const output = file === null ? null : openOutputFile(file, invocation);
  return {
    logsTo,
    level,
    write: (report) => {
      const text = (report.logs?.messages ?? []).map(({ message }) => `${message}\n`).join('');
      const problem = text === '' ? null : output?.append(text);
      const shown = { ...report, logDisplay: { level } };
      return problem ? addLostOutput(shown, problem) : shown;
    },
  };
}

function listFiles(
  { json = false, output = [], idFile, binaryOutput }: LogsPlaceOptions,
  logs: string | null,
): NamedFile[] {
  return [
    ...listOutputFiles(parseOutputChoices({ isJson: json, words: output })),
    ...(idFile === undefined ? [] : [{ flag: '--id-file', name: idFile }]),
    ...(logs === null ? [] : [{ flag: '--logs', name: logs }]),
    ...(binaryOutput ? [{ flag: '--binary-output', name: binaryOutput }] : []),
  ];
}

/** What names a stream, or nothing; anything else names a file. */
const PLACES: ReadonlyMap<string, RenderOptions['logsTo']> = new Map([
  ['stderr', 'stderr'],
  ['stdout', 'stdout'],
  ['none', 'none'],
  // Opened by these names, a file that the shell has put behind a stream would be emptied under it.
  ['-', 'stdout'],
  ['/dev/stdout', 'stdout'],
  ['/dev/stderr', 'stderr'],
]);

/** The file's name is as the user gave it. Throws LX003 for an empty one. */
function decideLogsPlace(where: string = 'stderr'): {
  logsTo: RenderOptions['logsTo'];
  file: string | null;
} {
  const logsTo = PLACES.get(where);
  if (logsTo !== undefined) return { logsTo, file: null };
  if (where === '') {
    throw new LuauExecError('--logs does not say where to', {
      id: 'LX003',
      kind: 'usage',
      hint: 'use stderr, stdout, none, or the name of a file',
    });
  }
  return { logsTo: 'none', file: where };
}
