import { createV2Refusal } from '../api-answers.ts';
import { compareText, type Position } from './item-order.ts';

type ItemTest = (item: Position) => boolean;

// One comparison, and the `&&` before the next one.
const CLAUSE = /\s*(id|sortKey)\s*([<>])\s*("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)\s*(&&|$)/y;

/**
 * Reads a filter of a list: comparisons of `id` or `sortKey` with `<` or `>`, joined by `&&`; none lets everything
 * through. A sort key is compared with its own kind alone. Throws a refusal (400).
 */
export function parseItemFilter(filter: string): ItemTest {
  const tests: ItemTest[] = [];
  for (let at = 0, isOpen = filter !== ''; isOpen; ) {
    CLAUSE.lastIndex = at;
    const [clause = '', field = '', sign = '', literal = '', joint] = CLAUSE.exec(filter) ?? refuse();
    tests.push(createTest(field, sign, parseLiteral(literal)));
    at += clause.length;
    isOpen = joint === '&&';
  }
  return (item) => tests.every((test) => test(item));
}

function createTest(field: string, sign: string, wanted: string | number): ItemTest {
  if (field === 'id' && typeof wanted !== 'string') return refuse();
  const isMeant = (order: number) => (sign === '<' ? order < 0 : order > 0);
  return ({ key, sortKey }) => {
    const value = field === 'id' ? key : sortKey;
    if (typeof value === 'string' && typeof wanted === 'string') return isMeant(compareText(value, wanted));
    return typeof value === 'number' && typeof wanted === 'number' && isMeant(value - wanted);
  };
}

function parseLiteral(literal: string): string | number {
  try {
    const value: unknown = JSON.parse(literal);
    return typeof value === 'string' || typeof value === 'number' ? value : refuse();
  } catch {
    return refuse();
  }
}

function refuse(): never {
  const message =
    'filter must compare id or sortKey with < or >, joined by &&, as in id > "a" && sortKey < 5.';
  throw createV2Refusal('INVALID_ARGUMENT', message);
}
