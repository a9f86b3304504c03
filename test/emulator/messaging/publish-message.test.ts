import { describe, expect, it } from 'vitest';
import { gatewayBody, useEmulators, v2Body } from '../emulator-session.ts';

const start = useEmulators();
const PUBLISH = '/cloud/v2/universes/11:publishMessage';
const topicMessage = 'topic must be a string of 1 to 80 characters.';

describe('publishMessage', () => {
  it('answers an empty object, with the headers of 5,000 requests a minute', async () => {
    const { post } = await start();
    const reply = await post(PUBLISH, { topic: 'é'.repeat(80), message: 'é'.repeat(512) });
    expect(reply.status).toBe(200);
    expect(reply.text).toBe('{}');
    expect(reply.headers.get('x-ratelimit-limit')).toBe('5000, 5000;w=60');
    expect(reply.headers.get('x-ratelimit-remaining')).toBe('4999, 4999');
  });

  it.each([
    ['no topic', { message: 'm' }, topicMessage],
    ['an empty topic', { topic: '', message: 'm' }, topicMessage],
    ['a topic of 81 characters', { topic: 'é'.repeat(81), message: 'm' }, topicMessage],
    ['a topic that is none', { topic: 1, message: 'm' }, topicMessage],
    ['no message', { topic: 't' }, 'message must be a string.'],
    ['a message that is no text', { topic: 't', message: {} }, 'message must be a string.'],
    [
      'a message over 1 KiB',
      { topic: 't', message: `${'é'.repeat(512)}x` },
      'message is 1025 bytes long, at most 1024 are allowed.',
    ],
    ['a body that is no object', '[]', 'The request body must be a JSON object.'],
    ['a body that is no JSON', '{', 'The request body is not valid JSON.'],
  ])('refuses %s', async (_name, body, message) => {
    const { post } = await start();
    const reply = await post(PUBLISH, body);
    expect(reply.status).toBe(400);
    expect(reply.json).toEqual(v2Body('INVALID_ARGUMENT', message));
  });

  it('refuses other ids, methods and keys, and knows no other verb', async () => {
    const { post, get, send } = await start({ apiKey: 'test-key' });
    const body = { topic: 't', message: 'm' };
    expect((await post('/cloud/v2/universes/0:publishMessage', body)).json).toEqual(
      v2Body('INVALID_ARGUMENT', 'universeId in the path must be a positive whole number.'),
    );
    const wrong = await get(PUBLISH);
    expect([wrong.status, wrong.headers.get('allow')]).toEqual([405, 'POST']);
    expect((await send('POST', PUBLISH, { headers: { 'x-api-key': 'other' }, body: '{}' })).status).toBe(401);
    const unknown = await post('/cloud/v2/universes/11:restartServers', body);
    expect([unknown.status, unknown.json]).toEqual([404, gatewayBody('NotFound')]);
  });

  it('can be let go wrong', async () => {
    const { post, emulator } = await start({
      faults: [{ request: 'publishMessage', nth: 2, do: { answer: { status: 503 } } }],
    });
    const body = { topic: 't', message: 'm' };
    expect((await post(PUBLISH, body)).status).toBe(200);
    expect((await post(PUBLISH, body)).status).toBe(503);
    expect(emulator.unmetFaults()).toEqual([]);
  });
});
