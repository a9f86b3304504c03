import { encodeLuauString } from './encode-literal.ts';

/** V8 tells the position of most errors, but not of a character that has no place where it stands (seen in Node 20.20). */
const POSITION = /^(.*?)(?: in JSON)? at position (\d+)[^"]*$/s;
const NO_POSITION = /is not valid JSON$/;

/** What JSON.parse found wrong, in words that hold nothing of the text but one character, and at which offset. */
export function findJsonMistake(text: string, error: unknown): { reason: string; offset: number } {
  const message = error instanceof Error ? error.message : '';
  const [, reason, position] = POSITION.exec(message) ?? [];
  if (reason !== undefined) {
    return { reason: `${reason.charAt(0).toLowerCase()}${reason.slice(1)}`, offset: Number(position) };
  }
  if (!NO_POSITION.test(message)) return { reason: 'unexpected end', offset: text.length };
  const offset = findMisplaced(text);
  const character = String.fromCodePoint(text.codePointAt(offset) ?? 0);
  return { reason: `unexpected ${encodeLuauString(character)}`, offset };
}

/** The offset of the misplaced character: whatever ends before it is only too short. */
function findMisplaced(text: string): number {
  let [low, high] = [0, text.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (isMisplacedIn(text.slice(0, middle))) high = middle;
    else low = middle;
  }
  return low;
}

function isMisplacedIn(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    return error instanceof Error && NO_POSITION.test(error.message);
  }
}
