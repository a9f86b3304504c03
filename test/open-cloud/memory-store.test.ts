import { describe, expect, test } from 'vitest';
import { answer, exchangeError } from './answers.ts';
import { useClients } from './client-session.ts';

const open = useClients();
const QUEUE = { universeId: '11', queue: 'luau-exec-live-abc-1' };
const ITEM = { universeId: '11', map: 'luau-exec-control', id: 'abc-1', value: true, ttlSeconds: 600 };
const PATIENT = { patienceMs: 20_000 };
const STORE = 'https://apis.roblox.com/cloud/v2/universes/11/memory-store';

describe('an item of a sorted map', () => {
  test('is set whether it was there or not, with the key in the header', async () => {
    const { client, requests } = open([answer(200, { id: 'abc-1' })]);
    await client.memoryStore.setSortedMapItem(ITEM, PATIENT);
    expect(requests).toMatchObject([
      {
        method: 'PATCH',
        url: new URL(`${STORE}/sorted-maps/luau-exec-control/items/abc-1?allowMissing=true`),
        headers: { 'x-api-key': 'the-key', 'content-type': 'application/json' },
        body: '{"value":true,"ttl":"600s"}',
      },
    ]);
  });

  test.each([
    ['an empty body', answer(200, '')],
    ['a page', answer(200, '<html></html>', { 'content-type': 'text/html' })],
  ])('is set where the answer is %s', async (_, response) => {
    const { client } = open([response]);
    await expect(client.memoryStore.setSortedMapItem(ITEM, PATIENT)).resolves.toBeUndefined();
  });

  test('is set again where the answer was lost, because twice is as good as once', async () => {
    const lost = exchangeError('reset', { wasSent: true });
    const { client } = open([lost, answer(503), answer(200, {})]);
    await client.memoryStore.setSortedMapItem(ITEM, PATIENT);
  });

  test('that the memory has no room for is a limit, and no place that is full', async () => {
    const { client } = open(
      Array.from({ length: 4 }, () => answer(429, { code: 'RESOURCE_EXHAUSTED', message: 'full' })),
    );
    await expect(client.memoryStore.setSortedMapItem(ITEM, PATIENT)).rejects.toMatchObject({
      id: 'LX429',
      kind: expect.stringMatching(/throttled|unavailable/),
    });
  });

  test.each([
    ['universe', { universeId: '1/x' }],
    ['map', { map: 'a/b' }],
    ['id', { id: '..?' }],
    ['longer id', { id: 'a'.repeat(128) }],
  ])('of a %s that would change the URL is not sent', async (_, change) => {
    const { client } = open([]);
    await expect(client.memoryStore.setSortedMapItem({ ...ITEM, ...change }, PATIENT)).rejects.toThrow();
  });
});

describe('a queue', () => {
  test('is read in front, and what was read is kept from others for a while', async () => {
    const items = [{ data: [1, ['a', 0, 5]] }, { data: 'b' }];
    const { client, requests } = open([answer(200, { readId: 'r1', items })]);
    expect(await client.memoryStore.readQueue(QUEUE, PATIENT)).toEqual({
      readId: 'r1',
      values: [[1, ['a', 0, 5]], 'b'],
    });
    expect(requests[0]?.url.href).toBe(
      `${STORE}/queues/luau-exec-live-abc-1/items:read?count=200&invisibilityWindow=5s`,
    );
  });

  test.each<[unknown, unknown]>([
    [{}, { readId: '', values: [] }],
    [
      { readId: null, items: null },
      { readId: '', values: [] },
    ],
    [
      { readId: 5, items: 'x' },
      { readId: '', values: [] },
    ],
    [
      { readId: 'r', items: [null, 5, [], {}, { data: 0 }] },
      { readId: 'r', values: [null, null, null, null, 0] },
    ],
  ])('that answers %j is taken as far as it makes sense', async (body, reading) => {
    const { client } = open([answer(200, body)]);
    expect(await client.memoryStore.readQueue(QUEUE, PATIENT)).toEqual(reading);
  });

  test('gives up what was read by its read id', async () => {
    const { client, requests } = open([answer(200, '')]);
    await client.memoryStore.discardQueueItems(QUEUE, 'r1', PATIENT);
    expect(requests).toMatchObject([
      {
        method: 'POST',
        url: new URL(`${STORE}/queues/luau-exec-live-abc-1/items:discard`),
        body: '{"readId":"r1"}',
      },
    ]);
  });

  test('is not read for longer than the caller has patience', async () => {
    const { client, clock } = open(Array.from({ length: 2 }, () => answer(503)));
    const startMs = clock.now();
    await expect(client.memoryStore.readQueue(QUEUE, { patienceMs: 1_200 })).rejects.toMatchObject({
      id: 'LX503',
    });
    expect(clock.now() - startMs).toBeLessThan(1_200);
  });
});
