import { parseExpression } from './expressions.ts';
import type { Grammar } from './grammar.ts';
import { lex, type Tokens } from './lexer.ts';
import { NameScopes } from './name-scopes.ts';
import { findRequire, type RequireCall } from './require-calls.ts';
import { parseBlock, parseStatements } from './statements.ts';
import { TokenCursor, UnknownSyntax } from './token-cursor.ts';

/** What a bundler has to know of one source. Offsets are in characters. */
export interface Outline {
  /** Every use of the global `require`, in the order of the text. */
  requires: RequireCall[];
  /** True where the global `ARGS` is read. */
  readsArgs: boolean;
  /** Names that are assigned to without being local: each module has its own of them. */
  globalWrites: string[];
  /**
   * True where declaring these names as locals is not enough: a type function, which may see no local from around it, has
   * one of them; the file asks for its environment with `getfenv` or `setfenv`; or the syntax is not known, and so neither
   * are they.
   */
  needsEnvironment: boolean;
  /** Offsets of the word `export` before types. */
  typeExports: number[];
  /** The returns outside every function; null where the syntax is not known. */
  returns: { canBeOneValue: boolean; offset: number }[] | null;
  /** `--!` comments at the very top. */
  directives: string[];
  /** Offset of the first token; the length of the source where there is none. */
  codeStart: number;
}

/**
 * Reads a source. Never throws: where it holds syntax that is not known here, what was found among its tokens alone is
 * returned, as if every name were global and every `require` inside a function: it may be there, and a circle that is none
 * would hide what is wrong.
 */
export function outline(source: string): Outline {
  const tokens = lex(source);
  try {
    return parse(tokens);
  } catch (error) {
    if (!(error instanceof UnknownSyntax)) throw error;
    return scan(tokens);
  }
}

/** Offset of the token that cannot be read on from; null where all of the source is known syntax. */
export function findUnknownSyntax(source: string): number | null {
  try {
    parse(lex(source));
    return null;
  } catch (error) {
    if (!(error instanceof UnknownSyntax)) throw error;
    return error.offset;
  }
}

function createOutline({ directives, starts, source }: Tokens): Outline {
  return {
    requires: [],
    readsArgs: false,
    globalWrites: [],
    needsEnvironment: true,
    typeExports: [],
    returns: null,
    directives,
    codeStart: starts[0] ?? source.length,
  };
}

function parse(tokens: Tokens): Outline {
  const found = createOutline(tokens);
  const returns: Outline['returns'] = [];
  const writes = new Set<string>();
  const namesInTypeFunctions = new Set<string>();
  let readsEnvironment = false;
  const cursor = new TokenCursor(tokens);
  const scopes = new NameScopes();
  const grammar: Grammar = {
    cursor,
    scopes,
    events: {
      onGlobalRead: (name) => {
        if (scopes.typeFunctionDepth > 0) namesInTypeFunctions.add(name);
        else if (name === 'require') found.requires.push(findRequire(cursor, isDeferred(scopes)));
        else if (name === 'ARGS') found.readsArgs = true;
        else if (name === 'getfenv' || name === 'setfenv') readsEnvironment = true;
      },
      onGlobalWrite: (name) => (scopes.typeFunctionDepth > 0 ? namesInTypeFunctions : writes).add(name),
      onModuleReturn: (canBeOneValue, offset) => returns.push({ canBeOneValue, offset }),
      onTypeExport: (offset) => found.typeExports.push(offset),
    },
    parseBlock: () => parseBlock(grammar),
    parseExpression: () => parseExpression(grammar),
  };
  parseStatements(grammar);
  cursor.expect('<eof>');
  const globalWrites = [...writes];
  const needsEnvironment = readsEnvironment || globalWrites.some((name) => namesInTypeFunctions.has(name));
  // Which of them run before the file sets its own is not known.
  const requires = writes.has('require')
    ? found.requires.map((call) => ({ ...call, isOptional: true }))
    : found.requires;
  return { ...found, requires, globalWrites, needsEnvironment, returns };
}

/** In a function or a block, a require may run later than the module is loaded, or never. */
function isDeferred(scopes: NameScopes): boolean {
  return scopes.functionDepth > 0 || !scopes.isTopLevel;
}

/** What can be said without knowing the grammar. */
function scan(tokens: Tokens): Outline {
  const found = createOutline(tokens);
  const cursor = new TokenCursor(tokens);
  for (; !cursor.is('<eof>'); cursor.advance()) {
    if (!cursor.is('<name>') || /^(?:\.|:|function)$/.test(cursor.peek(-1))) continue;
    if (cursor.isWord('require')) found.requires.push(scanRequire(cursor));
    else if (cursor.isWord('ARGS')) found.readsArgs = true;
    else if (cursor.isWord('export') && cursor.isWord('type', 1) && cursor.peek(2) === '<name>') {
      found.typeExports.push(cursor.start());
    }
  }
  return found;
}

/**
 * The name may be the file's own here, and then its argument any text: only what is a path for certain counts as one. It
 * may also stand in a function, so it is not held against a circle.
 */
function scanRequire(cursor: TokenCursor): RequireCall {
  const call = findRequire(cursor, true);
  return /^(?:\.\.?\/|@)/.test(call.path ?? '') ? call : { ...call, path: null };
}
