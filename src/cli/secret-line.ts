const ENDS: ReadonlySet<string> = new Set(['\r', '\n', '\x04']);
const LONGEST = 65_536;

/** A line as it is typed or pasted where nothing of it is shown. */
export interface SecretLine {
  readonly text: string;
  /** Takes in what came from the keyboard, in pieces of any size. */
  type(input: string): 'open' | 'ended' | 'stopped';
}

/**
 * Backspace takes one character back and Ctrl-U all of them; Enter and Ctrl-D end the line, Ctrl-C stops it. Arrow and
 * function keys do nothing. What was pasted behind a line break is kept, so that a key which was broken in two is seen
 * to be broken.
 */
export function createSecretLine(): SecretLine {
  let characters: string[] = [];
  let sequence: KeySequence = 'none';
  const typeOne = (character: string) => {
    if (sequence !== 'none') sequence = readSequence(sequence, character);
    else if (character === '\x1b') sequence = 'begun';
    else if (character === '\x7f' || character === '\b') characters.pop();
    else if (character === '\x15') characters = [];
    else if (character >= ' ' || character === '\t') characters.push(character);
  };
  return {
    get text() {
      return characters.join('');
    },
    type(input) {
      const typed = [...input];
      for (const [index, character] of typed.entries()) {
        if (character === '\x03') return 'stopped';
        if (ENDS.has(character) || characters.length === LONGEST) {
          const rest = typed
            .slice(index + 1)
            .join('')
            .trim();
          if (rest !== '') characters.push('\n', ...rest);
          return 'ended';
        }
        typeOne(character);
      }
      return 'open';
    },
  };
}

/** A key such as an arrow sends ESC, mostly `[` or `O`, then digits and semicolons up to one other character. */
export type KeySequence = 'none' | 'begun' | 'inside';

/** What the next character makes of a sequence; `begun` is what ESC makes. */
export function readSequence(sequence: KeySequence, character: string): KeySequence {
  if (sequence === 'none') return 'none';
  if (sequence === 'begun') return character === '[' || character === 'O' ? 'inside' : 'none';
  return character >= '@' && character <= '~' ? 'none' : 'inside';
}
