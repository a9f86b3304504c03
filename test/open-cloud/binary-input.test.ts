import { expect, test } from 'vitest';
import { createBinaryInputRequest } from '../../src/open-cloud/requests.ts';
import { answer, exchangeError } from './answers.ts';
import { useClients } from './client-session.ts';

const open = useClients();
const PATH = 'universes/11/luau-execution-session-task-binary-inputs/3f6c-1';
const URI = 'https://store.example/x?signature=s';
const WANTED = { universeId: '11', sizeBytes: 5 };
const good = (fields: Record<string, unknown> = {}) =>
  answer(200, { path: PATH, size: 5, uploadUri: URI, ...fields });

test('the request', () => {
  expect(createBinaryInputRequest(WANTED)).toEqual({
    operation: 'createBinaryInput',
    method: 'POST',
    path: '/cloud/v2/universes/11/luau-execution-session-task-binary-inputs',
    query: {},
    body: '{"size":5}',
  });
});

test.each(['1/../2', '1?x', '-1', '1e3', '０１', '', '..'])('the universe %j is in no URL', (universeId) => {
  const refused = expect.objectContaining({ id: 'LX005', kind: 'usage' });
  expect(() => createBinaryInputRequest({ universeId, sizeBytes: 5 })).toThrow(refused);
});

test.each([
  [0, 'the binary input is empty'],
  [-1, 'the size of a binary input is a whole number of bytes'],
  [1.5, 'the size of a binary input is a whole number of bytes'],
  [Number.NaN, 'the size of a binary input is a whole number of bytes'],
  [104_857_601, 'the binary input is 100.1 MiB, Open Cloud accepts 100 MiB'],
  [300 * 1024 * 1024, 'the binary input is 300.0 MiB, Open Cloud accepts 100 MiB'],
])('the size %s is never sent', async (sizeBytes, message) => {
  const { client } = open([]);
  const error = { id: 'LX015', kind: 'usage', message };
  await expect(client.createBinaryInput({ universeId: '11', sizeBytes })).rejects.toMatchObject(error);
});

test.each([1, 104_857_600])('the size %s is', async (sizeBytes) => {
  const { client } = open([good({ size: sizeBytes })]);
  const slot = await client.createBinaryInput({ universeId: '11', sizeBytes });
  expect(slot.sizeBytes).toBe(sizeBytes);
});

test('a slot knows when it was given out; the key goes to the API', async () => {
  const { client, clock, requests } = open([answer(503), good()]);
  const slot = await client.createBinaryInput(WANTED);
  expect(slot).toEqual({ ...WANTED, path: PATH, uploadUri: URI, createdAtMs: clock.now() });
  expect(clock.sleeps).toEqual([1_000]);
  expect(requests.map(({ headers }) => headers['x-api-key'])).toEqual(['the-key', 'the-key']);
  expect(requests[0]?.limits).toMatchObject({
    connectMs: 10_000,
    headersMs: 15_000,
    bodyMs: 10_000,
    attemptMs: 20_000,
  });
});

test.each([['5'], [undefined]])('a size that comes back as %j is believed', async (size) => {
  const { client } = open([good({ size })]);
  expect(await client.createBinaryInput(WANTED)).toMatchObject({ path: PATH, sizeBytes: 5 });
});

const lost = exchangeError('reset', { wasSent: true });

test.each([
  ['a lost answer', lost],
  ['a time-out', exchangeError('timeout', { wasSent: true })],
  ['HTTP 500', answer(500)],
  ['HTML', answer(200, '<html><title>Sign in</title></html>', { 'content-type': 'text/html' })],
  ['another universe', good({ path: PATH.replace('11', '12') })],
  ['another size', good({ size: 6 })],
  ['a path that leads elsewhere', good({ path: `${PATH}/../x` })],
  ['no URI', good({ uploadUri: '' })],
])('%s is followed by another try, as a slot too many does no harm', async (_name, first) => {
  const { client, waits, onWait } = open([first, good()]);
  await client.createBinaryInput(WANTED, { onWait });
  expect(waits).toMatchObject([{ operation: 'createBinaryInput', reason: 'retry', waitMs: 1_000 }]);
});

test('it is given up after three retries', async () => {
  const { client, waits, onWait } = open([lost, answer(502), lost, answer(500)]);
  await expect(client.createBinaryInput(WANTED, { onWait })).rejects.toMatchObject({
    id: 'LX503',
    kind: 'unavailable',
  });
  expect(waits.map(({ waitMs }) => waitMs)).toEqual([1_000, 2_000, 4_000]);
});

test.each([
  [400, 'LX400', 'usage'],
  [401, 'LX401', 'auth'],
  [403, 'LX403', 'auth'],
  [404, 'LX404', 'not_found'],
])('HTTP %i is final', async (status, id, kind) => {
  const { client } = open([answer(status)]);
  await expect(client.createBinaryInput(WANTED)).rejects.toMatchObject({ id, kind, httpStatus: status });
});

test('a universe that is not there is named', async () => {
  const { client } = open([answer(404)]);
  const message = 'universe 11 was not found, or the key may not see it (404)';
  await expect(client.createBinaryInput(WANTED)).rejects.toMatchObject({ message });
});

test('the sixth in a minute waits for the window, as long as it may', async () => {
  const limited = answer(429, {}, { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '38' });
  const { client, waits, onWait } = open([limited, good()]);
  await client.createBinaryInput(WANTED, { onWait });
  expect(waits).toMatchObject([{ reason: 'rate_limit', waitMs: 38_350 }]);
  const impatient = open([limited]);
  await expect(impatient.client.createBinaryInput(WANTED, { queueTimeoutMs: 30_000 })).rejects.toMatchObject({
    id: 'LX429',
  });
});

test('a redirect is not followed', async () => {
  const { client } = open([answer(307, '', { location: 'https://elsewhere.example/' })]);
  await expect(client.createBinaryInput(WANTED)).rejects.toMatchObject({ id: 'LX530' });
});
