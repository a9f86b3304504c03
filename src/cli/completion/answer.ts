/** One word that may stand at the cursor. */
export interface Candidate {
  value: string;
  /** One printable line; empty where there is nothing to say. */
  description: string;
}

/** What a shell is told. With `extensions`, files with one of them come first, and directories. */
export interface Answer {
  candidates: readonly Candidate[];
  files: 'none' | 'any' | { extensions: readonly string[] };
  /** The candidates stand in an order of their own, not in that of the alphabet. */
  isOrdered: boolean;
}

export const NO_ANSWER: Answer = { candidates: [], files: 'none', isOrdered: false };

/** The bits of the last line, with the meaning that shells' scripts have given them since Cobra. */
const NO_FILES = 4;
const BY_EXTENSION = 8;
const KEEP_ORDER = 32;

/** Candidates one a line, a tab before the description; with extensions, these instead; last `:` and the bits. */
export function formatAnswer({ candidates, files, isOrdered }: Answer): string {
  const isByExtension = typeof files === 'object';
  const lines = isByExtension
    ? files.extensions
    : candidates.map(({ value, description }) => (description === '' ? value : `${value}\t${description}`));
  return endWithBits(lines, { candidates, files, isOrdered });
}

/** Puts the last line behind the lines of an answer. */
export function endWithBits(lines: readonly string[], { files, isOrdered }: Answer): string {
  const fileBits = files === 'none' ? NO_FILES : files === 'any' ? 0 : BY_EXTENSION;
  return [...lines, `:${fileBits | (isOrdered ? KEEP_ORDER : 0)}`, ''].join('\n');
}
