import { describe, expect, test } from 'vitest';
import type { Fault, FaultAnswer } from '../../src/emulator/faults.ts';
import { type FaultRun, gapsOf, useFaultRuns } from './fault-runs.ts';

const { open, run, arrivals } = useFaultRuns();
const RUN = ['run', 'a.luau', '--json'];

/** Creates that are answered in this way, one after the other. */
function creates(...answers: FaultAnswer[]): Fault[] {
  return answers.map((answer, index) => ({ request: 'createTask', nth: index + 1, do: { answer } }));
}
function alwaysOn(request: Fault['request'], answer: FaultAnswer): Fault[] {
  return [{ request, times: 'always', do: { answer } }];
}

const HTML = { headers: { 'content-type': 'text/html' }, body: '<html><title>Oops</title></html>' };
const JSON_BODY = { body: { code: 'INTERNAL', message: 'it is unwell', details: [] } };
const BAD_GATEWAY = { status: 502, ...HTML };

describe('row 7: a server error on create', () => {
  const STATUSES = [500, 502, 503, 504].flatMap((status): [string, FaultAnswer, string][] => [
    [`${status} as JSON`, { status, ...JSON_BODY }, `HTTP ${status}`],
    [`${status} as HTML`, { status, ...HTML }, `HTTP ${status} HTML`],
  ]);

  test.each(STATUSES)('row 7: %s', async (_name, answer, reason) => {
    const session = await open({ faults: creates(answer) });
    const result = await run(session);
    expect(result).toMatchObject({ exitCode: 9, createsMs: [0], tookMs: 0, readsMs: [] });
    expect(result.error).toMatchObject({
      id: 'LX510',
      httpStatus: answer.status,
      attempts: [{ reason, waitMs: null }],
      facts: expect.arrayContaining([
        `last: ${reason}`,
        'it was not sent again, so that it cannot run twice',
      ]),
    });
  });

  test.each(STATUSES)('row 7: %s for ever with --retry-unsafe', async (_name, answer, reason) => {
    const session = await open({ faults: alwaysOn('createTask', answer) });
    const result = await run(session, ...RUN, '--retry-unsafe');
    expect(result).toMatchObject({ exitCode: 9, createsMs: { length: 3 }, readsMs: [] });
    const [first = 0, second = 0] = gapsOf(result.createsMs);
    expect(first).toBeLessThanOrEqual(500);
    expect(second).toBeLessThanOrEqual(1_000);
    expect(result.tookMs).toBe(result.createsMs[2]);
    expect(result.error).toMatchObject({
      id: 'LX510',
      attempts: [{ reason }, { reason }, { reason, waitMs: null }],
      facts: expect.arrayContaining(['it may run more than once, as --retry-unsafe allows']),
    });
  });

  test.each([1, 2])('row 7: %i times 502, then ok, with --retry-unsafe', async (times) => {
    const session = await open({
      faults: [{ request: 'createTask', times, do: { answer: BAD_GATEWAY, after: true } }],
    });
    const result = await run(session, ...RUN, '--retry-unsafe');
    expect(result).toMatchObject({ exitCode: 0, results: ['a'], createsMs: { length: times + 1 } });
  });

  test.each<[name: string, refusal: FaultAnswer]>([
    ['a refused key', { status: 403, ...JSON_BODY }],
    ['a daily quota', { status: 429, headers: { 'x-ratelimit-reset': '56442' } }],
    ['a redirect', { status: 302, headers: { location: 'https://portal.example/' } }],
    ['a bad request', { status: 400 }],
  ])('row 7: 502, then %s, with --retry-unsafe: the first may be running', async (_name, refusal) => {
    const session = await open({ faults: creates(BAD_GATEWAY, refusal) });
    const result = await run(session, ...RUN, '--retry-unsafe');
    expect(result).toMatchObject({ exitCode: 9, createsMs: { length: 2 }, error: { id: 'LX510' } });
    expect(result.error?.facts).toContain(`last: HTTP ${refusal.status}`);
  });

  test('row 7: 502, then an interrupt, with --retry-unsafe: the first may be running', async () => {
    const session = await open({
      faults: creates(BAD_GATEWAY),
      intercept: async (request, next) => {
        const answer = await next(request);
        session.interrupt('SIGINT');
        return answer;
      },
    });
    const result = await run(session, ...RUN, '--retry-unsafe');
    expect(result).toMatchObject({ exitCode: 9, createsMs: [0], tookMs: 0, error: { id: 'LX510' } });
  });
});

const LIMIT = { 'x-ratelimit-limit': '40, 40;w=60', 'x-ratelimit-remaining': '0, 0', 'retry-after': '5' };

describe('row 8: a limit that names its reset', () => {
  test.each<[name: string, answer: FaultAnswer]>([
    ['in the words of the service', { body: { code: 'RESOURCE_EXHAUSTED', message: 'Too many.' } }],
    ['in the words of the gateway', { body: { errors: [{ code: 0, message: 'Too many requests' }] } }],
    ['without words', {}],
    ['with a web page', HTML],
  ])('row 8: 429 reset 38, retry-after 5 %s', async (_name, answer) => {
    const headers = { ...answer.headers, ...LIMIT, 'x-ratelimit-reset': '38, 0' };
    const session = await open({ faults: creates({ ...answer, status: 429, headers }) });
    const result = await run(session, 'run', 'a.luau');
    expect(result).toMatchObject({ exitCode: 0, stdout: '"a"\n', createsMs: [0, expect.any(Number)] });
    expect(result.createsMs[1]).toBeGreaterThanOrEqual(38_050);
    expect(result.createsMs[1]).toBeLessThanOrEqual(38_350);
    expect(result.tookMs).toBe(result.createsMs[1]);
    expect(result.stderr).toContain("\nrate limit of this key's owner, continuing in 38 s\n");
  });
});

const JUNK: [name: string, headers: Record<string, string>][] = [
  ['no headers', {}],
  ['retry-after 0', { 'retry-after': '0' }],
  ['retry-after -1', { 'retry-after': '-1' }],
  ['retry-after abc', { 'retry-after': 'abc' }],
  ['retry-after in the past', { 'retry-after': 'Sat, 21 Nov 2026 08:00:00 GMT' }],
  ['retry-after 1e12', { 'retry-after': '1e12' }],
  ['retry-after 5, 9', { 'retry-after': '5, 9' }],
];
const FAR = { 'retry-after': '1000000000000' };

function expectThrottled(result: FaultRun): void {
  expect(result).toMatchObject({ exitCode: 6, readsMs: [], error: { id: 'LX429', httpStatus: 429 } });
  expect(result.error?.facts).toContain('nothing was created');
}

describe('row 9: a limit that says nothing of use', () => {
  test.each(JUNK)('row 9: 429 with %s for ever', async (_name, headers) => {
    const session = await open({ faults: alwaysOn('createTask', { status: 429, headers }) });
    const result = await run(session);
    expectThrottled(result);
    // 2 s, twice as long each time up to 30 s, and up to half of that less: 5 minutes hold 14 to 24 creates.
    expect(result.createsMs.length).toBeGreaterThanOrEqual(14);
    expect(result.createsMs.length).toBeLessThanOrEqual(24);
    for (const [index, gapMs] of gapsOf(result.createsMs).entries()) {
      const longestMs = Math.min(30_000, 2_000 * 2 ** index);
      expect(gapMs).toBeGreaterThanOrEqual(longestMs / 2);
      expect(gapMs).toBeLessThanOrEqual(longestMs);
    }
    expect(result.tookMs).toBeLessThanOrEqual(300_000);
  });

  test.each(JUNK)('row 9: 429 with %s once, then ok', async (_name, headers) => {
    const session = await open({ faults: creates({ status: 429, headers }) });
    const result = await run(session);
    expect(result).toMatchObject({ exitCode: 0, results: ['a'], createsMs: { length: 2 } });
    expect(result.createsMs[1]).toBeGreaterThanOrEqual(1_000);
    expect(result.createsMs[1]).toBeLessThanOrEqual(2_000);
  });

  test('row 9: no wait is longer than 120 s', async () => {
    const session = await open({ faults: alwaysOn('createTask', { status: 429, headers: FAR }) });
    const result = await run(session);
    expectThrottled(result);
    expect(result).toMatchObject({ createsMs: [0, 120_000, 240_000], tookMs: 240_000 });
  });

  test.each([...JUNK, ['a far retry-after', FAR] as const])(
    'row 9: 429 with %s does not outlast the queue time-out',
    async (_name, headers) => {
      const session = await open({ faults: alwaysOn('createTask', { status: 429, headers }) });
      const result = await run(session, ...RUN, '--queue-timeout', '20s');
      expectThrottled(result);
      expect(result.tookMs).toBeLessThanOrEqual(20_000);
    },
  );

  test.each([...JUNK, ['a far retry-after', FAR] as const])(
    'row 9: reads that meet 429 with %s end with the wait time-out',
    async (_name, headers) => {
      const session = await open({ faults: alwaysOn('getTask', { status: 429, headers }) });
      const result = await run(session, ...RUN, '--wait-timeout', '30s');
      expect(result).toMatchObject({ exitCode: 124, createsMs: [0], tookMs: 30_000 });
      for (const gapMs of gapsOf(result.readsMs)) expect(gapMs).toBeGreaterThanOrEqual(1_000);
      expect(result.readsMs.length).toBeLessThanOrEqual(6);
    },
  );
});

describe('row 10: a daily quota', () => {
  test('row 10: 429 reset 56442', async () => {
    const headers = { 'x-ratelimit-remaining': '86', 'x-ratelimit-reset': '56442', 'retry-after': '5' };
    const session = await open({ faults: creates({ status: 429, headers }) });
    const result = await run(session);
    expectThrottled(result);
    expect(result).toMatchObject({ createsMs: [0], tookMs: 0 });
    // 2026-11-21T09:00:00Z and 56,442 s.
    expect(result.error?.message).toBe("a quota of this key's owner is used up until 2026-11-22T00:40:42Z");
  });
});

const PLACE_FULL = /^(?:a\.luau: )?the place already has ten unfinished tasks, trying again in (.*)$/gm;

describe('row 11: a place with ten unfinished tasks', () => {
  test('row 11: full for 3 minutes', async () => {
    const session = await open({
      files: { 'a.luau': 'A', 'long.luau': 'LONG' },
      scripts: { A: { result: { kind: 'complete', results: ['a'] } }, LONG: { afterMs: 180_000 } },
    });
    for (let count = 0; count < 10; count++) await session.run('run', 'long.luau', '--detach', '-q');
    const result = await run(session, 'run', 'a.luau');
    expect(result).toMatchObject({ exitCode: 0, stdout: '"a"\n' });
    // 5 s, half as long again each time, 30 s at most.
    const gaps = [5_000, 7_500, 11_250, 16_875, 25_312.5, 30_000, 30_000, 30_000, 30_000];
    expect(gapsOf(result.createsMs)).toEqual(gaps);
    // One line at first, and then none more often than each 30 s.
    const lines = [...result.stderr.matchAll(PLACE_FULL)].map(([, left]) => left);
    expect(lines).toEqual(['5 s', '25 s', '30 s', '30 s', '30 s']);
  });

  test('row 11: full for longer than the queue time-out', async () => {
    const session = await open({
      files: { 'a.luau': 'A', 'long.luau': 'LONG' },
      scripts: { A: {}, LONG: { afterMs: 180_000 } },
    });
    for (let count = 0; count < 10; count++) await session.run('run', 'long.luau', '--detach', '-q');
    const result = await run(session, ...RUN, '--queue-timeout', '60s');
    expect(result).toMatchObject({ exitCode: 6, error: { id: 'LX430' }, createsMs: { length: 5 } });
    expect(result.error?.facts).toContain('nothing was created');
  });

  test('row 11: a slot of our own is freed, and can be used 10 s later', async () => {
    const session = await open({
      files: { 'a.luau': 'A', 'long.luau': 'LONG' },
      scripts: { A: { afterMs: 3_000 }, LONG: { afterMs: 290_000 } },
      emulator: { slotReleaseMs: 10_000 },
    });
    for (let count = 0; count < 9; count++) await session.run('run', 'long.luau', '--detach', '-q');
    const before = arrivals(session).length;
    const { exitCode, stderr } = await session.run('run', 'a.luau', 'a.luau', '--concurrency', '1');
    expect(exitCode).toBe(0);
    const seen = arrivals(session).slice(before);
    const [first, refused, second, ...more] = seen.filter(({ method }) => method === 'POST');
    expect(more).toEqual([]);
    const isLook = ({ method, path }: { method: string; path: string }) =>
      method === 'GET' && path.endsWith('?view=BASIC');
    const end = seen.filter((arrival) => isLook(arrival) && arrival.atMs <= (refused?.atMs ?? 0)).at(-1);
    const endMs = end?.atMs ?? 0;
    expect(endMs - (first?.atMs ?? 0)).toBeGreaterThanOrEqual(3_000);
    expect(refused?.atMs).toBe(endMs);
    expect(second?.atMs).toBe(endMs + 10_000);
    expect([...stderr.matchAll(PLACE_FULL)].map(([, left]) => left)).toEqual(['10 s']);
  });
});
