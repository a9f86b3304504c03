import { describe, expect, test } from 'vitest';
import type { FaultAnswer } from '../../src/emulator/faults.ts';
import type { HttpRequest } from '../../src/open-cloud/exchange.ts';
import type { CliSession } from '../helpers/cli-session.ts';
import { useRawServers } from '../open-cloud/raw-server.ts';
import { gapsOf, useFaultRuns } from './fault-runs.ts';

const { open, run } = useFaultRuns();
const { startServer } = useRawServers();

/** A server that must never hear of us. */
const startOther = () => startServer({ onRequest: (socket) => socket.end() });
const STATUSES = [301, 302, 307, 308];

// From https to http: rows-04-12-tls.test.ts.
describe('row 12: redirects', () => {
  const TARGETS: [
    name: string,
    createLocation: (port: number) => string,
    target: (port: number) => string,
  ][] = [
    ['another host', (port) => `http://localhost:${port}/cloud/v2/x`, (port) => `localhost:${port}`],
    ['another port', (port) => `http://127.0.0.1:${port}/`, (port) => `127.0.0.1:${port}`],
    ['another host without a protocol', (port) => `//localhost:${port}/`, (port) => `localhost:${port}`],
    [
      'a host behind a name and a password',
      (port) => `http://u:p@127.0.0.1:${port}/`,
      (port) => `127.0.0.1:${port}`,
    ],
  ];
  const rows = STATUSES.flatMap((status) => TARGETS.map((target) => [status, ...target] as const));

  test.each(rows)('row 12: a %i on create, to %s', async (status, _name, createLocation, describeTarget) => {
    const other = await startOther();
    const redirect = createLocation(other.port);
    const session = await open({ faults: [{ request: 'createTask', do: { redirect, status } }] });
    const result = await run(session);
    expect(result).toMatchObject({ exitCode: 10, createsMs: [0], tookMs: 0, readsMs: [] });
    expect(result.error).toMatchObject({
      id: 'LX530',
      httpStatus: status,
      message: `refused a redirect to ${describeTarget(other.port)}; the key was not sent there`,
      attempts: { length: 1 },
    });
    expect(other.sockets).toHaveLength(0);
  });

  test.each(STATUSES)('row 12: a %i on create, to where it came from', async (status) => {
    const session = await open({ faults: [{ request: 'createTask', do: { redirect: '/login', status } }] });
    const result = await run(session);
    expect(result).toMatchObject({ exitCode: 10, createsMs: [0], error: { id: 'LX530' } });
    const { host } = new URL(session.emulator.baseUrl);
    expect(result.error?.message).toBe(`refused a redirect to ${host}; redirects are not followed`);
    expect(session.requests).toHaveLength(1);
  });

  test.each(STATUSES)('row 12: a %i on a read', async (status) => {
    const other = await startOther();
    const session = await open({
      faults: [{ request: 'getTask', do: { redirect: `http://localhost:${other.port}/`, status } }],
    });
    const result = await run(session);
    expect(result).toMatchObject({ exitCode: 10, createsMs: [0], readsMs: { length: 1 } });
    expect(result.error).toMatchObject({ id: 'LX530', attempts: { length: 1 } });
    expect(other.sockets).toHaveLength(0);
  });

  test.each(STATUSES)('row 12: a %i on the logs costs the logs alone', async (status) => {
    const other = await startOther();
    const session = await open({
      faults: [{ request: 'listLogs', do: { redirect: `http://localhost:${other.port}/`, status } }],
    });
    const result = await run(session);
    expect(result).toMatchObject({ exitCode: 0, results: ['a'] });
    expect(JSON.parse(result.stdout)).toMatchObject({ warnings: [{ id: 'LX302' }] });
    expect(other.sockets).toHaveLength(0);
  });

  test.each([300, 304])('row 12: a %i that names no address', async (status) => {
    const session = await open({ faults: [{ request: 'createTask', do: { answer: { status } } }] });
    const result = await run(session);
    expect(result).toMatchObject({ exitCode: 10, createsMs: [0], error: { id: 'LX520' } });
    expect(result.error?.message).toBe(
      `the answer is not from the API (HTTP ${status}, and no address to go to)`,
    );
  });
});

const WRITE = 'universe.place.luau-execution-session:write';
const READ = 'universe.place.luau-execution-session:read';
const SAID = 'the scope is missing';

/** What bodies a refusal has been seen in, with the code that each of them gives. */
const FAMILIES: [name: string, answer: FaultAnswer, code: string | null, said: string | null][] = [
  ['the gateway', { body: { errors: [{ code: 0, message: SAID }] } }, '0', SAID],
  ['v2', { body: { code: 'PERMISSION_DENIED', message: SAID, details: [] } }, 'PERMISSION_DENIED', SAID],
  [
    'v1',
    { body: { error: 'INSUFFICIENT_SCOPE', message: SAID, errorDetails: [] } },
    'INSUFFICIENT_SCOPE',
    SAID,
  ],
  ['errorCode', { body: { errorCode: 'Forbidden', errorMessage: SAID } }, 'Forbidden', SAID],
  [
    'HTML',
    { headers: { 'content-type': 'text/html' }, body: `<html><title>${SAID}</title></html>` },
    null,
    SAID,
  ],
  ['plain text', { body: SAID }, null, SAID],
  ['nothing', {}, null, null],
];

describe('row 13: a key that may not', () => {
  const rows = [401, 403].flatMap((status) => FAMILIES.map((family) => [status, ...family] as const));
  const HEADLINES = new Map([
    [401, 'the API key was refused (401)'],
    [403, 'the key may not do this in universe 11 (403)'],
  ]);

  test.each(rows)('row 13: %i on create, in the words of %s', async (status, _name, answer, code, said) => {
    const session = await open({
      faults: [{ request: 'createTask', do: { answer: { ...answer, status } } }],
    });
    const result = await run(session);
    expect(result).toMatchObject({ exitCode: 4, createsMs: [0], tookMs: 0, readsMs: [] });
    expect(result.error).toMatchObject({
      id: `LX${status}`,
      code,
      message: HEADLINES.get(status),
      httpStatus: status,
      attempts: { length: 1 },
    });
    const facts = result.error?.facts ?? [];
    expect(facts.some((fact) => fact.includes(`scope ${WRITE}`))).toBe(true);
    expect(facts.filter((fact) => fact.startsWith('the service says'))).toEqual(
      said === null ? [] : [`the service says: "${said}"`],
    );
  });

  test.each(rows)('row 13: %i on a read, in the words of %s', async (status, _name, answer) => {
    const session = await open({ faults: [{ request: 'getTask', do: { answer: { ...answer, status } } }] });
    const result = await run(session);
    expect(result).toMatchObject({ exitCode: 4, createsMs: [0], readsMs: { length: 1 } });
    expect(result.error).toMatchObject({ id: `LX${status}`, attempts: { length: 1 } });
    expect(result.error?.facts.some((fact) => fact.includes(`scope ${READ} or ${WRITE}`))).toBe(true);
  });

  test('row 13: people are told the scope too', async () => {
    const answer = { status: 403, body: { error: 'INSUFFICIENT_SCOPE', message: SAID } };
    const session = await open({ faults: [{ request: 'createTask', do: { answer } }] });
    const { exitCode, stderr } = await run(session, 'run', 'a.luau');
    expect(exitCode).toBe(4);
    expect(stderr).toContain(`scope ${WRITE}`);
  });
});

const NOT_FOUND = { status: 404, body: { code: 'NOT_FOUND', message: 'no such thing', details: [] } };

/** A run of 70 s whose reads are answered with 404 while `isMissing` says so of the age of its task. */
async function openWithGaps(isMissing: (ageMs: number) => boolean) {
  const missedAtMs: number[] = [];
  let createdAtMs: number | null = null;
  const answerOf = ({ method, url }: HttpRequest, { clock }: CliSession) => {
    if (method === 'POST') createdAtMs = clock.now();
    const ageMs = clock.now() - (createdAtMs ?? 0);
    if (method !== 'GET' || url.pathname.endsWith('/logs') || !isMissing(ageMs)) return null;
    missedAtMs.push(ageMs);
    return { status: 404, headers: {}, body: Buffer.from(JSON.stringify(NOT_FOUND.body)) };
  };
  const session: CliSession = await open({
    scripts: { A: { afterMs: 70_000, result: { kind: 'complete', results: ['a'] } } },
    intercept: async (request, next) => answerOf(request, session) ?? next(request),
  });
  return { session, missedAtMs };
}

describe('row 14: not found', () => {
  test('row 14: 404 on create', async () => {
    const session = await open({ faults: [{ request: 'createTask', do: { answer: NOT_FOUND } }] });
    const result = await run(session);
    expect(result).toMatchObject({ exitCode: 5, createsMs: [0], tookMs: 0, error: { id: 'LX404' } });
    expect(result.error?.attempts).toHaveLength(1);
    expect(result.error?.message).toBe(
      'place 22 of universe 11 was not found, or the key may not see it (404)',
    );
  });

  test('row 14: 404 on the look at 1 s, then 200', async () => {
    let isOver = false;
    const { session, missedAtMs } = await openWithGaps((ageMs) => {
      const isMissing = !isOver && ageMs >= 1_000;
      isOver ||= isMissing;
      return isMissing;
    });
    const result = await run(session);
    expect(result).toMatchObject({ exitCode: 0, results: ['a'], retries: 1, createsMs: [0] });
    expect(missedAtMs).toHaveLength(1);
    expect(missedAtMs[0]).toBeLessThan(2_000);
  });

  test('row 14: 404 on every look for 6 s, then 200', async () => {
    const { session, missedAtMs } = await openWithGaps((ageMs) => ageMs < 6_000);
    const result = await run(session);
    expect(result).toMatchObject({ exitCode: 0, results: ['a'], createsMs: [0] });
    expect(missedAtMs.length).toBeGreaterThan(2);
    for (const [index, gapMs] of gapsOf(missedAtMs).entries()) {
      expect(gapMs).toBeLessThanOrEqual(500 * 2 ** index);
    }
  });

  test('row 14: 404 on the look at 60 s', async () => {
    const { session, missedAtMs } = await openWithGaps((ageMs) => ageMs >= 60_000);
    const result = await run(session);
    expect(result).toMatchObject({ exitCode: 5, results: null, createsMs: [0], error: { id: 'LX404' } });
    expect(result.error?.message).toBe('there is no such task, or the key may not see it (404)');
    // Believed at once.
    expect(missedAtMs).toHaveLength(1);
    expect(result.tookMs).toBe(missedAtMs[0]);
  });

  test('row 14: 404 on the first look at a task of somebody else is believed', async () => {
    const session = await open();
    await session.run('run', 'a.luau', '--detach', '-q');
    const { exitCode, readsMs } = await run(
      session,
      'wait',
      'universes/11/places/22/luau-execution-session-tasks/x',
    );
    expect({ exitCode, readsMs }).toEqual({ exitCode: 5, readsMs: [0] });
  });
});
