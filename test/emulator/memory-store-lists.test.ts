import { describe, expect, it } from 'vitest';
import { type Reply, useEmulators } from './emulator-session.ts';
import { brief, INVALID, MAP } from './memory-store-session.ts';

const start = useEmulators();

/** The ids of a list's items. */
function idsOf({ json }: Reply) {
  const items: unknown[] = Array.isArray(json.items) ? json.items : [];
  return items.map((item) => (typeof item === 'object' && item && 'id' in item ? item.id : item)).join(' ');
}

describe('a list of a sorted map', () => {
  async function startFilled() {
    const session = await start();
    const keys: [string, object][] = [
      ['k2', { numericSortKey: 0 }],
      ['k1', { numericSortKey: -1 }],
      ['k5', { numericSortKey: 10 }],
      ['k4', { numericSortKey: 10 }],
      ['k6', { stringSortKey: 'text' }],
      ['k7', { stringSortKey: 'other' }],
      ['k3', {}],
      ['k0', {}],
    ];
    for (const [id, sortKey] of keys) await session.post(`${MAP}?id=${id}`, { value: id, ...sortKey });
    return session;
  }

  it.each([
    ['', 'k1'],
    ['maxPageSize=3', 'k1 k2 k4'],
    ['maxPageSize=100', 'k1 k2 k4 k5 k7 k6 k0 k3'],
    ['maxPageSize=101', 'k1 k2 k4 k5 k7 k6 k0 k3'],
    ['maxPageSize=3&orderBy=id', 'k0 k1 k2'],
    ['maxPageSize=3&orderBy=id desc', 'k7 k6 k5'],
    ['maxPageSize=9&filter=id > "k3" && id < "k6"', 'k4 k5'],
    ['maxPageSize=9&filter=sortKey<10', 'k1 k2'],
    ['maxPageSize=9&filter=sortKey > -1.0e0 && id < "k5"', 'k2 k4'],
    ['maxPageSize=9&filter=sortKey > "other"', 'k6'],
    ['maxPageSize=9&filter=sortKey < "z"&orderBy=id', 'k6 k7'],
    ['maxPageSize=9&filter=id > "k\\u0036"', 'k7'],
    ['maxPageSize=9&filter= id>"k6"  ', 'k7'],
  ])('%s', async (search, ids) => {
    const { get } = await startFilled();
    const query = search.replaceAll('&&', '%26%26').replaceAll('"', '%22');
    expect(idsOf(await get(`${MAP}?${query}`))).toBe(ids);
  });

  it('comes in pages, also when what ended one is gone', async () => {
    const { get, send, post } = await startFilled();
    const path = `${MAP}?maxPageSize=3&orderBy=id+desc`;
    const first = await get(path);
    expect(idsOf(first)).toBe('k7 k6 k5');
    await send('DELETE', `${MAP}/k5`);
    await post(`${MAP}?id=k9`, { value: 1 });
    const second = await get(`${path}&pageToken=${String(first.json.nextPageToken)}`);
    expect(idsOf(second)).toBe('k4 k3 k2');
    const third = await get(`${path}&pageToken=${String(second.json.nextPageToken)}`);
    expect({ ids: idsOf(third), keys: Object.keys(third.json) }).toEqual({ ids: 'k1 k0', keys: ['items'] });
    for (const other of ['orderBy=id', `orderBy=id+desc&filter=id<"x"`]) {
      const reply = await get(`${MAP}?${other}&pageToken=${String(first.json.nextPageToken)}`);
      expect(brief(reply)).toEqual({ status: 400, code: INVALID });
    }
  });

  it('comes in pages in the order of the map', async () => {
    const { get } = await startFilled();
    const ids: string[] = [];
    for (let token = ''; ids.length < 9; ) {
      const page = await get(`${MAP}?pageToken=${token}`);
      ids.push(idsOf(page));
      if (page.json.nextPageToken === undefined) break;
      token = String(page.json.nextPageToken);
    }
    expect(ids.join(' ')).toBe('k1 k2 k4 k5 k7 k6 k0 k3');
  });

  it.each([
    'maxPageSize=0',
    'maxPageSize=-1',
    'maxPageSize=x',
    'orderBy=value',
    'orderBy=id asc',
    'pageToken=x',
    'pageToken=W10',
    'filter=value > 1',
    'filter=id > 5',
    'filter=id = "x"',
    'filter=id > "x" %26%26',
    'filter=id > "x" id < "y"',
    'filter=id > "x" || id < "y"',
    'filter=sortKey > 01',
    'filter=id > "\\x"',
    'filter=%20',
  ])('%s is refused', async (search) => {
    const { get } = await start();
    expect(brief(await get(`${MAP}?${search.replaceAll('"', '%22')}`))).toEqual({
      status: 400,
      code: INVALID,
    });
  });
});
