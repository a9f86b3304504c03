import type { NameScopes } from './name-scopes.ts';
import type { TokenCursor } from './token-cursor.ts';

/** What a parser hands on while it reads. Offsets are in characters of the source. */
export interface SyntaxEvents {
  /** A name that is no local is read; the cursor stands on it. */
  onGlobalRead(name: string): void;
  /** A name that is no local is assigned to. */
  onGlobalWrite(name: string): void;
  /** A `return` outside every function, and whether what follows can be exactly one value. */
  onModuleReturn(canBeOneValue: boolean, offset: number): void;
  /** The word `export` before a type. */
  onTypeExport(offset: number): void;
}

/** One source that is being read. The two methods close the circle between statements, expressions and types. */
export interface Grammar {
  readonly cursor: TokenCursor;
  readonly scopes: NameScopes;
  readonly events: SyntaxEvents;
  /** Reads the statements up to the keyword that ends a block. */
  parseBlock(): void;
  parseExpression(): boolean;
}
