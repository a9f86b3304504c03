import type { TokenKind, Tokens } from './lexer.ts';

/** The text is not Luau as this program knows it: it has a mistake, or is newer. */
export class UnknownSyntax extends Error {
  override readonly name = 'UnknownSyntax';
  readonly offset: number;

  constructor(offset: number) {
    super(`unknown syntax at offset ${offset}`);
    this.offset = offset;
  }
}

/** Luau itself allows no more than 1,000 levels; every level takes several calls here. */
const MOST_LEVELS = 400;

/** A place in a list of tokens, and the questions that a parser asks about it. */
export class TokenCursor {
  readonly tokens: Tokens;
  index = 0;
  #level = 0;

  constructor(tokens: Tokens) {
    this.tokens = tokens;
  }

  get kind(): TokenKind {
    return this.peek(0);
  }

  /** Kind of the token `distance` ahead; `<eof>` past the end, and before the beginning. */
  peek(distance: number): TokenKind {
    return this.tokens.kinds[this.index + distance] ?? '<eof>';
  }

  text(distance = 0): string {
    const { source, starts, ends } = this.tokens;
    return source.slice(starts[this.index + distance], ends[this.index + distance]);
  }

  start(distance = 0): number {
    return this.tokens.starts[this.index + distance] ?? this.tokens.source.length;
  }

  end(distance = 0): number {
    return this.tokens.ends[this.index + distance] ?? this.tokens.source.length;
  }

  is(kind: TokenKind): boolean {
    return this.kind === kind;
  }

  /** True for a word that is a keyword in this place alone, such as `type`. */
  isWord(word: string, distance = 0): boolean {
    return this.peek(distance) === '<name>' && this.text(distance) === word;
  }

  /** Returns false, which is what a parser says of an expression that is one value. */
  advance(): false {
    this.index++;
    return false;
  }

  /** Moves on where the token is of this kind, and says whether it did. */
  take(kind: TokenKind): boolean {
    if (!this.is(kind)) return false;
    this.index++;
    return true;
  }

  /** Throws UnknownSyntax where the token is of another kind. */
  expect(kind: TokenKind): false {
    if (!this.take(kind)) throw this.unknown();
    return false;
  }

  expectName(): string {
    const name = this.text();
    this.expect('<name>');
    return name;
  }

  unknown(): UnknownSyntax {
    return new UnknownSyntax(this.start());
  }

  /** Runs `parse` one level deeper; throws UnknownSyntax where that is too deep. */
  nest<Result>(parse: () => Result): Result {
    if (++this.#level > MOST_LEVELS) throw this.unknown();
    const result = parse();
    this.#level--;
    return result;
  }
}
