import { describe, expect, it } from 'vitest';
import { runTask } from '../../src/task/run-task.ts';
import { useTaskSessions } from '../task/task-session.ts';

const open = useTaskSessions();

const MINUTE_MS = 60_000;
const LIFE_MS = 150_000;
const TASKS = 10;
const LIMIT = 'x-ratelimit-limit';
const REMAINING = 'x-ratelimit-remaining';
const RESET = 'x-ratelimit-reset';

/** Changes the headers of one answer to a read; `number` counts them from 0. */
type Lie = (headers: Record<string, string>, number: number) => Record<string, string | null>;

/** Watches tasks of 150 s at once, whose reads are answered with other headers than the true ones. */
async function watchUnder(lie: Lie, taskCount = TASKS) {
  let reads = 0;
  const session = await open({
    scripts: { A: { afterMs: LIFE_MS } },
    intercept: async (request, next) => {
      const response = await next(request);
      if (request.method !== 'GET' || request.url.pathname.endsWith('/logs')) return response;
      const headers = { ...response.headers, ...lie(response.headers, reads++) };
      const told = Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== null);
      return { ...response, headers: Object.fromEntries(told) };
    },
  });
  const { client, scheduler, clock, sent, parameters } = session;
  const startMs = clock.now();
  const outcomes = await Promise.all(
    Array.from({ length: taskCount }, () => runTask(parameters('A', 200), { client, scheduler, clock })),
  );
  const looks = sent.filter(({ what }) => what === 'GET');
  return {
    verdicts: outcomes.map(({ verdict }) => verdict),
    lateMs: clock.now() - startMs - LIFE_MS,
    refused: looks.filter(({ status }) => status === 429).length,
    busiest: countBusiest(looks.map(({ atMs }) => atMs)),
    busiestLater: countBusiest(
      looks.map(({ atMs }) => atMs).filter((atMs) => atMs >= clock.wallNow() - 80_000),
    ),
  };
}

/** The most that lie within any minute. */
function countBusiest(timesMs: readonly number[]): number {
  const counts = timesMs.map(
    (fromMs) => timesMs.filter((ms) => ms >= fromMs && ms < fromMs + MINUTE_MS).length,
  );
  return Math.max(0, ...counts);
}

const all = (limit: string | null, remaining: string | null, reset: string | null) => () => ({
  [LIMIT]: limit,
  [REMAINING]: remaining,
  [RESET]: reset,
});

describe('row 41: rate headers that lie', () => {
  it('row 41: true ones are made use of: the tests below would see more than 45 reads a minute', async () => {
    const { verdicts, busiest, refused, lateMs } = await watchUnder(() => ({}));
    expect(verdicts).toEqual(Array(TASKS).fill('ok'));
    expect(busiest).toBeGreaterThan(90);
    expect(lateMs).toBeLessThan(10_000);
    expect(refused).toBe(0);
  });

  it.each<[name: string, lie: Lie]>([
    ['none at all', all(null, null, null)],
    ['a limit of 0', (headers) => ({ ...headers, [LIMIT]: '0, 0;w=60' })],
    ['a limit of 0 that is used up', all('0', '0', '30')],
    ['an endless limit', (headers) => ({ ...headers, [LIMIT]: 'Infinity' })],
    ['an endless remainder', (headers) => ({ ...headers, [REMAINING]: 'Infinity' })],
    ['a remainder below zero', (headers) => ({ ...headers, [REMAINING]: '-5' })],
    ['a reset of 0', (headers) => ({ ...headers, [RESET]: '0' })],
    ['an endless reset', (headers) => ({ ...headers, [RESET]: 'Infinity' })],
    ['words', all('many', 'enough', 'soon')],
    ['numbers that are none', all('NaN', 'NaN', 'NaN')],
  ])('row 41: %s: 45 reads a minute, and no more', async (_name, lie) => {
    const { verdicts, busiest, lateMs, refused } = await watchUnder(lie);
    expect(verdicts).toEqual(Array(TASKS).fill('ok'));
    expect(busiest).toBeLessThanOrEqual(45);
    expect(busiest).toBeGreaterThan(25);
    expect(lateMs).toBeLessThan(MINUTE_MS);
    expect(refused).toBe(0);
  });

  it('row 41: headers that stop coming: their limit holds for a minute more, then 45', async () => {
    const { verdicts, busiestLater, lateMs, refused } = await watchUnder((headers, number) =>
      number < 20 ? headers : { [LIMIT]: null, [REMAINING]: null, [RESET]: null },
    );
    expect(verdicts).toEqual(Array(TASKS).fill('ok'));
    expect(busiestLater).toBeLessThanOrEqual(45);
    expect(lateMs).toBeLessThan(MINUTE_MS);
    expect(refused).toBe(0);
  });

  it.each<[name: string, lie: Lie]>([
    ['grows', (headers, number) => ({ ...headers, [REMAINING]: `${20 + number}` })],
    ['is larger than the limit', (headers) => ({ ...headers, [REMAINING]: '999999999' })],
    ['is always the same', (headers) => ({ ...headers, [REMAINING]: '2' })],
    ['is of a window that never ends', (headers) => ({ ...headers, [REMAINING]: '3', [RESET]: '60' })],
    ['is of a window that ends next year', (headers) => ({ ...headers, [RESET]: '31536000' })],
  ])('row 41: a remainder that %s: no more than the limit, and no hang', async (_name, lie) => {
    const { verdicts, refused, lateMs } = await watchUnder(lie);
    expect(verdicts).toEqual(Array(TASKS).fill('ok'));
    expect(refused).toBe(0);
    expect(lateMs).toBeLessThan(2 * MINUTE_MS);
  });

  it('row 41: a remainder that is always used up: a look after each reset', async () => {
    const { verdicts, busiest, lateMs } = await watchUnder(
      (headers) => ({ ...headers, [REMAINING]: '0' }),
      1,
    );
    expect(verdicts).toEqual(['ok']);
    expect(busiest).toBeLessThanOrEqual(2);
    expect(lateMs).toBeLessThan(MINUTE_MS);
  });
});
