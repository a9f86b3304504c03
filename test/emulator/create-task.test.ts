import { describe, expect, it } from 'vitest';
import { CREATE, PLACE, useEmulators, v2Body } from './emulator-session.ts';

const start = useEmulators();
const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
const AT_VERSION = (version: number | string) =>
  `/cloud/v2/${PLACE}/versions/${version}/luau-execution-session-tasks`;

describe('create task', () => {
  it('answers at once with an unfinished task that has a full path and no times', async () => {
    const { post } = await start({ headVersion: 7 });
    const reply = await post(CREATE, { script: 'quick' });
    expect(reply.status).toBe(200);
    expect(reply.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(reply.json).toEqual({
      path: expect.stringMatching(
        new RegExp(`^${PLACE}/versions/7/luau-execution-sessions/(${UUID})/tasks/\\1$`),
      ),
      user: '1',
      state: 'PROCESSING',
      script: '',
      timeout: '300s',
      binaryInput: '',
      enableBinaryOutput: false,
      binaryOutputUri: '',
    });
  });

  it.each([
    [1, 200, '/versions/1/'],
    [3, 200, '/versions/3/'],
  ])('creates at version %s', async (version, status, part) => {
    const { post } = await start({ headVersion: 3 });
    const reply = await post(AT_VERSION(version), { script: 'quick' });
    expect(reply.status).toBe(status);
    expect(reply.json.path).toContain(part);
  });

  it.each([4, '18446744073709551616'])('knows no version %s above head', async (version) => {
    const { post, luau } = await start({ headVersion: 3 });
    const reply = await post(AT_VERSION(version), { script: 'quick' });
    expect(reply.status).toBe(404);
    expect(reply.json).toEqual(v2Body('NOT_FOUND', `Version ${version} of place 22 was not found.`));
    expect(luau.jobs).toEqual([]);
  });

  it('hands the runner what the task asks for', async () => {
    const { create, clock, luau } = await start({ headVersion: 3 });
    const path = await create({ script: 'quick', timeout: '1.5s', enableBinaryOutput: true });
    expect(luau.jobs).toEqual([
      {
        script: 'quick',
        timeoutMs: 1500,
        clock,
        place: { universeId: '11', placeId: '22', placeVersion: 3, jobId: path.split('/').at(-1) },
        enableBinaryOutput: true,
        engine: expect.any(Function),
        onLog: expect.any(Function),
        signal: expect.any(AbortSignal),
      },
    ]);
  });

  it('starts the script only after the boot delay', async () => {
    const { create, clock, luau } = await start({ bootDelayMs: 4000 });
    await create({ script: 'quick' });
    await clock.advance(3999);
    expect(luau.jobs).toHaveLength(0);
    await clock.advance(1);
    expect(luau.jobs).toHaveLength(1);
  });
});

describe('what create refuses', () => {
  const timeoutMessage = 'timeout must be a duration from 1s to 300s.';
  const inputPath = 'universes/11/luau-execution-session-task-binary-inputs/none';
  it.each<[string, unknown, string]>([
    ['text', 'not JSON', 'The request body is not valid JSON.'],
    ['an empty body', '', 'The request body is not valid JSON.'],
    ['null', null, 'The request body must be a JSON object.'],
    ['a list', ['quick'], 'The request body must be a JSON object.'],
    ['no script', {}, 'script must be a non-empty string.'],
    ['an empty script', { script: '' }, 'script must be a non-empty string.'],
    ['a number as script', { script: 1 }, 'script must be a non-empty string.'],
    [
      'a script over 4 MiB in bytes, not characters',
      { script: 'é'.repeat(2 * 1024 * 1024 + 1) },
      'script is 4194306 bytes long, at most 4194304 are allowed.',
    ],
    ['a bare number as timeout', { script: 'quick', timeout: 60 }, timeoutMessage],
    ['a timeout without unit', { script: 'quick', timeout: '60' }, timeoutMessage],
    ['a timeout with a sign', { script: 'quick', timeout: '-60s' }, timeoutMessage],
    ['a timeout in minutes', { script: 'quick', timeout: '1m' }, timeoutMessage],
    ['a timeout below 1 s', { script: 'quick', timeout: '0.999s' }, timeoutMessage],
    ['a timeout above 300 s', { script: 'quick', timeout: '300.001s' }, timeoutMessage],
    ['a number as binary input', { script: 'quick', binaryInput: 1 }, 'binaryInput must be a resource path.'],
    [
      'an unknown binary input',
      { script: 'quick', binaryInput: inputPath },
      'binaryInput names no input of this universe, or it has expired.',
    ],
    [
      'text for enableBinaryOutput',
      { script: 'quick', enableBinaryOutput: 'true' },
      'enableBinaryOutput must be true or false.',
    ],
  ])('%s', async (_name, body, message) => {
    const { post, luau } = await start();
    const reply = await post(CREATE, body);
    expect(reply.status).toBe(400);
    expect(reply.json).toEqual(v2Body('INVALID_ARGUMENT', message));
    expect(luau.jobs).toEqual([]);
  });

  it('bytes that are not UTF-8', async () => {
    const { send } = await start();
    const body = new Uint8Array([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]);
    const reply = await send('POST', CREATE, { headers: { 'x-api-key': 'k' }, body });
    expect(reply.status).toBe(400);
  });

  it('a body that no script can need, with 413, and stays usable', async () => {
    const { send, post } = await start();
    const body = new Uint8Array(32 * 1024 * 1024 + 1);
    expect((await send('POST', CREATE, { headers: { 'x-api-key': 'k' }, body })).status).toBe(413);
    expect((await post(CREATE, { script: 'quick' })).status).toBe(200);
  });

  it.each(['0', '01', '-1', '1e3', 'x', '1%30', '123456789012345678901'])('the id %s', async (id) => {
    const { post } = await start();
    const universe = await post(`/cloud/v2/universes/${id}/places/2/luau-execution-session-tasks`, {});
    const place = await post(`/cloud/v2/universes/1/places/${id}/luau-execution-session-tasks`, {});
    const version = await post(AT_VERSION(id), {});
    const message = (name: string) => `${name} in the path must be a positive whole number.`;
    expect(universe.json).toEqual(v2Body('INVALID_ARGUMENT', message('universeId')));
    expect(place.json).toEqual(v2Body('INVALID_ARGUMENT', message('placeId')));
    expect(version.json).toEqual(v2Body('INVALID_ARGUMENT', message('versionId')));
    expect([universe.status, place.status, version.status]).toEqual([400, 400, 400]);
  });

  it.each([
    ['a script of exactly 4 MiB', { script: 'x'.repeat(4 * 1024 * 1024) }, '300s'],
    ['the shortest timeout', { script: 'quick', timeout: '1s' }, '1s'],
    ['the longest timeout', { script: 'quick', timeout: '300s' }, '300s'],
    ['null for what is not wanted', { script: 'quick', timeout: null, binaryInput: null }, '300s'],
    ['an empty binary input', { script: 'quick', binaryInput: '' }, '300s'],
  ])('but not %s', async (_name, body, timeout) => {
    const { post } = await start();
    const reply = await post(CREATE, body);
    expect(reply.status).toBe(200);
    expect(reply.json.timeout).toBe(timeout);
  });
});

describe('ten unfinished tasks of a place', () => {
  it('leave no room for an eleventh until one has ended', async () => {
    const { create, post, clock, luau } = await start({ scripts: { short: { afterMs: 5000 } } });
    await create({ script: 'short' });
    for (let count = 1; count < 10; count++) await create({ script: 'slow' });

    const refused = await post(CREATE, { script: 'slow' });
    expect(refused.status).toBe(429);
    expect(refused.json).toEqual(v2Body('RESOURCE_EXHAUSTED', 'Place 22 already has 10 incomplete tasks.'));
    expect(refused.headers.get('x-ratelimit-remaining')).toBe('29, 29');
    expect(refused.headers.get('retry-after')).toBe('5');
    expect(luau.jobs).toHaveLength(10);

    const otherPlace = '/cloud/v2/universes/11/places/23/luau-execution-session-tasks';
    expect((await post(otherPlace, { script: 'slow' })).status).toBe(200);
    await clock.advance(5000);
    expect((await post(CREATE, { script: 'slow' })).status).toBe(200);
    expect((await post(CREATE, { script: 'slow' })).status).toBe(429);
  });

  it('give a slot back only after the release time, where one is set', async () => {
    const { create, post, clock } = await start({
      slotReleaseMs: 10_000,
      scripts: { short: { afterMs: 5000 } },
    });
    for (let count = 0; count < 10; count++) await create({ script: 'short' });
    await clock.advance(14_999);
    expect((await post(CREATE, { script: 'short' })).status).toBe(429);
    await clock.advance(1);
    expect((await post(CREATE, { script: 'short' })).status).toBe(200);
  });
});
