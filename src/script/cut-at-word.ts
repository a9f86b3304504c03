/**
 * At most `maxCharacters` of `text`, with `…` where something was left out. Whole words only: half of an API key would
 * pass the redactor, which knows the whole key.
 */
export function cutAtWord(text: string, maxCharacters: number): string {
  if (text.length <= maxCharacters) return text;
  const kept = text.slice(0, maxCharacters);
  return `${kept.slice(0, kept.search(/\S*$/))}…`;
}
