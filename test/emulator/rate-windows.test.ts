import { describe, expect, it } from 'vitest';
import { formatRateHeaders, RateWindows } from '../../src/emulator/rate-windows.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { CREATE, PLACE, type Session, useEmulators, v2Body } from './emulator-session.ts';

const start = useEmulators();

describe('one window', () => {
  const quota = { operation: 'test', limitPerMinute: 2 };

  it('begins with each minute of the wall clock', async () => {
    const clock = new FakeClock('2026-11-21T09:00:59.100Z');
    const rates = new RateWindows(clock);
    const reading = { limitPerMinute: 2, resetSeconds: 1 };
    expect(rates.take(quota)).toEqual({ ...reading, isAllowed: true, remaining: 1 });
    expect(rates.take(quota)).toEqual({ ...reading, isAllowed: true, remaining: 0 });
    expect(rates.take(quota)).toEqual({ ...reading, isAllowed: false, remaining: 0 });
    await clock.advance(899);
    expect(rates.take(quota)).toEqual({ ...reading, isAllowed: false, remaining: 0 });
    await clock.advance(1);
    expect(rates.take(quota)).toEqual({ limitPerMinute: 2, isAllowed: true, remaining: 1, resetSeconds: 60 });
  });

  it('starts anew when the wall clock is set back', () => {
    const clock = new FakeClock();
    const rates = new RateWindows(clock);
    for (let count = 0; count < 3; count++) rates.take(quota);
    clock.jumpWall(-3_600_000);
    expect(rates.take(quota).isAllowed).toBe(true);
  });

  it.each([
    [200, { 'x-ratelimit-limit': '2, 2;w=60', 'x-ratelimit-remaining': '1, 1', 'x-ratelimit-reset': '7, 0' }],
    [403, { 'x-ratelimit-limit': '2, 2;w=60', 'x-ratelimit-remaining': '1, 1', 'x-ratelimit-reset': '7, 0' }],
    [
      429,
      {
        'x-ratelimit-limit': '2, 2;w=60',
        'x-ratelimit-remaining': '1, 1',
        'x-ratelimit-reset': '7, 0',
        'retry-after': '5',
      },
    ],
    [400, {}],
    [404, {}],
    [500, {}],
  ])('has the right headers on a %s', (status, headers) => {
    const reading = { isAllowed: true, limitPerMinute: 2, remaining: 1, resetSeconds: 7 };
    expect(formatRateHeaders(reading, status)).toEqual(headers);
  });
});

function rateHeaders({ headers }: { headers: Headers }) {
  return Object.fromEntries([...headers].filter(([name]) => /^(x-ratelimit|retry)/.test(name)));
}

type Ask = (session: Session, taskPath: string) => ReturnType<Session['get']>;
const OPERATIONS: [string, number, Ask][] = [
  ['create at head', 40, ({ post }) => post(CREATE, { script: 'quick' })],
  [
    'create at a version',
    5,
    ({ post }) => post(`/cloud/v2/${PLACE}/versions/1/luau-execution-session-tasks`, { script: 'quick' }),
  ],
  ['get task', 200, ({ get }, path) => get(`/cloud/v2/${path}`)],
  ['list logs', 45, ({ get }, path) => get(`/cloud/v2/${path}/logs`)],
  [
    'create binary input',
    5,
    ({ post }) => post('/cloud/v2/universes/11/luau-execution-session-task-binary-inputs', { size: 1 }),
  ],
];

describe('the limit of each operation', () => {
  it.each(OPERATIONS)('%s: %s a minute', async (_name, limit, ask) => {
    const clock = new FakeClock('2026-11-21T09:00:00.000Z');
    const session = await start({ clock });
    const path = await session.create({ script: 'quick' });
    await clock.advance(60_000);
    const expected = (remaining: number, resetSeconds: number) => ({
      'x-ratelimit-limit': `${limit}, ${limit};w=60`,
      'x-ratelimit-remaining': `${remaining}, ${remaining}`,
      'x-ratelimit-reset': `${resetSeconds}, 0`,
    });
    const first = await ask(session, path);
    expect(first.status).toBe(200);
    expect(rateHeaders(first)).toEqual(expected(limit - 1, 60));
    await clock.advance(21_500);
    for (let count = 1; count < limit; count++) expect((await ask(session, path)).status).toBe(200);

    const jobCount = session.luau.jobs.length;
    const refused = await ask(session, path);
    expect(refused.status).toBe(429);
    expect(refused.json).toEqual(
      v2Body('RESOURCE_EXHAUSTED', `The limit of ${limit} requests per minute was exceeded.`),
    );
    expect(rateHeaders(refused)).toEqual({ ...expected(0, 39), 'retry-after': '5' });
    expect(session.luau.jobs).toHaveLength(jobCount);

    await clock.advance(38_499);
    expect((await ask(session, path)).status).toBe(429);
    await clock.advance(1);
    const renewed = await ask(session, path);
    expect(renewed.status).toBe(200);
    expect(rateHeaders(renewed)).toEqual(expected(limit - 1, 60));
  });

  it('counts each operation by itself, whichever key is used', async () => {
    const { send, post, get } = await start();
    const slots = '/cloud/v2/universes/11/luau-execution-session-task-binary-inputs';
    for (let count = 0; count < 5; count++) await post(slots, { size: 1 });
    const other = await send('POST', slots, { headers: { 'x-api-key': 'another key' }, body: '{"size":1}' });
    expect(other.status).toBe(429);
    expect((await post(CREATE, { script: 'quick' })).headers.get('x-ratelimit-remaining')).toBe('39, 39');
    expect((await get(`/cloud/v2/${PLACE}/luau-execution-session-tasks/none`)).status).toBe(404);
  });

  it('counts a 404 but shows no headers on it', async () => {
    const { get, create } = await start();
    const path = await create({ script: 'quick' });
    const missing = await get(`/cloud/v2/${PLACE}/luau-execution-session-tasks/none`);
    expect(missing.status).toBe(404);
    expect(rateHeaders(missing)).toEqual({});
    expect((await get(`/cloud/v2/${path}`)).headers.get('x-ratelimit-remaining')).toBe('198, 198');
  });
});
