import { parseFunctionBody } from './compound-expressions.ts';
import { parseAttributes, parseExpression, parseExpressionList, parsePrefix } from './expressions.ts';
import type { Grammar } from './grammar.ts';
import { parseAnnotation, parseGenerics, parseType } from './types.ts';

const BLOCK_ENDS: ReadonlySet<string> = new Set(['end', 'else', 'elseif', 'until', '<eof>']);
const COMPOUND: ReadonlySet<string> = new Set(['+=', '-=', '*=', '/=', '//=', '%=', '^=', '..=']);
/** What goes on after a name, where the name begins an expression or an assignment. */
const AFTER_NAME: ReadonlySet<string> = new Set([
  ...COMPOUND,
  ...['=', ',', '.', ':', '(', '[', '{', '<', '<string>', '<interpolated>', '<interpolated begin>'],
]);

/** Reads statements up to the keyword that ends the block, which it leaves. Names declared in it end with it. */
export function parseBlock(grammar: Grammar): void {
  const { cursor, scopes } = grammar;
  scopes.push();
  parseStatements(grammar);
  scopes.pop();
  if (!BLOCK_ENDS.has(cursor.kind)) throw cursor.unknown();
}

/** The statements of a whole source, whose names are in force to its end. */
export function parseStatements(grammar: Grammar): void {
  const { cursor } = grammar;
  cursor.nest(() => {
    while (!BLOCK_ENDS.has(cursor.kind)) parseStatement(grammar);
  });
}

function parseStatement(grammar: Grammar): unknown {
  const { cursor } = grammar;
  switch (cursor.kind) {
    case ';':
    case 'break':
      return cursor.advance();
    case 'if':
      return parseIf(grammar);
    case 'while':
      cursor.advance();
      parseExpression(grammar);
      return parseDo(grammar);
    case 'do':
      return parseDo(grammar);
    case 'for':
      return parseFor(grammar);
    case 'repeat':
      return parseRepeat(grammar);
    case 'local':
      return parseLocal(grammar);
    case '@':
      return parseAttributes(grammar);
    case 'function':
      return parseFunction(grammar);
    case 'return':
      return parseReturn(grammar);
    default:
      return parseWordStatement(grammar) || parseAssignmentOrCall(grammar);
  }
}

function parseIf(grammar: Grammar): void {
  const { cursor } = grammar;
  do {
    cursor.advance();
    parseExpression(grammar);
    cursor.expect('then');
    parseBlock(grammar);
  } while (cursor.is('elseif'));
  if (cursor.take('else')) parseBlock(grammar);
  cursor.expect('end');
}

function parseDo(grammar: Grammar): void {
  grammar.cursor.expect('do');
  parseBlock(grammar);
  grammar.cursor.expect('end');
}

function parseFor(grammar: Grammar): void {
  const { cursor, scopes } = grammar;
  cursor.advance();
  const names = parseBindings(grammar);
  if (!cursor.take('=')) cursor.expect('in');
  parseExpressionList(grammar);
  scopes.push();
  for (const name of names) scopes.declare(name);
  parseDo(grammar);
  scopes.pop();
}

/** The condition sees the names of the block. */
function parseRepeat(grammar: Grammar): void {
  const { cursor, scopes } = grammar;
  cursor.advance();
  scopes.push();
  parseStatements(grammar);
  cursor.expect('until');
  parseExpression(grammar);
  scopes.pop();
}

/** `local`, and `const`, which is a word of this meaning only here. */
function parseLocal(grammar: Grammar): void {
  const { cursor, scopes } = grammar;
  cursor.advance();
  if (cursor.take('function')) {
    scopes.declare(cursor.expectName());
    parseFunctionBody(grammar);
    return;
  }
  const names = parseBindings(grammar);
  if (cursor.take('=')) parseExpressionList(grammar);
  // What stands right of `=` does not see them yet.
  for (const name of names) scopes.declare(name);
}

/** `a: A, b` */
function parseBindings(grammar: Grammar): string[] {
  const names: string[] = [];
  do {
    names.push(grammar.cursor.expectName());
    parseAnnotation(grammar);
  } while (grammar.cursor.take(','));
  return names;
}

function parseFunction(grammar: Grammar): void {
  const { cursor, scopes, events } = grammar;
  cursor.advance();
  const name = cursor.expectName();
  const isField = cursor.is('.') || cursor.is(':');
  while (cursor.take('.')) cursor.expectName();
  const isMethod = cursor.take(':');
  if (isMethod) cursor.expectName();
  if (!scopes.isLocal(name)) (isField ? events.onGlobalRead : events.onGlobalWrite)(name);
  parseFunctionBody(grammar, isMethod ? ['self'] : []);
}

function parseReturn(grammar: Grammar): void {
  const { cursor, scopes, events } = grammar;
  const offset = cursor.start();
  cursor.advance();
  const isEmpty = BLOCK_ENDS.has(cursor.kind) || cursor.is(';');
  const canBeOneValue = !isEmpty && parseExpressionList(grammar) <= 1;
  if (scopes.functionDepth === 0) events.onModuleReturn(canBeOneValue, offset);
  while (cursor.take(';'));
  if (!BLOCK_ENDS.has(cursor.kind)) throw cursor.unknown();
}

/** Statements that begin with a word which is a name elsewhere. Returns whether there was one. */
function parseWordStatement(grammar: Grammar): boolean {
  const { cursor, events } = grammar;
  if (!cursor.is('<name>')) return false;
  const next = cursor.peek(1);
  if (cursor.isWord('continue') && !AFTER_NAME.has(next)) {
    cursor.advance();
    return true;
  }
  if (cursor.isWord('const') && (next === '<name>' || next === 'function')) {
    parseLocal(grammar);
    return true;
  }
  const isExport = cursor.isWord('export') && cursor.isWord('type', 1);
  if (isExport) {
    events.onTypeExport(cursor.start());
    cursor.advance();
  }
  const isType = cursor.isWord('type') && (cursor.peek(1) === '<name>' || cursor.peek(1) === 'function');
  if (isType) parseTypeStatement(grammar);
  else if (isExport) throw cursor.unknown();
  return isType;
}

/** `type T<A> = …` and `type function f(…) … end` */
function parseTypeStatement(grammar: Grammar): void {
  const { cursor, scopes } = grammar;
  cursor.advance();
  if (cursor.take('function')) {
    cursor.expectName();
    scopes.typeFunctionDepth++;
    parseFunctionBody(grammar);
    scopes.typeFunctionDepth--;
    return;
  }
  cursor.expectName();
  parseGenerics(grammar);
  cursor.expect('=');
  parseType(grammar);
}

function parseAssignmentOrCall(grammar: Grammar): void {
  const { cursor } = grammar;
  const targets = [parseTarget(grammar)];
  while (cursor.take(',')) targets.push(parseTarget(grammar));
  if (cursor.is('=') || COMPOUND.has(cursor.kind)) {
    cursor.advance();
    parseExpressionList(grammar);
    for (const { name } of targets) noteWrite(grammar, name);
  } else if (targets.length > 1 || targets[0]?.kind !== 'call') {
    throw cursor.unknown();
  }
}

function parseTarget(grammar: Grammar) {
  const name = grammar.cursor.text();
  const kind = parsePrefix(grammar);
  return { kind, name: kind === 'name' ? name : null };
}

function noteWrite({ scopes, events }: Grammar, name: string | null): void {
  if (name !== null && !scopes.isLocal(name)) events.onGlobalWrite(name);
}
