import type { Grammar } from './grammar.ts';

/** Reads `: T` where it is there. */
export function parseAnnotation(grammar: Grammar): void {
  if (grammar.cursor.take(':')) parseType(grammar);
}

/** Reads a type, a union, or a list of types in parentheses, as after `:` behind the parameters of a function. */
export function parseType(grammar: Grammar): void {
  const { cursor } = grammar;
  cursor.nest(() => {
    if (cursor.is('|') || cursor.is('&')) cursor.advance();
    for (;;) {
      parseSimpleType(grammar);
      while (cursor.take('?'));
      if (!cursor.take('|') && !cursor.take('&')) return;
    }
  });
}

function parseSimpleType(grammar: Grammar): void {
  const { cursor, scopes } = grammar;
  if (cursor.take('...')) return parseSimpleType(grammar);
  if (cursor.is('{')) return parseTableType(grammar);
  if (cursor.is('<') || cursor.is('(')) return parseFunctionType(grammar);
  if (cursor.isWord('typeof') && cursor.peek(1) === '(') {
    cursor.advance();
    cursor.advance();
    // It never runs, no more than a function that nobody calls.
    scopes.functionDepth++;
    grammar.parseExpression();
    scopes.functionDepth--;
    cursor.expect(')');
    return;
  }
  if (cursor.is('<name>')) return parseNamedType(grammar);
  if (!/^(?:nil|true|false|<string>|<number>|<interpolated>)$/.test(cursor.kind)) throw cursor.unknown();
  cursor.advance();
}

function parseNamedType(grammar: Grammar): void {
  const { cursor } = grammar;
  cursor.advance();
  while (cursor.take('.')) cursor.expectName();
  if (cursor.is('<')) parseTypeArguments(grammar);
  // `T...` is a list of types.
  cursor.take('...');
}

/** `<A, (B, C), ...D>`; the cursor stands on the `<`. */
export function parseTypeArguments(grammar: Grammar): void {
  const { cursor } = grammar;
  cursor.expect('<');
  while (!cursor.take('>')) {
    parseType(grammar);
    if (!cursor.is('>')) cursor.expect(',');
  }
}

/** `<T, U..., V = string>`; nothing where no `<` is there. */
export function parseGenerics(grammar: Grammar): void {
  const { cursor } = grammar;
  if (!cursor.take('<')) return;
  while (!cursor.take('>')) {
    cursor.expectName();
    cursor.take('...');
    if (cursor.take('=')) parseType(grammar);
    if (!cursor.is('>')) cursor.expect(',');
  }
}

/** `(a: A, ...B) -> C`, and what begins like it: a type or a list in parentheses. */
function parseFunctionType(grammar: Grammar): void {
  const { cursor } = grammar;
  parseGenerics(grammar);
  cursor.expect('(');
  while (!cursor.take(')')) {
    if (cursor.peek(1) === ':') {
      // `...: T` or a named parameter
      cursor.advance();
      cursor.advance();
    }
    parseType(grammar);
    if (!cursor.is(')')) cursor.expect(',');
  }
  if (cursor.take('->')) parseType(grammar);
}

function parseTableType(grammar: Grammar): void {
  const { cursor } = grammar;
  cursor.expect('{');
  while (!cursor.take('}')) {
    const hasModifier = cursor.isWord('read') || cursor.isWord('write');
    if (hasModifier && (cursor.peek(1) === '<name>' || cursor.peek(1) === '[')) cursor.advance();
    if (cursor.take('[')) {
      parseType(grammar);
      cursor.expect(']');
      cursor.expect(':');
    } else if (cursor.is('<name>') && cursor.peek(1) === ':') {
      cursor.advance();
      cursor.advance();
    }
    parseType(grammar);
    if (!cursor.is('}') && !cursor.take(';')) cursor.expect(',');
  }
}
