import { describe, expect, it } from 'vitest';
import { type Reply, type Session, useEmulators, v2Body } from './emulator-session.ts';

const start = useEmulators();
const MEMORY = '/cloud/v2/universes/11/memory-store';
const MAP = `${MEMORY}/sorted-maps/scores/items`;
const QUEUE = `${MEMORY}/queues/jobs/items`;
const INVALID = 'INVALID_ARGUMENT';

const patch = ({ send }: Session, path: string, body: unknown) =>
  send('PATCH', path, { headers: { 'x-api-key': 'k' }, body: JSON.stringify(body) });
const brief = ({ status, json }: Reply) => ({ status, code: json.code ?? null });

/** The ids of a list's items, and whether there is a page after it. */
function idsOf({ json }: Reply) {
  const items: unknown[] = Array.isArray(json.items) ? json.items : [];
  return items.map((item) => (typeof item === 'object' && item && 'id' in item ? item.id : item)).join(' ');
}

describe('one item of a sorted map', () => {
  it('is created, read, changed and deleted', async () => {
    const session = await start();
    const { get, post, send } = session;
    const item = {
      path: 'cloud/v2/universes/11/memory-store/sorted-maps/scores/items/a',
      id: 'a',
      value: { n: [1, null] },
      etag: expect.any(String),
      expireTime: '2026-11-21T09:00:03Z',
      numericSortKey: 0,
    };
    const created = await post(`${MAP}?id=a`, { value: { n: [1, null] }, ttl: '3s', numericSortKey: 0 });
    expect(created).toMatchObject({ status: 200, json: item });
    expect(created.json).toEqual(item);
    expect(created.headers.get('x-ratelimit-limit')).toBe('1000000, 1000000;w=60');
    expect((await get(`${MAP}/a`)).json).toEqual(created.json);
    const changed = await patch(session, `${MAP}/a`, {
      value: false,
      stringSortKey: '',
      numericSortKey: null,
    });
    const { numericSortKey: _, ...rest } = item;
    expect(changed.json).toEqual({ ...rest, value: false, stringSortKey: '' });
    expect(changed.json.etag).not.toBe(created.json.etag);
    expect(await send('DELETE', `${MAP}/a`)).toMatchObject({ status: 200, text: '{}' });
    for (const reply of [await get(`${MAP}/a`), await send('DELETE', `${MAP}/a`)]) {
      expect(reply).toMatchObject({
        status: 404,
        json: v2Body('NOT_FOUND', 'The sorted map has no item with this id.'),
      });
    }
  });

  it('is not created twice', async () => {
    const { post, get } = await start();
    await post(`${MAP}?id=a`, { value: 1 });
    expect(await post(`${MAP}?id=a`, { value: 2 })).toMatchObject({
      status: 409,
      json: v2Body('ALREADY_EXISTS', 'The sorted map has an item with this id.'),
    });
    expect((await get(`${MAP}/a`)).json).toMatchObject({ value: 1, expireTime: '2027-01-05T09:00:00Z' });
  });

  it('is created by an update only with allowMissing', async () => {
    const session = await start();
    expect(brief(await patch(session, `${MAP}/a`, { value: 1 }))).toEqual({ status: 404, code: 'NOT_FOUND' });
    expect(brief(await patch(session, `${MAP}/a?allowMissing=false`, { value: 1 }))).toMatchObject({
      status: 404,
    });
    expect(brief(await patch(session, `${MAP}/a?allowMissing=true`, {}))).toEqual({
      status: 400,
      code: INVALID,
    });
    expect((await patch(session, `${MAP}/a?allowMissing=true`, { value: 1 })).json).toMatchObject({
      id: 'a',
      value: 1,
    });
  });

  it('keeps what an update does not name', async () => {
    const session = await start();
    const { json } = await session.post(`${MAP}?id=a`, { value: 1, ttl: '60s', stringSortKey: 's' });
    await session.clock.advance(1000);
    const { etag, ...kept } = json;
    expect((await patch(session, `${MAP}/a`, { numericSortKey: null })).json).toEqual({
      ...kept,
      etag: expect.not.stringMatching(String(etag)),
    });
    expect((await patch(session, `${MAP}/a`, { ttl: '60s' })).json).toMatchObject({
      value: 1,
      stringSortKey: 's',
      expireTime: '2026-11-21T09:01:01Z',
    });
    expect((await patch(session, `${MAP}/a`, { numericSortKey: 5 })).json).not.toHaveProperty(
      'stringSortKey',
    );
  });

  it('expires to the millisecond, whatever the wall clock does', async () => {
    const { post, get, clock } = await start();
    await post(`${MAP}?id=a`, { value: 1, ttl: '1.5s' });
    clock.jumpWall(3_600_000);
    await clock.advance(1499);
    expect((await get(`${MAP}/a`)).status).toBe(200);
    await clock.advance(1);
    expect((await get(`${MAP}/a`)).status).toBe(404);
    expect((await post(`${MAP}?id=a`, { value: 1 })).status).toBe(200);
  });

  it('belongs to its map, and the map to its universe', async () => {
    const { post, get } = await start();
    await post(`${MAP}?id=a`, { value: 1 });
    expect((await get(`${MEMORY}/sorted-maps/Scores/items/a`)).status).toBe(404);
    expect((await get(`${MAP}/a`.replace('/11/', '/12/'))).status).toBe(404);
    expect((await get(`${MAP}/A`)).status).toBe(404);
  });

  it('may have an id and a map with any characters, which are URL-encoded', async () => {
    const session = await start();
    const path = `${MEMORY}/sorted-maps/${encodeURIComponent('a/b ü')}/items`;
    const id = 'x/y?z:&%é😀';
    const { json } = await session.post(`${path}?id=${encodeURIComponent(id)}`, { value: 1 });
    expect(json).toMatchObject({ id, path: `${path.slice(1)}/${encodeURIComponent(id)}` });
    expect((await session.get(`/${String(json.path)}`)).json).toEqual(json);
    expect((await patch(session, `/${String(json.path)}`, { value: 2 })).json).toMatchObject({
      id,
      value: 2,
    });
    expect(brief(await session.get(`${path}/%zz`))).toEqual({ status: 400, code: INVALID });
  });

  it.each([1, 127])('may have an id of %i characters', async (length) => {
    const { post } = await start();
    expect((await post(`${MAP}?id=${'x'.repeat(length)}`, { value: 1 })).status).toBe(200);
  });

  it.each<[what: string, search: string, body: unknown, message: string]>([
    ['no id', '', { value: 1 }, 'InvalidRequest: the id has 0 characters, and may have 1 to 128'],
    [
      'a long id',
      `?id=${'x'.repeat(128)}`,
      { value: 1 },
      'InvalidRequest: the id has 128 characters, and may have 1 to 127',
    ],
    ['no value', '?id=a', {}, 'InvalidRequest: an item needs a value that is not null'],
    ['null', '?id=a', { value: null }, 'InvalidRequest: an item needs a value that is not null'],
    [
      'a deep value',
      '?id=a',
      `{"value":${'['.repeat(501)}${']'.repeat(501)}}`,
      'InvalidRequest: the value is nested deeper than 500 levels',
    ],
    [
      'a large value',
      '?id=a',
      { value: 'x'.repeat(32_767) },
      'ItemValueSizeTooLarge: the value is 32769 bytes of JSON, and may be 32768',
    ],
    [
      'two sort keys',
      '?id=a',
      { value: 1, numericSortKey: 1, stringSortKey: 'x' },
      'InvalidRequest: stringSortKey and numericSortKey do not go together',
    ],
    [
      'a sort key of no text',
      '?id=a',
      { value: 1, stringSortKey: 1 },
      'InvalidRequest: stringSortKey must be text',
    ],
    [
      'a sort key of no number',
      '?id=a',
      { value: 1, numericSortKey: '1' },
      'InvalidRequest: numericSortKey must be a finite number',
    ],
    [
      'an endless sort key',
      '?id=a',
      '{"value":1,"numericSortKey":1e400}',
      'InvalidRequest: numericSortKey must be a finite number',
    ],
    [
      'a long sort key',
      '?id=a',
      { value: 1, stringSortKey: 'x'.repeat(129) },
      'InvalidRequest: the sort key has 129 characters, and may have at most 128',
    ],
    ...['0s', '3888001s', '3', 's', '-1s', 5].map((ttl): [string, string, unknown, string] => [
      `the ttl ${ttl}`,
      '?id=a',
      { value: 1, ttl },
      'ttl must be a duration such as "3s", above 0 and at most 3888000 seconds.',
    ]),
    ['no JSON', '?id=a', 'x', 'The request body is not valid JSON.'],
  ])('%s is refused', async (_what, search, body, message) => {
    const { post, get } = await start();
    expect(await post(`${MAP}${search}`, body)).toMatchObject({
      status: 400,
      json: v2Body(INVALID, message),
    });
    expect((await get(`${MAP}?maxPageSize=100`)).json).toEqual({ items: [] });
  });

  it.each([
    ['0.001s', '2026-11-21T09:00:00.001Z'],
    ['3888000s', '2027-01-05T09:00:00Z'],
  ])('may live for %s', async (ttl, expireTime) => {
    const { post } = await start();
    expect((await post(`${MAP}?id=a`, { value: 'x'.repeat(32_766), ttl })).json).toMatchObject({
      expireTime,
    });
  });

  it('is refused in a body that is far too long, and with a flag that is none', async () => {
    const session = await start();
    expect((await session.post(`${MAP}?id=a`, { value: 'x'.repeat(300_000) })).status).toBe(413);
    expect(brief(await patch(session, `${MAP}/a?allowMissing=yes`, { value: 1 }))).toEqual({
      status: 400,
      code: INVALID,
    });
    expect(brief(await session.get(`${MAP}/a`.replace('/11/', '/x/')))).toEqual({
      status: 400,
      code: INVALID,
    });
  });
});

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

describe('a queue', () => {
  it('takes items, gives them and discards them', async () => {
    const { post, get } = await start();
    const created = await post(QUEUE, { data: { job: 1 }, priority: 1.5, ttl: '60s' });
    expect(created.status).toBe(200);
    expect(created.json).toEqual({
      path: `cloud/v2/universes/11/memory-store/queues/jobs/items/${String(created.json.id)}`,
      id: expect.stringMatching(/^\w+$/),
      data: { job: 1 },
      priority: 1.5,
      expireTime: '2026-11-21T09:01:00Z',
    });
    await post(QUEUE, { data: 'second' });
    const first = await get(`${QUEUE}:read`);
    expect(first.json).toEqual({ readId: expect.any(String), items: [created.json] });
    const second = await get(`${QUEUE}:read?count=5`);
    expect(second.json.items).toMatchObject([
      { data: 'second', priority: 0, expireTime: '2027-01-05T09:00:00Z' },
    ]);
    expect(await post(`${QUEUE}:discard`, { readId: first.json.readId })).toMatchObject({
      status: 200,
      text: '{}',
    });
    expect((await get(`${QUEUE}:read?count=5`)).json).toEqual({ readId: expect.any(String), items: [] });
  });

  it('shows again what was not discarded in time', async () => {
    const { post, get, clock } = await start();
    await post(QUEUE, { data: 'a' });
    const { json } = await get(`${QUEUE}:read?invisibilityWindow=3s`);
    await clock.advance(2_999);
    expect((await get(`${QUEUE}:read`)).json.items).toEqual([]);
    await clock.advance(1);
    await post(`${QUEUE}:discard`, { readId: json.readId });
    expect((await get(`${QUEUE}:read`)).json.items).toMatchObject([{ data: 'a' }]);
    await clock.advance(29_999);
    expect((await get(`${QUEUE}:read`)).json.items).toEqual([]);
    await clock.advance(1);
    expect((await get(`${QUEUE}:read`)).json.items).toMatchObject([{ data: 'a' }]);
  });

  it('gives all or nothing', async () => {
    const { post, get } = await start();
    await post(QUEUE, { data: 'a' });
    expect(await get(`${QUEUE}:read?count=2&allOrNothing=true`)).toMatchObject({
      status: 404,
      json: v2Body('NOT_FOUND', 'The queue has fewer than 2 items to read.'),
    });
    expect((await get(`${QUEUE}:read?count=2&allOrNothing=false`)).json.items).toMatchObject([{ data: 'a' }]);
  });

  it('gives 200 items at most', async () => {
    const { post, get } = await start();
    await Promise.all(Array.from({ length: 201 }, (_, data) => post(QUEUE, { data })));
    expect((await get(`${QUEUE}:read?count=201`)).json.items).toHaveLength(200);
    expect((await get(`${QUEUE}:read?count=1000`)).json.items).toHaveLength(1);
  });

  it.each(['count=0', 'count=x', 'allOrNothing=1', 'invisibilityWindow=0s', 'invisibilityWindow=3'])(
    'a read with %s is refused',
    async (search) => {
      const { get } = await start();
      expect(brief(await get(`${QUEUE}:read?${search}`))).toEqual({ status: 400, code: INVALID });
    },
  );

  it.each([
    ['', {}],
    ['', { data: null }],
    ['', { data: 1, ttl: '0s' }],
    ['', { data: 1, priority: 'high' }],
    ['', '{"data":1,"priority":1e400}'],
    ['', { data: 'x'.repeat(32_767) }],
    [':discard', {}],
    [':discard', { readId: '' }],
    [':discard', { readId: 5 }],
  ])('%s with %j is refused', async (action, body) => {
    const { post } = await start();
    expect(brief(await post(`${QUEUE}${action}`, body))).toEqual({ status: 400, code: INVALID });
  });
});

describe('the limits of a universe', () => {
  it('are 1000 request units a minute of the clock, a list and a read costing one for each item', async () => {
    const { post, get, clock } = await start();
    await clock.advance(30_000);
    for (const id of ['a', 'b', 'c', 'd', 'e']) await post(`${MAP}?id=${id}`, { value: 1 });
    for (let data = 0; data < 5; data++) await post(QUEUE, { data });
    await get(`${MAP}?maxPageSize=4`);
    await get(`${QUEUE}:read?count=3`);
    await get(`${MAP}?filter=id<"a"`);
    await get(`${QUEUE}:read?count=9&allOrNothing=true`);
    await Promise.all(Array.from({ length: 980 }, () => get(`${MAP}/a`)));
    expect((await get(`${MAP}?maxPageSize=2`)).status).toBe(429);
    expect((await get(`${MAP}/a`)).status).toBe(200);
    const refused = await get(`${MAP}/a`);
    const message =
      'TotalRequestsOverLimit: a universe has 1000 request units a minute, and 1000 of them are used';
    expect(refused).toMatchObject({ status: 429, json: v2Body('RESOURCE_EXHAUSTED', message) });
    expect((await get(`${MAP}/a`.replace('/11/', '/12/'))).status).toBe(404);
    await clock.advance(29_999);
    expect((await get(`${MAP}/a`)).status).toBe(429);
    await clock.advance(1);
    expect((await get(`${MAP}/a`)).status).toBe(200);
  });

  it('are 65536 bytes', async () => {
    const { post } = await start();
    const half = 'x'.repeat(32_766);
    await post(QUEUE, { data: half });
    expect((await post(`${MAP}?id=a`, { value: half.slice(1) })).status).toBe(200);
    const message = 'TotalMemoryOverLimit: a universe may keep 65536 bytes, and this would make it 65537';
    expect(await post(QUEUE, { data: 1 })).toMatchObject({
      status: 429,
      json: v2Body('RESOURCE_EXHAUSTED', message),
    });
  });
});

describe('faults', () => {
  it('meet requests for memory', async () => {
    const { get, emulator } = await start({
      faults: [
        { request: 'getSortedMapItem', do: { answer: { status: 503 } } },
        { request: 'listSortedMapItems', do: { patch: { nextPageToken: 'again' } } },
      ],
    });
    expect([(await get(`${MAP}/a`)).status, (await get(`${MAP}/a`)).status]).toEqual([503, 404]);
    expect((await get(MAP)).json).toEqual({ items: [], nextPageToken: 'again' });
    expect(emulator.unmetFaults()).toEqual([]);
  });
});
