import { foldAliasName, isAliasName } from './alias-name.ts';
import { cutAtWord } from './cut-at-word.ts';
import { RequireProblem } from './require-problem.ts';
import { lex, type Tokens } from './syntax/lexer.ts';

/** Strings and comments of Luau, which may hold anything, and the two that are rewritten. */
const PIECE = new RegExp(
  [
    /"(?:\\(?:z\s*|\r\n|[\s\S])|[^"\\\r\n])*"?/,
    /'(?:\\(?:z\s*|\r\n|[\s\S])|[^'\\\r\n])*'?/,
    /--\[(=*)\[[\s\S]*?(?:\]\1\]|$)/,
    /--[^\r\n]*/,
    /\/\/[^\r\n]*/,
    /\[(?=\[)/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'g',
);

const VALUE = /^(?:[[{]|<string>|<number>|<name>|true|false|nil)$/;
const LONGEST_QUOTE = 40;

/**
 * The aliases in the text of a `.luaurc`: names in lower case, values as they are written, for Luau decodes no escapes
 * there. It is JSON with trailing commas and with the comments of Luau and of C. Other settings are passed over,
 * whatever they hold. Throws RequireProblem.
 */
export function parseLuaurc(text: string): ReadonlyMap<string, string> {
  return new LuaurcReader(lex(rewrite(text))).read();
}

/**
 * Takes out what begins with `//`, since an apostrophe in it would open a string. The second of two brackets is moved
 * off the first one: to Luau they would open a long string, in JSON they are an array in an array.
 */
function rewrite(text: string): string {
  return text.replace(PIECE, (piece) => (piece.startsWith('//') ? '' : piece === '[' ? '[ ' : piece));
}

class LuaurcReader {
  readonly #tokens: Tokens;
  readonly #aliases = new Map<string, string>();
  #at = 0;

  constructor(tokens: Tokens) {
    this.#tokens = tokens;
  }

  read(): ReadonlyMap<string, string> {
    this.#expect('{');
    this.#readFields((name) => {
      if (name !== 'aliases') return this.#skipValue();
      this.#expect('{');
      this.#readFields((alias, at) => this.#readAlias(alias, at));
    });
    if (this.#kind !== '<eof>') throw this.#unexpected('the end of the file');
    return this.#aliases;
  }

  /** Reads to the `}` behind the last field. `readValue` is told the name and at which token it stands. */
  #readFields(readValue: (name: string, at: number) => void): void {
    while (!this.#take('}')) {
      const at = this.#at;
      const name = this.#readString('a name in quotes or "}"');
      this.#expect(':');
      readValue(name, at);
      if (!this.#take(',') && this.#kind !== '}') throw this.#unexpected('"," or "}"');
    }
  }

  #readAlias(name: string, at: number): void {
    if (!isAliasName(name)) {
      throw new RequireProblem(
        `"${cutAtWord(name, LONGEST_QUOTE)}" at line ${this.#lineOf(at)} cannot be the name of an alias`,
        {
          hint: 'use letters, digits, "-", "_" and "."',
        },
      );
    }
    const value = this.#readString('a path in quotes');
    // By Luau's own rule: what is looked for is the name as it is written.
    if (!this.#aliases.has(name)) this.#aliases.set(foldAliasName(name), value);
  }

  #readString(wanted: string): string {
    const text = this.#text;
    if (this.#kind !== '<string>' || text.startsWith('[')) throw this.#unexpected(wanted);
    this.#at++;
    return text.slice(1, -1);
  }

  /** It does not call itself, so that no depth is too much. */
  #skipValue(): void {
    this.#take('-');
    if (!VALUE.test(this.#kind)) throw this.#unexpected('a value');
    const closers: string[] = [];
    do {
      const kind = this.#kind;
      if (kind === '<eof>' || kind === '<broken>') throw this.#unexpected(`"${closers.at(-1)}"`);
      if (kind === '{' || kind === '[') closers.push(kind === '{' ? '}' : ']');
      if ((kind === '}' || kind === ']') && kind !== closers.pop()) {
        throw this.#unexpected(`"${kind === '}' ? ']' : '}'}"`);
      }
      this.#at++;
    } while (closers.length > 0);
  }

  #expect(kind: string): void {
    if (!this.#take(kind)) throw this.#unexpected(`"${kind}"`);
  }

  #take(kind: string): boolean {
    if (this.#kind !== kind) return false;
    this.#at++;
    return true;
  }

  get #kind(): string {
    return this.#tokens.kinds[this.#at] ?? '<eof>';
  }

  get #text(): string {
    return this.#tokens.source.slice(this.#tokens.starts[this.#at], this.#tokens.ends[this.#at]);
  }

  #lineOf(at: number): number {
    return this.#tokens.source.slice(0, this.#tokens.starts[at]).split('\n').length;
  }

  #unexpected(wanted: string): RequireProblem {
    const found = this.#describeToken();
    return new RequireProblem(`expected ${wanted} at line ${this.#lineOf(this.#at)}, got ${found}`, {
      hint: 'correct it; it is JSON with comments',
    });
  }

  #describeToken(): string {
    const text = this.#text;
    const quote = cutAtWord(text, LONGEST_QUOTE);
    if (this.#kind === '<eof>') return 'the end of the file';
    if (this.#kind === '<broken>' && /^["']/.test(text)) return `a string without its end: ${quote}`;
    return this.#kind === '<string>' ? quote : `"${quote}"`;
  }
}
