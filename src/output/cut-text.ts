// The characters that an API key is made of.
const TOKEN_CHARACTER = /[\w+/=.%~-]/;
// A word no longer than this is shown in part: too little of a key to be of use to anyone.
const LONGEST_PART = 12;

/**
 * At most `maxCharacters` of `text`, with `…` where something was left out. The cut never runs through a long word:
 * half of an API key would pass the redactor, which knows the whole key only.
 */
export function cutText(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const kept = text.slice(0, maxCharacters - 1);
  let wordStart = kept.length;
  while (wordStart > 0 && TOKEN_CHARACTER.test(kept.charAt(wordStart - 1))) wordStart--;
  const safe = kept.length - wordStart > LONGEST_PART ? kept.slice(0, wordStart) : kept;
  return `${dropHalfCharacter(safe)}…`;
}

/** Without the first half of a surrogate pair whose second half was cut off. */
function dropHalfCharacter(text: string): string {
  return /[\ud800-\udbff]$/.test(text) ? text.slice(0, -1) : text;
}
