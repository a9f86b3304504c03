import { describe, expect, it } from 'vitest';
import { useEmulators, v2Body } from './emulator-session.ts';
import { brief, INVALID, QUEUE } from './memory-store-session.ts';

const start = useEmulators();

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
