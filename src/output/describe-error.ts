import type { Attempt } from '../errors.ts';

/** A position in a file of the user's, or in a file that only the service knows. */
export interface Frame {
  file: string;
  line: number;
  function: string | null;
}

/** One error in words and fields, the same for every output format. */
export interface ErrorDescription {
  id: string;
  /** The service's error code, where there is one. */
  code: string | null;
  /** The headline: what happened, on one line. */
  message: string;
  /** Further lines, one fact each. */
  facts: string[];
  hint: string | null;
  file: string | null;
  line: number | null;
  traceback: Frame[];
  /** Source lines around `line`, ready to print; null when the source is not at hand. */
  codeFrame: string | null;
  httpStatus: number | null;
  attempts: readonly Attempt[];
}
