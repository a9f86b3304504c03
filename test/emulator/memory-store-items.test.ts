import { describe, expect, it } from 'vitest';
import { useEmulators, v2Body } from './emulator-session.ts';
import { brief, INVALID, MAP, patch } from './memory-store-session.ts';

const start = useEmulators();

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
    expect((await get(`${MAP.replace('scores', 'Scores')}/a`)).status).toBe(404);
    expect((await get(`${MAP}/a`.replace('/11/', '/12/'))).status).toBe(404);
    expect((await get(`${MAP}/A`)).status).toBe(404);
  });

  it('may have an id and a map with any characters, which are URL-encoded', async () => {
    const session = await start();
    const path = MAP.replace('scores', encodeURIComponent('a/b ü'));
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
