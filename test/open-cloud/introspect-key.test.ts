import { expect, test } from 'vitest';
import { OPERATIONS } from '../../src/open-cloud/operations.ts';
import { answer, exchangeError } from './answers.ts';
import { useClients } from './client-session.ts';

const open = useClients();

test('the key goes to the API alone, in the body alone, and into no trace', async () => {
  const { client, requests, traces } = open([answer(200, { name: 'mine', enabled: true })]);
  expect(await client.introspectKey()).toMatchObject({ name: 'mine', isEnabled: true, scopes: null });
  expect(requests).toHaveLength(1);
  expect(requests[0]).toMatchObject({
    method: 'POST',
    url: new URL('https://apis.roblox.com/api-keys/v1/introspect'),
    body: '{"apiKey":"the-key"}',
    limits: OPERATIONS.introspectKey.limits,
  });
  expect(requests[0]?.headers).not.toHaveProperty('x-api-key');
  expect(traces).toMatchObject([{ url: 'https://apis.roblox.com/api-keys/v1/introspect', status: 200 }]);
  expect(JSON.stringify(traces)).not.toContain('the-key');
});

test.each([
  [401, { errors: [{ code: 0, message: 'Invalid API Key' }] }, 'auth'],
  [403, { code: 'PERMISSION_DENIED', message: 'no' }, 'auth'],
  [400, {}, 'usage'],
  [404, {}, 'not_found'],
])('HTTP %s is final', async (status, body, kind) => {
  const { client } = open([answer(status, body)]);
  await expect(client.introspectKey()).rejects.toMatchObject({ kind, httpStatus: status });
});

test('a redirect is not followed, so that the key goes nowhere else', async () => {
  const { client } = open([answer(307, '', { location: 'https://elsewhere.example/introspect' })]);
  await expect(client.introspectKey()).rejects.toMatchObject({ id: 'LX530' });
});

test('a limit is not waited for', async () => {
  const { client, clock } = open([answer(429, {}, { 'retry-after': '5' })]);
  await expect(client.introspectKey()).rejects.toMatchObject({ id: 'LX429' });
  expect(clock.sleeps).toEqual([]);
});

test('a service that is down is asked three times', async () => {
  const down = exchangeError('connect', { wasSent: false });
  const { client } = open([down, answer(503), down]);
  await expect(client.introspectKey()).rejects.toMatchObject({ kind: 'unavailable' });
});

test('a read may be given less patience than two minutes', async () => {
  const { client, clock, requests } = open(Array.from({ length: 4 }, () => answer(503)));
  const startMs = clock.now();
  const path = { universeId: '1', placeId: '2', versionId: '1', sessionId: 's', taskId: 't' };
  await expect(client.getTask(path, { patienceMs: 5_000 })).rejects.toMatchObject({ kind: 'unavailable' });
  expect(clock.now() - startMs).toBeLessThan(5_000);
  expect(requests.length).toBeGreaterThan(1);
});
