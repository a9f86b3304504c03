import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import { type Exchange, ExchangeError, type HttpRequest } from '../../src/open-cloud/exchange.ts';
import { OPERATIONS } from '../../src/open-cloud/operations.ts';
import { PollScheduler } from '../../src/task/poll-scheduler.ts';
import { type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { OK, useRawServers } from '../open-cloud/raw-server.ts';

const open = useCliSessions();
const raw = useRawServers();

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const NIGHT_MS = 10 * MINUTE_MS;
const LIFE_MS = 20_000;

interface Happening {
  /** Since the start of the run, in virtual time. */
  atMs: number;
  does: (clock: FakeClock) => unknown;
}

interface RunOptions extends Omit<CliSessionOptions, 'intercept'> {
  intercept?: (request: HttpRequest, next: Exchange, clock: FakeClock) => ReturnType<Exchange>;
}

/** Runs a script of 20 s while something happens to the clocks; tells when each request was sent. */
async function runWith(happening: Happening | null, options: RunOptions = {}) {
  const sent: { method: string; atMs: number }[] = [];
  const session = await open({
    files: { 'a.luau': 'A' },
    scripts: { A: { afterMs: LIFE_MS, result: { kind: 'complete', results: ['done'] } } },
    ...options,
    intercept: (request, next) => {
      const isLogs = request.url.pathname.endsWith('/logs');
      sent.push({ method: isLogs ? 'LOGS' : request.method, atMs: session.clock.now() - startMs });
      return options.intercept ? options.intercept(request, next, session.clock) : next(request);
    },
  });
  const startMs = session.clock.now();
  if (happening) {
    void session.clock.background.sleep(happening.atMs).then(() => happening.does(session.clock));
  }
  const result = await session.run('run', 'a.luau');
  const sentAfter = (atMs: number) =>
    sent.filter((request) => request.atMs >= atMs).map(({ method }) => method);
  return { ...result, sent, sentAfter, tookMs: session.clock.now() - startMs };
}

describe('row 40: the wall clock is corrected', () => {
  it.each([
    ['an hour forward', HOUR_MS],
    ['an hour back', -HOUR_MS],
    ['to the year 1970', -Date.parse('2026-11-21T09:00:00Z')],
  ])('row 40: %s: nothing changes', async (_name, ms) => {
    const { exitCode, stdout, tookMs, sent } = await runWith({
      atMs: 5_000,
      does: (clock) => clock.jumpWall(ms),
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '"done"\n' });
    expect(tookMs).toBeGreaterThanOrEqual(LIFE_MS);
    expect(tookMs).toBeLessThan(LIFE_MS + 3_000);
    const reads = sent.filter(({ method }) => method === 'GET');
    expect(reads.length).toBeGreaterThan(20);
    expect(reads.length).toBeLessThan(60);
  });
});

describe('row 40: the machine is suspended for 10 minutes', () => {
  const suspend = (clock: FakeClock) => clock.suspend(NIGHT_MS);

  it('row 40: between two reads: one look on waking, which finds the end', async () => {
    const { exitCode, stdout, sentAfter } = await runWith({ atMs: 10_000, does: suspend });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '"done"\n' });
    expect(sentAfter(NIGHT_MS)).toEqual(['GET', 'LOGS']);
  });

  it('row 40: while a limit holds the create back: one create on waking', async () => {
    const throttled: Fault = {
      request: 'createTask',
      do: { answer: { status: 429, headers: { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '38' } } },
    };
    const { exitCode, sent } = await runWith({ atMs: 10_000, does: suspend }, { faults: [throttled] });
    expect(exitCode).toBe(0);
    expect(sent.filter(({ method }) => method === 'POST').map(({ atMs }) => atMs < NIGHT_MS)).toEqual([
      true,
      false,
    ]);
  });

  it('row 40: in a read that is never answered: it is given its time, then there is one more', async () => {
    const faults: Fault[] = [{ request: 'getTask', nth: 3, do: { never: true } }];
    let reads = 0;
    const { exitCode, stdout, sent } = await runWith(null, {
      faults,
      intercept: (request, next, clock) => {
        if (request.method === 'GET' && ++reads === 3)
          void clock.background.sleep(1_000).then(() => suspend(clock));
        return next(request);
      },
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '"done"\n' });
    const [last = 0, again = 0] = sent.slice(3).map(({ atMs }) => atMs);
    expect(again - last).toBeGreaterThanOrEqual(NIGHT_MS + 9_000);
    expect(again - last).toBeLessThan(NIGHT_MS + 10_500);
    expect(sent.slice(4).map(({ method }) => method)).toEqual(['GET', 'LOGS']);
  });

  it('row 40: what a read has brought while nobody was awake is old: one more look', async () => {
    let reads = 0;
    const { exitCode, stdout, sent } = await runWith(null, {
      intercept: async (request, next, clock) => {
        const answer = await next(request);
        if (request.method === 'GET' && ++reads === 3) await suspend(clock);
        return answer;
      },
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '"done"\n' });
    expect(sent.slice(4).map(({ method }) => method)).toEqual(['GET', 'LOGS']);
  });

  it('row 40: a task that is not over yet is looked at once more, then the wait is over', async () => {
    const { exitCode, stderr, sentAfter, tookMs } = await runWith(
      { atMs: 10_000, does: suspend },
      { emulator: { bootDelayMs: 10 * HOUR_MS } },
    );
    expect(exitCode).toBe(124);
    expect(stderr).toMatch(/hint: luau-exec wait universes\//);
    expect(sentAfter(NIGHT_MS)).toEqual(['GET']);
    expect(tookMs).toBeLessThan(NIGHT_MS + 20_000);
  });

  it.each([
    ['comes back within seconds', 8_000, 0],
    ['stays away', HOUR_MS, 124],
  ])('row 40: a network that %s after waking', async (_name, downMs, code) => {
    const { exitCode, tookMs } = await runWith(
      { atMs: 10_000, does: suspend },
      {
        intercept: async (request, next, clock) => {
          // The session begins at one second.
          const elapsedMs = clock.now() - 1_000;
          if (elapsedMs < NIGHT_MS || elapsedMs >= NIGHT_MS + 10_000 + downMs) return next(request);
          throw new ExchangeError('connect ENETUNREACH', {
            failure: 'connect',
            code: 'ENETUNREACH',
            wasSent: false,
            isReusedSocket: false,
          });
        },
      },
    );
    expect(exitCode).toBe(code);
    expect(tookMs).toBeLessThan(NIGHT_MS + 10_000 + 25_000);
  });

  it('row 40: an answer that came in the meantime is read, though its time is over', async () => {
    const clock = new FakeClock();
    const { url, sockets, requests } = await raw.startServer({});
    const answered = raw.open({ clock }).exchange({
      method: 'POST',
      url: new URL(url),
      headers: {},
      body: '{}',
      limits: OPERATIONS.createTask.limits,
      isFreshSocket: true,
      signal: new AbortController().signal,
    });
    while (requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    await clock.suspend(NIGHT_MS);
    await clock.advance(1_000);
    sockets[0]?.write(OK);
    expect(await answered).toMatchObject({ status: 200 });
  });

  it('row 40: ten tasks that are watched at once are each looked at once on waking', async () => {
    const clock = new FakeClock();
    const scheduler = new PollScheduler({
      clock,
      cadence: 'remote',
      readWindow: () => null,
      random: () => 0.5,
    });
    const stopping = new AbortController();
    const looksAtMs: number[] = [];
    const watch = async () => {
      const slot = scheduler.join(clock.now());
      for (;;) {
        await slot.waitForTurn(stopping.signal);
        looksAtMs.push(clock.now());
        // A read takes a moment.
        await clock.sleep(150, stopping.signal);
      }
    };
    const watches = Array.from({ length: 10 }, () => watch().catch(() => undefined));
    await clock.advance(30_000);
    const wakeMs = clock.now() + NIGHT_MS;
    await clock.suspend(NIGHT_MS);
    await clock.advance(500);
    expect(looksAtMs.filter((atMs) => atMs >= wakeMs)).toHaveLength(10);
    stopping.abort();
    await Promise.all(watches);
  });
});
