import {
  parseConditional,
  parseFunctionBody,
  parseInterpolated,
  parseTable,
} from './compound-expressions.ts';
import type { Grammar } from './grammar.ts';
import { parseType, parseTypeArguments } from './types.ts';

const BINARY: ReadonlySet<string> = new Set([
  '+',
  '-',
  '*',
  '/',
  '//',
  '%',
  '^',
  '..',
  '<',
  '<=',
  '>',
  '>=',
  '==',
  '~=',
  'and',
  'or',
]);

/** What a prefix expression came to: what may stand left of `=`, and what may stand alone as a statement. */
export type PrefixKind = 'name' | 'call' | 'field' | 'group';

/** Returns whether the expression can be any number of values: a call, or `...`. */
export function parseExpression(grammar: Grammar): boolean {
  const { cursor } = grammar;
  return cursor.nest(() => {
    let canBeSeveral = parseOperand(grammar);
    while (BINARY.has(cursor.kind)) {
      cursor.advance();
      parseOperand(grammar);
      canBeSeveral = false;
    }
    return canBeSeveral;
  });
}

/** Returns how many values the list is at the least. */
export function parseExpressionList(grammar: Grammar): number {
  for (let count = 1; ; count++) {
    const canBeSeveral = parseExpression(grammar);
    if (!grammar.cursor.take(',')) return canBeSeveral ? count - 1 : count;
  }
}

function parseOperand(grammar: Grammar): boolean {
  const { cursor } = grammar;
  const start = cursor.index;
  while (cursor.is('not') || cursor.is('-') || cursor.is('#')) cursor.advance();
  const isPlain = cursor.index === start;
  const canBeSeveral = parseSimple(grammar);
  const end = cursor.index;
  while (cursor.take('::')) parseType(grammar);
  return canBeSeveral && isPlain && cursor.index === end;
}

function parseSimple(grammar: Grammar): boolean {
  const { cursor } = grammar;
  switch (cursor.kind) {
    case '<number>':
    case '<string>':
    case '<interpolated>':
    case 'nil':
    case 'true':
    case 'false':
    case '...':
      return cursor.take('...') || cursor.advance();
    case '<interpolated begin>':
      return parseInterpolated(grammar);
    case '{':
      return parseTable(grammar);
    case '@':
    case 'function':
      parseAttributes(grammar);
      cursor.expect('function');
      return parseFunctionBody(grammar);
    case 'if':
      return parseConditional(grammar);
    default:
      return parsePrefix(grammar) === 'call';
  }
}

/** `@native`, `@[deprecated { … }]` */
export function parseAttributes(grammar: Grammar): void {
  const { cursor } = grammar;
  while (cursor.take('@')) {
    if (!cursor.take('[')) {
      cursor.expectName();
      continue;
    }
    while (!cursor.take(']')) {
      parsePrefix(grammar);
      if (!cursor.is(']')) cursor.expect(',');
    }
  }
}

/** A name or an expression in parentheses with everything that is indexed and called behind it. */
export function parsePrefix(grammar: Grammar): PrefixKind {
  const { cursor, scopes, events } = grammar;
  let kind: PrefixKind = 'group';
  if (cursor.is('<name>')) {
    kind = 'name';
    const name = cursor.text();
    // A name that is only assigned to is not read.
    if (!scopes.isLocal(name) && cursor.peek(1) !== '=') events.onGlobalRead(name);
    cursor.advance();
  } else {
    cursor.expect('(');
    parseExpression(grammar);
    cursor.expect(')');
  }
  for (;;) {
    const suffix = parseSuffix(grammar);
    if (suffix === null) return kind;
    kind = suffix;
  }
}

function parseSuffix(grammar: Grammar): PrefixKind | null {
  const { cursor } = grammar;
  switch (cursor.kind) {
    case '.':
      cursor.advance();
      cursor.expectName();
      return 'field';
    case '[':
      cursor.advance();
      parseExpression(grammar);
      cursor.expect(']');
      return 'field';
    case ':':
      cursor.advance();
      cursor.expectName();
      parseInstantiation(grammar);
      parseArguments(grammar);
      return 'call';
    case '<':
      return parseInstantiation(grammar) ? 'group' : null;
    case '(':
    case '{':
    case '<string>':
    case '<interpolated>':
    case '<interpolated begin>':
      parseArguments(grammar);
      return 'call';
    default:
      return null;
  }
}

/** `f<<T>>(…)`: the second `<` follows at once, which no comparison has. */
function parseInstantiation(grammar: Grammar): boolean {
  const { cursor } = grammar;
  if (!cursor.is('<') || cursor.peek(1) !== '<' || cursor.start(1) !== cursor.end()) return false;
  cursor.advance();
  parseTypeArguments(grammar);
  cursor.expect('>');
  return true;
}

function parseArguments(grammar: Grammar): void {
  const { cursor } = grammar;
  if (!cursor.take('(')) {
    parseSimple(grammar);
  } else if (!cursor.take(')')) {
    parseExpressionList(grammar);
    cursor.expect(')');
  }
}
