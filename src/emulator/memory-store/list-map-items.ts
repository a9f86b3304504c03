import type { JsonValue } from '../../open-cloud/task.ts';
import { createV2Refusal, type Refusal } from '../api-answers.ts';
import { parseItemFilter } from './item-filter.ts';
import { compareItems, compareText, type Position } from './item-order.ts';
import { readCutCount } from './memory-handler.ts';
import type { MapItem } from './sorted-map.ts';

export interface ListQuery {
  maxPageSize: number;
  /** As the request wrote them; a page token is good only with the same. */
  orderBy: string;
  filter: string;
  isMeant: (item: Position) => boolean;
  compare: (a: Position, b: Position) => number;
  /** The last item of the page before; null for the first page. */
  after: Position | null;
}

const MAX_PAGE_SIZE = 100;
/** Without a word the map's own order. */
const ORDERS: ReadonlyMap<string, ListQuery['compare']> = new Map([
  ['', compareItems],
  ['id', (a, b) => compareText(a.key, b.key)],
  ['id desc', (a, b) => compareText(b.key, a.key)],
]);

/** Reads the query of a request for a list. Throws a refusal (400) that names the parameter at fault. */
export function parseListQuery(query: URLSearchParams): ListQuery {
  const orderBy = query.get('orderBy') ?? '';
  const filter = query.get('filter') ?? '';
  const compare = ORDERS.get(orderBy);
  if (!compare) throw invalid('orderBy must be "id" or "id desc".');
  return {
    maxPageSize: readCutCount(query, 'maxPageSize', MAX_PAGE_SIZE),
    orderBy,
    filter,
    isMeant: parseItemFilter(filter),
    compare,
    after: parsePageToken(query.get('pageToken') ?? '', { orderBy, filter }),
  };
}

/** One page of a map's items. The page after it begins behind its last item, also when that is gone by then. */
export function listMapItems(
  items: readonly MapItem[],
  query: ListQuery,
): { items: MapItem[]; nextPageToken: string | null } {
  const { maxPageSize, isMeant, compare, after } = query;
  const rest = items
    .filter((item) => isMeant(item) && (after === null || compare(item, after) > 0))
    .sort(compare);
  const page = rest.slice(0, maxPageSize);
  const last = page.at(-1);
  return {
    items: page,
    nextPageToken: last && rest.length > page.length ? formatPageToken(last, query) : null,
  };
}

function formatPageToken({ key, sortKey }: Position, { orderBy, filter }: ListQuery): string {
  return Buffer.from(JSON.stringify([orderBy, filter, key, sortKey])).toString('base64url');
}

function parsePageToken(
  token: string,
  { orderBy, filter }: Pick<ListQuery, 'orderBy' | 'filter'>,
): Position | null {
  if (token === '') return null;
  const [tokenOrder, tokenFilter, key, sortKey = null] = decodePageToken(token);
  const isSortKey = sortKey === null || typeof sortKey === 'string' || typeof sortKey === 'number';
  if (tokenOrder !== orderBy || tokenFilter !== filter || typeof key !== 'string' || !isSortKey) {
    throw invalid('pageToken is not valid, or comes from a request with another orderBy or filter.');
  }
  return { key, sortKey };
}

function decodePageToken(token: string): JsonValue[] {
  try {
    const value: JsonValue = JSON.parse(Buffer.from(token, 'base64url').toString());
    return Array.isArray(value) ? value : [];
  } catch {
    return [];
  }
}

function invalid(message: string): Refusal {
  return createV2Refusal('INVALID_ARGUMENT', message);
}
