import { RegExpSyntaxError, RegExpValidator } from '@eslint-community/regexpp';
import { messageOf } from '../../errors.ts';

/** What is wrong with a pattern, and before which of its characters, where that can be told. */
export interface PatternMistake {
  reason: string;
  /** In UTF-16 units; the length of the pattern where something is missing at its end. */
  offset: number | null;
}

/** These are noticed when the last character that belongs to the mistake has been read. */
const READ_TO_ITS_END = /^(?:nothing to repeat|incomplete|numbers out|range out|duplicate|invalid named)/;

/**
 * Looks for the mistake for which the engine threw `cause`; the engine itself does not say where. A newer Node.js may
 * know syntax that an older one refuses: then only the engine's words are left.
 */
export function locatePatternMistake(pattern: string, cause: unknown): PatternMistake {
  try {
    new RegExpValidator().validatePattern(pattern, 0, pattern.length, { unicode: true });
  } catch (error) {
    // Else it is too deep a pattern for the validator's stack, and the engine's words are left here too.
    if (error instanceof RegExpSyntaxError) {
      const reason = cutReason(error.message, pattern);
      return { reason, offset: error.index - (READ_TO_ITS_END.test(reason) ? 1 : 0) };
    }
  }
  return { reason: cutReason(messageOf(cause), pattern), offset: null };
}

/** `Invalid regular expression: /a(/u: Unterminated group` without what the user wrote himself. */
function cutReason(message: string, pattern: string): string {
  const at = message.indexOf(pattern);
  const reason = (at < 0 ? message : message.slice(at + pattern.length)).replace(/^\/\w*: /, '');
  return reason.charAt(0).toLowerCase() + reason.slice(1);
}
