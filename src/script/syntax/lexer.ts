/**
 * What a token is. Keywords and symbols are their own kind, so that a parser reads like the grammar; everything else is
 * named in angle brackets: `<name>`, `<number>`, `<string>` (quoted or in long brackets), `<interpolated>` (backticks
 * without an expression), `<interpolated begin>`, `<interpolated middle>`, `<interpolated end>`, `<eof>`, and `<broken>`
 * for what is no token, an unfinished string or comment for instance.
 */
export type TokenKind = string;

/** The tokens of one source, the last of them `<eof>`. Comments and white space are none. */
export interface Tokens {
  source: string;
  kinds: TokenKind[];
  /** Offset of the first character of each token, and of the one behind its last. */
  starts: number[];
  ends: number[];
  /** The `--!` comments before the first token: only there do they count. */
  directives: string[];
}

const KEYWORDS: ReadonlySet<string> = new Set(
  'and break do else elseif end false for function if in local nil not or repeat return then true until while'.split(
    ' ',
  ),
);
const LONGEST_KEYWORD = 8;

/** Symbols of more than one character by their first one, the longest first. */
const LONG_SYMBOLS: ReadonlyMap<string, readonly string[]> = new Map([
  ['.', ['...', '..=', '..']],
  ['/', ['//=', '//', '/=']],
  ['-', ['->', '-=']],
  [':', ['::']],
  ['=', ['==']],
  ['~', ['~=']],
  ['<', ['<=']],
  ['>', ['>=']],
  ['+', ['+=']],
  ['*', ['*=']],
  ['%', ['%=']],
  ['^', ['^=']],
]);
const SHORT_SYMBOLS: ReadonlySet<string> = new Set('+-*/%^#=<>(){}[];:,.?|&@~!');

const WHITE_SPACE = /[ \t\r\n\v\f]*/y;
const NAME = /[A-Za-z_][A-Za-z0-9_]*/y;
const NUMBER = /\.?[0-9][0-9._]*(?:[eE][+-]?)?[A-Za-z0-9_]*/y;
const LONG_BRACKET = /\[(=*)\[/y;
const LINE_REST = /[^\r\n\0]*/y;
/** Up to what ends a string or needs a closer look. */
const PLAIN = { '"': /[^"\\\r\n\0]*/y, "'": /[^'\\\r\n\0]*/y, '`': /[^`\\{\r\n\0]*/y } as const;
type Quote = keyof typeof PLAIN;

/** Splits Luau into tokens as Luau's own lexer does. Never throws: what it cannot read is a `<broken>` token. */
export function lex(source: string): Tokens {
  return new Lexer(source).run();
}

class Lexer {
  readonly #source: string;
  readonly #tokens: Tokens;
  #at = 0;
  /** For each `{` that is open inside a string with backticks: whether its `}` goes on with the string. */
  readonly #braces: boolean[] = [];

  constructor(source: string) {
    this.#source = source;
    this.#tokens = { source, kinds: [], starts: [], ends: [], directives: [] };
  }

  run(): Tokens {
    const { kinds, starts, ends } = this.#tokens;
    for (;;) {
      const unfinished = this.#skipTrivia();
      const start = unfinished ?? this.#at;
      const kind =
        unfinished !== null ? '<broken>' : start < this.#source.length ? this.#readToken() : '<eof>';
      kinds.push(kind);
      starts.push(start);
      ends.push(this.#at);
      if (kind === '<eof>') return this.#tokens;
    }
  }

  /** Returns where a long comment begins that does not end: for Luau, too, it is a token that fits nowhere. */
  #skipTrivia(): number | null {
    for (;;) {
      this.#match(WHITE_SPACE);
      if (!this.#source.startsWith('--', this.#at)) return null;
      const start = this.#at;
      this.#at += 2;
      const isWhole = this.#source[this.#at] === '[' ? this.#readLongBracket() : null;
      if (isWhole === false) return start;
      if (isWhole) continue;
      this.#match(LINE_REST);
      const comment = this.#source.slice(start, this.#at);
      if (comment.startsWith('--!') && this.#tokens.kinds.length === 0) this.#tokens.directives.push(comment);
    }
  }

  #readToken(): TokenKind {
    const first = this.#source[this.#at] ?? '';
    const name = this.#match(NAME);
    if (name !== null) return name.length <= LONGEST_KEYWORD && KEYWORDS.has(name) ? name : '<name>';
    if (first === '"' || first === "'") return this.#readString(first);
    if (first === '`') return this.#readString('`', '<interpolated begin>', '<interpolated>');
    if (this.#match(NUMBER) !== null) return '<number>';
    if (first === '[') {
      const isWhole = this.#readLongBracket();
      if (isWhole !== null) return isWhole ? '<string>' : '<broken>';
    }
    if (first === '}' && this.#braces.pop() === true) {
      return this.#readString('`', '<interpolated middle>', '<interpolated end>');
    }
    if (first === '{' && this.#braces.length > 0) this.#braces.push(false);
    return this.#readSymbol(first);
  }

  #readSymbol(first: string): TokenKind {
    const long = LONG_SYMBOLS.get(first)?.find((symbol) => this.#source.startsWith(symbol, this.#at));
    this.#at += long?.length ?? 1;
    return long ?? (SHORT_SYMBOLS.has(first) ? first : '<broken>');
  }

  /** Reads from the quote, or from the `}` that brings back to the string, to what ends this part of it. */
  #readString(quote: Quote, beforeBrace: TokenKind = '<broken>', whole: TokenKind = '<string>'): TokenKind {
    this.#at++;
    for (;;) {
      this.#match(PLAIN[quote]);
      const stop = this.#source[this.#at];
      if (stop === quote) {
        this.#at++;
        return whole;
      }
      if (stop === '{') {
        this.#at++;
        this.#braces.push(true);
        return beforeBrace;
      }
      if (stop !== '\\') return '<broken>';
      this.#skipEscape(quote);
    }
  }

  #skipEscape(quote: Quote): void {
    this.#at++;
    if (quote === '`' && this.#source.startsWith('u{', this.#at)) this.#at += 2;
    else if (this.#source.startsWith('\r\n', this.#at)) this.#at += 2;
    else if (this.#source[this.#at] === 'z') {
      this.#at++;
      this.#match(WHITE_SPACE);
    } else if (this.#at < this.#source.length) this.#at++;
  }

  /** Null where no long bracket opens; else whether it is closed, too. */
  #readLongBracket(): boolean | null {
    const opening = this.#match(LONG_BRACKET);
    if (opening === null) return null;
    const closing = `]${'='.repeat(opening.length - 2)}]`;
    const end = this.#source.indexOf(closing, this.#at);
    this.#at = end === -1 ? this.#source.length : end + closing.length;
    return end !== -1;
  }

  /** Moves past what the sticky pattern matches here; null, and no move, where it does not match. */
  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const text = pattern.exec(this.#source)?.[0];
    if (text === undefined) return null;
    this.#at += text.length;
    return text;
  }
}
