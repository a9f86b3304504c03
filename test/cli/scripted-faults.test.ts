import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import { type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';
import { describeSlips } from '../helpers/emulator-slips.ts';

const open = useCliSessions();
const SCRIPT: CliSessionOptions = {
  files: { 'a.luau': 'A', 'b.luau': 'B' },
  scripts: { A: { result: { kind: 'complete', results: ['a'] } }, B: { afterMs: 5_000 } },
};

/** Runs a script while requests go wrong, and tells how long that took in virtual time. */
async function runWith(faults: Fault[], ...argv: string[]) {
  const session = await open({ ...SCRIPT, faults });
  const startMs = session.clock.now();
  const result = await session.run('run', ...argv);
  return { ...session, ...result, tookMs: session.clock.now() - startMs };
}

describe('virtual time and answers that are held back', () => {
  it('a create that is never answered ends by its deadline', async () => {
    const { exitCode, requests, tookMs } = await runWith(
      [{ request: 'createTask', do: { never: true, after: true } }],
      'a.luau',
    );
    expect({ exitCode, requests: requests.length }).toEqual({ exitCode: 9, requests: 1 });
    expect(tookMs).toBeGreaterThanOrEqual(30_000);
    expect(tookMs).toBeLessThanOrEqual(60_000);
  });

  it('reads that are never answered are given up one by one, then all is well', async () => {
    const { exitCode, tookMs } = await runWith(
      [{ request: 'getTask', nth: 2, times: 3, do: { never: true } }],
      'b.luau',
    );
    expect(exitCode).toBe(0);
    expect(tookMs).toBeGreaterThanOrEqual(3 * 8_000);
    expect(tookMs).toBeLessThan(3 * 8_000 + 15_000);
  });

  it('a late answer is late by as much as was said', async () => {
    const { exitCode, tookMs } = await runWith(
      [{ request: 'createTask', do: { delayMs: 20_000 } }],
      'a.luau',
    );
    expect(exitCode).toBe(0);
    expect(tookMs).toBeGreaterThanOrEqual(20_000);
    expect(tookMs).toBeLessThan(25_000);
  });

  it('a body that drips arrives when it is fast enough', async () => {
    const drip = { bytes: 100, everyMs: 1_000 };
    const { exitCode, stdout } = await runWith([{ request: 'getTask', do: { drip } }], 'a.luau');
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: '"a"\n' });
  });

  it('a body that drips too slowly is given up by the deadline of the attempt', async () => {
    const drip = { bytes: 1, everyMs: 1_000 };
    const { exitCode, tookMs } = await runWith([{ request: 'getTask', nth: 2, do: { drip } }], 'b.luau');
    expect(exitCode).toBe(0);
    expect(tookMs).toBeGreaterThanOrEqual(15_000);
    expect(tookMs).toBeLessThan(25_000);
  });

  it.each([5, 6, 7, 8])('one of several tasks waits while the others go on (read %i)', async (nth) => {
    const { exitCode, stdout, tookMs } = await runWith(
      [{ request: 'getTask', nth, do: { never: true } }],
      ...['b.luau', 'a.luau', 'b.luau', 'b.luau'],
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringContaining('"a"') });
    expect(tookMs).toBeGreaterThanOrEqual(8_000);
    expect(tookMs).toBeLessThan(20_000);
  });

  it('one of several creates that are alike is never answered', async () => {
    const { exitCode, requests, tookMs } = await runWith(
      [{ request: 'createTask', nth: 2, do: { never: true } }],
      ...['a.luau', 'b.luau', 'a.luau'],
    );
    expect(exitCode).toBe(9);
    expect(requests.filter((request) => request.startsWith('POST'))).toHaveLength(3);
    expect(tookMs).toBeLessThanOrEqual(60_000);
  });

  it('an intercepted request is no exception', async () => {
    const session = await open({
      ...SCRIPT,
      faults: [{ request: 'getTask', nth: 2, times: 2, do: { never: true } }],
      intercept: (request, next) => next(request),
    });
    expect(await session.run('run', 'b.luau')).toMatchObject({ exitCode: 0 });
  });
});

describe('a test that says more than happens', () => {
  it.fails('fails when a fault was not met', async () => {
    await runWith([{ request: 'getTask', nth: 99, do: { never: true } }], 'a.luau');
  });

  it.fails('fails when a fault was not met often enough', async () => {
    const faults: Fault[] = [{ request: 'createTask', times: 2, do: { answer: { status: 502 } } }];
    await runWith(faults, 'a.luau');
  });

  it.fails('fails when a request came that the emulator does not know', async () => {
    const session = await open();
    await fetch(`${session.emulator.baseUrl}/cloud/v3/x`);
  });

  it('is told what it was', async () => {
    const fault: Fault = { request: 'getTask', times: 2, do: { never: true } };
    const slips = describeSlips({
      unmetFaults: () => [{ ...fault, metTimes: 1 }],
      unknownRequests: () => ['GET /x'],
    });
    expect(slips).toEqual([
      `met 1 times only: the fault ${JSON.stringify(fault)}`,
      'the emulator has no answer for GET /x',
    ]);
    expect(describeSlips({ unmetFaults: () => [], unknownRequests: () => [] })).toEqual([]);
  });
});
