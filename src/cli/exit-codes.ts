import type { ErrorKind } from '../errors.ts';
import type { Verdict } from '../task/outcome.ts';

/** The numbers that programs rely on, by name. Documented in docs/cli.md; a change is a change of version. */
export const EXIT_CODES = {
  ok: 0,
  script_failed: 1,
  usage: 2,
  remote_failed: 3,
  auth: 4,
  not_found: 5,
  throttled: 6,
  unavailable: 7,
  pending: 8,
  unknown: 9,
  bad_response: 10,
  not_cancelled: 11,
  internal: 70,
  io: 74,
  wait_timeout: 124,
} as const;

export type OutcomeName = keyof typeof EXIT_CODES | 'interrupted' | 'skipped' | 'submitted';

/** What a shell sees of a process that died by a signal. */
const SIGNAL_CODES: ReadonlyMap<string, number> = new Map([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
]);

function exitCodeOfSignal(signalName: string): number {
  return SIGNAL_CODES.get(signalName) ?? 130;
}

/** `signalName` is what interrupted the process, for errors of the kind `interrupted`. */
export function exitCodeOfError(kind: ErrorKind, signalName: string): number {
  if (kind === 'interrupted') return exitCodeOfSignal(signalName);
  // The least of all that are not good: what was skipped for another's sake does not outweigh it.
  return kind === 'skipped' ? EXIT_CODES.script_failed : EXIT_CODES[kind];
}

export function exitCodeOfVerdict(verdict: Verdict): number {
  return EXIT_CODES[verdict];
}

/** Which of several runs' codes the process ends with: the one that most needs somebody to look. */
const WORST_FIRST: readonly number[] = [130, 143, 129, 70, 9, 4, 2, 5, 10, 74, 7, 6, 3, 124, 1, 11, 8, 0];

export function worstExitCode(codes: readonly number[]): number {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? EXIT_CODES.internal;
}
