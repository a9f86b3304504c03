import { describe, expect, it } from 'vitest';
import { ExchangeError, type HttpResponse } from '../../src/open-cloud/exchange.ts';
import { type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';

const open = useCliSessions();
const SCRIPT: CliSessionOptions = {
  files: { 'a.luau': 'A' },
  scripts: { A: { afterMs: 20_000, result: { kind: 'complete', results: ['done'] } } },
};

const answer503 = (): HttpResponse => ({
  status: 503,
  headers: { 'content-type': 'text/html' },
  body: Buffer.from('<html><title>Service Unavailable</title>'),
});
const breakOff = (): never => {
  const state = { wasSent: true, isReusedSocket: false };
  throw new ExchangeError('read ECONNRESET', { ...state, failure: 'reset', code: 'ECONNRESET' });
};
const refuse = (): never => {
  const state = { wasSent: false, isReusedSocket: false };
  throw new ExchangeError('connect ECONNREFUSED', { ...state, failure: 'connect', code: 'ECONNREFUSED' });
};

/** Runs a script of 20 s; from the third look on, the service is down for `outageMs`. */
async function runThroughOutage(outageMs: number, fail: () => HttpResponse, ...argv: string[]) {
  let looks = 0;
  let downSinceMs = Number.POSITIVE_INFINITY;
  const session = await open({
    ...SCRIPT,
    intercept: async (request, next) => {
      const nowMs = session.clock.now();
      if (request.method === 'GET' && ++looks === 3) downSinceMs = nowMs;
      const isDown = nowMs >= downSinceMs && nowMs < downSinceMs + outageMs;
      return isDown ? fail() : next(request);
    },
  });
  const result = await session.run('run', 'a.luau', ...argv);
  const creates = session.requests.filter((request) => request.startsWith('POST ')).length;
  return { ...result, creates, looks, outageTookMs: session.clock.now() - downSinceMs };
}

const FAILURES: [name: string, fail: () => HttpResponse, reason: string][] = [
  ['503 from a gateway', answer503, 'HTTP 503 HTML'],
  ['connections that break off', breakOff, 'ECONNRESET'],
  ['refused connections', refuse, 'ECONNREFUSED'],
];

describe('row 19: outages while polling', () => {
  it('row 19: one 500 is a success that nobody is told of', async () => {
    const session = await open({
      ...SCRIPT,
      faults: [{ request: 'getTask', nth: 2, do: { answer: { status: 500, body: { code: 'INTERNAL' } } } }],
    });
    const { exitCode, stdout, stderr } = await session.run('run', 'a.luau');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '"done"\n' });
    expect(stderr).not.toContain('500');
    expect(session.requests.filter((request) => request.startsWith('POST '))).toHaveLength(1);
  });

  it.each(FAILURES)('row 19: 90 s of %s is a success with notices', async (_name, fail, reason) => {
    const { exitCode, stdout, stderr, creates } = await runThroughOutage(90_000, fail);
    expect({ exitCode, stdout, creates }).toEqual({ exitCode: 0, stdout: '"done"\n', creates: 1 });
    const notices = stderr.split('\n').filter((line) => line.includes(`${reason}, trying again in `));
    expect(notices.length).toBeGreaterThanOrEqual(2);
    expect(notices.length).toBeLessThanOrEqual(5);
  });

  it.each(FAILURES)(
    'row 19: 121 s of %s ends with 7 and the line that resumes',
    async (_name, fail, reason) => {
      const { exitCode, stdout, stderr, creates, outageTookMs } = await runThroughOutage(121_000, fail);
      expect({ exitCode, stdout, creates }).toEqual({ exitCode: 7, stdout: '', creates: 1 });
      expect(stderr).toMatch(/^error: no good answer for 1[12]\d s \(last: /m);
      expect(stderr).toContain(`(last: ${reason}, `);
      expect(stderr).toMatch(/^ {2}the task goes on$/m);
      expect(stderr).toMatch(
        /^hint: luau-exec wait universes\/11\/places\/22\/versions\/1\/\S+\/tasks\/\S+$/m,
      );
      // The last try comes before the patience ends, and no more than one wait before that.
      expect(outageTookMs).toBeGreaterThanOrEqual(112_000);
      expect(outageTookMs).toBeLessThan(120_000);
    },
  );

  it('row 19: what was given up is taken up again by the line that was printed', async () => {
    let isDown = true;
    const session = await open({
      ...SCRIPT,
      intercept: async (request, next) => (isDown && request.method === 'GET' ? answer503() : next(request)),
    });
    const lost = await session.run('run', 'a.luau', '--json');
    expect(lost.exitCode).toBe(7);
    expect(JSON.parse(lost.stdout)).toMatchObject({ error: { id: 'LX503', httpStatus: 503 } });
    const [, ...argv] = JSON.parse(lost.stdout).error.hint.split(' ');
    isDown = false;
    expect(await session.run(...argv)).toMatchObject({ exitCode: 0, stdout: '"done"\n' });
    expect(session.requests.filter((request) => request.startsWith('POST '))).toHaveLength(1);
  });
});
