import { describe, expect, it } from 'vitest';
import { useEmulators, v2Body } from './emulator-session.ts';
import { MAP, QUEUE } from './memory-store-session.ts';

const start = useEmulators();

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
