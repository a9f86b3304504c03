import { describeError } from '../output/describe-error.ts';
import type { Report } from '../output/report.ts';
import type { Outcome } from '../task/outcome.ts';
import { EXIT_CODES } from './exit-codes.ts';

/** With `--require-logs` a run whose logs could not be read whole is no success, whatever its script did. */
export function requireLogs(report: Report, { logsError }: Outcome): Report {
  if (logsError === null || report.exitCode !== EXIT_CODES.ok) return report;
  return {
    ...report,
    exitCode: EXIT_CODES.unavailable,
    outcome: 'unavailable',
    error: describeError(logsError),
  };
}
