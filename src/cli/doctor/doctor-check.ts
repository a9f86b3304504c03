import type { ErrorKind } from '../../errors.ts';
import type { Check } from '../../output/format-doctor.ts';
import { EXIT_CODES, exitCodeOfError, worstExitCode } from '../exit-codes.ts';

/** Where keys are made and changed. */
export const DASHBOARD = 'https://create.roblox.com/dashboard/credentials';

/** A check, and for a problem the kind of error that it would be, from which the exit code follows. */
export interface DoctorCheck extends Check {
  kind: ErrorKind | null;
}

export function createOk(name: string, detail: string): DoctorCheck {
  return { name, status: 'ok', detail, hint: null, kind: null };
}

export function createWarning(name: string, words: { detail: string; hint: string | null }): DoctorCheck {
  return { name, status: 'warning', ...words, kind: null };
}

export function createProblem(
  name: string,
  words: { detail: string; hint: string | null; kind: ErrorKind },
): DoctorCheck {
  return { name, status: 'problem', ...words };
}

/** For what could not be found out. */
export function createUnknown(name: string, detail: string): DoctorCheck {
  return { name, status: 'not_known', detail, hint: null, kind: null };
}

/** 0 unless there is a problem; of several, the code that most needs somebody to look. */
export function decideDoctorExitCode(checks: readonly DoctorCheck[]): number {
  const codes = checks.flatMap(({ kind }) => (kind === null ? [] : [exitCodeOfError(kind, 'SIGINT')]));
  return codes.length === 0 ? EXIT_CODES.ok : worstExitCode(codes);
}
