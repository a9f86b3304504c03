import { eastAsianWidth } from 'get-east-asian-width';

const PLAIN = /^[ -~]*$/;
const EMOJI = /\p{Emoji_Presentation}|\ufe0f/u;
/** Made where a text needs it: that takes some 10 ms, which every start would pay. */
let segmenter: Intl.Segmenter | null = null;

/** How many columns of a terminal the text takes. It has to be safe for one and on one line. */
export function measureWidth(text: string): number {
  if (PLAIN.test(text)) return text.length;
  let width = 0;
  for (const character of splitCharacters(text)) width += measureCharacter(character);
  return width;
}

/** The text in at most `width` columns, with `…` where its beginning or its end is left out. */
export function fitText(text: string, { width, keeps }: { width: number; keeps: 'start' | 'end' }): string {
  if (measureWidth(text) <= width) return text;
  if (width < 1) return '';
  const characters = splitCharacters(text);
  if (keeps === 'end') characters.reverse();
  const kept: string[] = [];
  let left = width - 1;
  for (const character of characters) {
    left -= measureCharacter(character);
    if (left < 0) break;
    kept.push(character);
  }
  return keeps === 'end' ? `…${kept.reverse().join('')}` : `${kept.join('')}…`;
}

/** With as many spaces behind it as `width` columns have room for. */
export function padText(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - measureWidth(text)));
}

/** As a reader counts them. */
function splitCharacters(text: string): string[] {
  if (PLAIN.test(text)) return [...text];
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), ({ segment }) => segment);
}

function measureCharacter(character: string): number {
  if (EMOJI.test(character)) return 2;
  return eastAsianWidth(character.codePointAt(0) ?? 0);
}
