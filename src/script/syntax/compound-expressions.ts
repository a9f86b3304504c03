import type { Grammar } from './grammar.ts';
import { parseAnnotation, parseGenerics } from './types.ts';

// Expressions that hold others between their own brackets and words. Each is one value, which is what `false` says.

export function parseInterpolated(grammar: Grammar): false {
  const { cursor } = grammar;
  do {
    cursor.advance();
    grammar.parseExpression();
  } while (cursor.is('<interpolated middle>'));
  return cursor.expect('<interpolated end>');
}

export function parseTable(grammar: Grammar): false {
  const { cursor } = grammar;
  cursor.expect('{');
  while (!cursor.take('}')) {
    if (cursor.take('[')) {
      grammar.parseExpression();
      cursor.expect(']');
      cursor.expect('=');
    } else if (cursor.is('<name>') && cursor.peek(1) === '=') {
      cursor.advance();
      cursor.advance();
    }
    grammar.parseExpression();
    if (!cursor.is('}') && !cursor.take(';')) cursor.expect(',');
  }
  return false;
}

/** `if a then b elseif c then d else e` as a value. */
export function parseConditional(grammar: Grammar): false {
  const { cursor } = grammar;
  do {
    cursor.advance();
    grammar.parseExpression();
    cursor.expect('then');
    grammar.parseExpression();
  } while (cursor.is('elseif'));
  cursor.expect('else');
  grammar.parseExpression();
  return false;
}

/** From the generics or the parameters to `end`. `implicit` are the names it has besides, such as `self`. */
export function parseFunctionBody(grammar: Grammar, implicit: readonly string[] = []): false {
  const { cursor, scopes } = grammar;
  parseGenerics(grammar);
  scopes.push();
  scopes.functionDepth++;
  for (const name of implicit) scopes.declare(name);
  cursor.expect('(');
  while (!cursor.take(')')) {
    if (!cursor.take('...')) scopes.declare(cursor.expectName());
    parseAnnotation(grammar);
    if (!cursor.is(')')) cursor.expect(',');
  }
  parseAnnotation(grammar);
  grammar.parseBlock();
  cursor.expect('end');
  scopes.functionDepth--;
  scopes.pop();
  return false;
}
