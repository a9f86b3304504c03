import { expect, test } from 'vitest';
import { parseKeyInfo, readGrant } from '../../src/open-cloud/key-info.ts';
import { OPERATIONS } from '../../src/open-cloud/operations.ts';
import { gatewayBody, useEmulators, v2Body } from './emulator-session.ts';

const start = useEmulators();
const PATH = '/api-keys/v1/introspect';

test.each([
  ['any key, where none is set', undefined],
  ['the key that is set', 'right'],
])('%s is enabled and may do all that this tool does, everywhere', async (_name, apiKey) => {
  const { send } = await start(apiKey === undefined ? {} : { apiKey });
  const reply = await send('POST', PATH, { headers: {}, body: '{"apiKey":"right"}' });
  expect(reply.status).toBe(200);
  expect(reply.json).toEqual({
    name: 'luau-exec emulator',
    authorizedUserId: 1,
    scopes: [
      {
        name: 'universe.place.luau-execution-session',
        operations: ['read', 'write'],
        universeIds: ['*'],
      },
      { name: 'universe-places', operations: ['write'], universeIds: ['*'] },
      { name: 'memory-store.sorted-map', operations: ['write'], universeIds: ['*'] },
      { name: 'memory-store.queue', operations: ['dequeue', 'discard'], universeIds: ['*'] },
    ],
    enabled: true,
    expired: false,
  });
  const { scopes } = parseKeyInfo(reply.text);
  for (const scope of Object.values(OPERATIONS).flatMap((operation) => operation.scopes)) {
    expect(readGrant(scopes, scope, '11')).toEqual({ isGranted: true, hasUniverse: true });
  }
});

test('another key is refused, whatever the header says', async () => {
  const { send } = await start({ apiKey: 'right' });
  const reply = await send('POST', PATH, { headers: { 'x-api-key': 'right' }, body: '{"apiKey":"wrong"}' });
  expect([reply.status, reply.json]).toEqual([401, gatewayBody('Invalid API Key')]);
});

test.each(['{}', '{"apiKey":""}', '{"apiKey":5}', '[]', 'key', ''])(
  'the body %j is refused',
  async (body) => {
    const { send } = await start();
    const reply = await send('POST', PATH, { headers: {}, body });
    expect([reply.status, reply.json]).toEqual([400, v2Body('INVALID_ARGUMENT', expect.any(String))]);
  },
);

test('every answer has the date of the clock', async () => {
  const { send, clock } = await start();
  clock.jumpWall(3_600_000);
  const { headers } = await send('POST', PATH, { headers: {}, body: '{"apiKey":"a"}' });
  expect(headers.get('date')).toBe('Sat, 21 Nov 2026 10:00:00 GMT');
});
