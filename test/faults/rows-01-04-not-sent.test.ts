import { EventEmitter, once } from 'node:events';
import { expect, test } from 'vitest';
import { classifyFailure } from '../../src/open-cloud/exchange-failure.ts';
import { API_KEY } from '../helpers/cli-session.ts';
import { useRawServers } from '../open-cloud/raw-server.ts';
import { type FaultRun, passTime, useFaultRuns } from './fault-runs.ts';

const { open, run } = useFaultRuns();
const { startServer } = useRawServers();

function resolverError(code: string): Error {
  const cause = Object.assign(new Error(`getaddrinfo ${code} apis.roblox.com`), { code });
  return classifyFailure(cause, { wasSent: false, isReusedSocket: false });
}

/** Every wait is at most its cap, and nothing follows the last try. */
function expectWaits({ error }: FaultRun, capsMs: number[]): void {
  const waits = error?.attempts.map(({ waitMs }) => waitMs) ?? [];
  expect(waits).toEqual([...capsMs.map(() => expect.any(Number)), null]);
  for (const [index, capMs] of capsMs.entries()) {
    expect(waits[index]).toBeGreaterThanOrEqual(0);
    expect(waits[index]).toBeLessThanOrEqual(capMs);
  }
}

function sumOfWaits({ error }: FaultRun): number {
  return (error?.attempts ?? []).reduce((sum, { waitMs }) => sum + (waitMs ?? 0), 0);
}

test.each(['ENOTFOUND', 'EAI_AGAIN'])('row 1: %s on every create', async (code) => {
  let tries = 0;
  const session = await open({
    intercept: async () => {
      tries++;
      throw resolverError(code);
    },
  });
  const result = await run(session);
  expect(result).toMatchObject({ exitCode: 7, error: { id: 'LX501', httpStatus: null }, createsMs: [] });
  expect(tries).toBe(3);
  expect(result.error?.message).toMatch(/^cannot reach 127\.0\.0\.1:\d+: its name cannot be resolved$/);
  expect(result.error?.facts).toEqual([`last: ${code}`, 'no proxy is set', 'nothing was sent']);
  expectWaits(result, [500, 1_000]);
  expect(Math.abs(result.tookMs - sumOfWaits(result))).toBeLessThan(3);
});

test('row 1: a name that nobody has', async () => {
  const session = await open({ env: { LUAU_EXEC_BASE_URL: 'https://no-such-name.invalid' } });
  const result = await run(session);
  expect(result).toMatchObject({ exitCode: 7, error: { id: 'LX501' }, createsMs: [] });
  expect(result.error?.message).toBe('cannot reach no-such-name.invalid: its name cannot be resolved');
  // A machine without a resolver says the latter.
  for (const { reason } of result.error?.attempts ?? []) expect(reason).toMatch(/^(ENOTFOUND|EAI_AGAIN)$/);
  expectWaits(result, [500, 1_000]);
});

test('row 2: EAI_AGAIN twice, then ok', async () => {
  let tries = 0;
  const session = await open({
    intercept: async (request, next) => {
      if (request.method === 'POST' && ++tries <= 2) throw resolverError('EAI_AGAIN');
      return next(request);
    },
  });
  const result = await run(session);
  expect(result).toMatchObject({ exitCode: 0, results: ['a'], retries: 2, createsMs: { length: 1 } });
  expect(tries).toBe(3);
  expect(result.createsMs[0]).toBeLessThanOrEqual(1_500);
});

test('row 2: refused twice, then ok', async () => {
  let tries = 0;
  const session = await open({
    intercept: (request, next) => {
      if (request.method !== 'POST' || ++tries > 2) return next(request);
      // A port of the system's that nobody uses: one that was free a moment ago may belong to another test by now.
      return next({ ...request, url: new URL(request.url.pathname, 'http://127.0.0.1:1') });
    },
  });
  const result = await run(session);
  expect(result).toMatchObject({ exitCode: 0, results: ['a'], retries: 2, createsMs: { length: 1 } });
  expect(tries).toBe(3);
  expect(result.createsMs[0]).toBeLessThanOrEqual(1_500);
});

test('row 3: no connection is ever ready', async () => {
  const events = new EventEmitter();
  const received: Buffer[] = [];
  const server = await startServer({
    onConnection: (socket) => {
      socket.on('data', (chunk) => received.push(chunk));
      events.emit('connection');
    },
  });
  // TLS that is never answered: the connection is there for the kernel alone.
  const session = await open({
    env: { LUAU_EXEC_BASE_URL: `https://127.0.0.1:${server.port}` },
    intercept: (request, next) => {
      const isHanging = once(events, 'connection');
      return passTime(session, 10_000, { answer: next(request), isHanging });
    },
  });
  const result = await run(session);
  expect(result).toMatchObject({ exitCode: 7, error: { id: 'LX501' }, createsMs: [] });
  expect(result.error?.message).toBe(`cannot reach 127.0.0.1:${server.port}: it did not answer`);
  expect(result.error?.facts).toContain('nothing was sent');
  expect(result.error?.attempts.map(({ reason }) => reason)).toEqual(
    Array.from({ length: 5 }, () => 'gave up after 10 s while connecting'),
  );
  expect(server.sockets).toHaveLength(5);
  expectWaits(result, [500, 1_000, 2_000, 4_000]);
  expect(Math.abs(result.tookMs - 50_000 - sumOfWaits(result))).toBeLessThan(5);
  const text = Buffer.concat(received).toString('latin1');
  expect(text).not.toContain('POST');
  expect(text).not.toContain(API_KEY);
});

test('row 4: RST on accept twice, then ok', async () => {
  // Over TLS nothing of a request can be written before the server has spoken, whoever is faster.
  const server = await startServer({ onConnection: (socket) => socket.resetAndDestroy() });
  let tries = 0;
  const session = await open({
    intercept: (request, next) => {
      if (request.method !== 'POST' || ++tries > 2) return next(request);
      return next({ ...request, url: new URL(request.url.pathname, `https://127.0.0.1:${server.port}`) });
    },
  });
  const result = await run(session);
  expect(result).toMatchObject({ exitCode: 0, results: ['a'], retries: 2, createsMs: { length: 1 } });
  expect(server.sockets).toHaveLength(2);
  expect(result.createsMs[0]).toBeLessThanOrEqual(1_500);
});
