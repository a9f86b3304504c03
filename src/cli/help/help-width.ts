import type { OutputStream } from '../../context.ts';

const WITHOUT_TERMINAL = 80;
/** Longer lines are hard to read, however wide the terminal is. */
const WIDEST = 100;

/** How many columns help takes on this stream. */
export function decideHelpWidth({ columns }: OutputStream): number {
  return Math.min(columns || WITHOUT_TERMINAL, WIDEST);
}
