import type { LuauExecError } from '../errors.ts';
import { describeError } from '../output/describe-error.ts';
import type { Report } from '../output/report.ts';
import { EXIT_CODES } from './exit-codes.ts';

/**
 * The report of a run whose file could not be written: nothing of what is known is lost with it. A run that was well
 * ends with 74; where something else is wrong as well, that stays the error and this becomes a warning.
 */
export function addLostOutput(report: Report, error: LuauExecError): Report {
  if (report.exitCode !== EXIT_CODES.ok) return addLossWarning(report, error);
  return { ...report, exitCode: EXIT_CODES.io, outcome: error.kind, error: describeError(error) };
}

export function addLossWarning(report: Report, { id, message, hint }: LuauExecError): Report {
  return { ...report, warnings: [...report.warnings, { id, message, hint }] };
}
