import type { ErrorKind } from '../errors.ts';
import type { Verdict } from '../task/outcome.ts';

/** The numbers that programs rely on, by name. Documented in docs/cli.md; a change is a change of version. */
export const EXIT_CODES = {
  ok: 0,
  script_failed: 1,
  usage: 2,
  remote_failed: 3,
  cancelled: 3,
  not_run: 3,
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

/** When the process ends with which code; the table in docs/cli.md says the same, with marks for code. */
export const EXIT_CODE_MEANINGS: Readonly<Record<keyof typeof EXIT_CODES | 'interrupted', string>> = {
  ok: 'the task is COMPLETE; with --detach, it was created (submitted)',
  script_failed: 'FAILED with SCRIPT_ERROR, DEADLINE_EXCEEDED or OUTPUT_SIZE_LIMIT_EXCEEDED',
  usage: 'option, setting, config file or script that cannot be used; HTTP 400',
  remote_failed: 'FAILED with any other code',
  cancelled: 'CANCELLED, or stopped by luau-exec cancel or Ctrl-C',
  not_run: 'COMPLETE, but a version guard kept the script from running: see --pin',
  auth: '401 or 403',
  not_found: '404',
  throttled:
    'limits held the create back for longer than --queue-timeout, or a quota ends too late; nothing was created',
  unavailable:
    'network or service down: nothing was created, or the task could not be read; the hint resumes it',
  pending: 'status or logs of a task that has not finished',
  unknown:
    'the script may be running, or the place published: it was sent, and its answer was lost or useless',
  bad_response: 'what answered was not the API, or said something it should not',
  not_cancelled: 'cancel of a task that has not finished',
  internal: 'a bug in luau-exec',
  io: 'an output could not be written, or for list the journal not read',
  wait_timeout: '--wait-timeout passed; the task goes on',
  interrupted: 'died by SIGINT, SIGTERM or SIGHUP',
};

export type OutcomeName = keyof typeof EXIT_CODES | 'interrupted' | 'skipped' | 'submitted';

/** What a shell sees of a process that died by a signal. */
export const SIGNAL_CODES: ReadonlyMap<string, number> = new Map([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
]);

export function exitCodeOfSignal(signalName: string): number {
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
export const WORST_FIRST: readonly number[] = [
  130, 143, 129, 70, 9, 4, 2, 5, 10, 74, 7, 6, 3, 124, 1, 11, 8, 0,
];

export function worstExitCode(codes: readonly number[]): number {
  return WORST_FIRST.find((code) => codes.includes(code)) ?? EXIT_CODES.internal;
}
