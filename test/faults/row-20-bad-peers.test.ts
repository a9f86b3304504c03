import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import { type CliSession, type CliSessionOptions, useCliSessions } from '../helpers/cli-session.ts';
import { type GateOptions, type GateRequest, useGates } from '../helpers/tcp-gate.ts';

const open = useCliSessions();
const openGate = useGates();
/** Makes the first read open a connection of its own: the gate's connection 1. */
const CREATE_ENDS_ITS_CONNECTION: Fault = { request: 'createTask', do: { headers: { connection: 'close' } } };
const FIRST_READ_MS = 60_000;
const READ_MS = 8_000;
const ATTEMPT_MS = 15_000;
/** The longest that any of the first three retries in a row waits. */
const LONGEST_WAIT_MS = 2_000;

const SCRIPT: CliSessionOptions = {
  files: { 'a.luau': 'A' },
  scripts: { A: { afterMs: 20_000, result: { kind: 'complete', results: ['done'] } } },
};

interface GateSetting extends Omit<GateOptions, 'target' | 'onStall' | 'drips'> {
  faults?: Fault[];
  drips?: (request: GateRequest, session: CliSession) => AsyncIterable<string>;
}

/** Runs a script of 20 s through a gate. `timesMs` has the virtual time of each request, by the gate's count. */
async function runThroughGate({ faults = [], drips, ...setting }: GateSetting) {
  const timesMs: number[] = [];
  const session = await open({ ...SCRIPT, faults });
  const gate = await openGate({
    ...setting,
    target: session.emulator.baseUrl,
    onStall: session.onStall,
    onRequest: (request) => {
      timesMs.push(session.clock.now());
      return setting.onRequest?.(request) ?? 'pass';
    },
    ...(drips && { drips: (request) => drips(request, session) }),
  });
  const startMs = session.clock.now();
  const result = await session.run('run', 'a.luau', '--json', '--base-url', gate.url);
  const tookMs = session.clock.now() - startMs;
  const envelope = JSON.parse(result.stdout);
  const creates = gate.requests.filter(({ method }) => method === 'POST').length;
  return { ...result, envelope, retries: envelope.timing?.retries, creates, gate, timesMs, tookMs, session };
}

const SUCCESS = { exitCode: 0, stderr: '', creates: 1, envelope: { results: ['done'], warnings: [] } };

describe('row 20: a peer that closes right after the accept', () => {
  it.each(['end', 'reset'] as const)('row 20: is tried again (%s)', async (how) => {
    const run = await runThroughGate({
      faults: [CREATE_ENDS_ITS_CONNECTION],
      onAccept: (connection) => (connection >= 1 && connection <= 3 ? how : 'open'),
    });
    expect(run).toMatchObject(SUCCESS);
    expect(run.gate.connections()).toBeGreaterThanOrEqual(5);
    expect(run.retries).toBeGreaterThanOrEqual(1);
    expect(run.tookMs).toBeLessThan(30_000);
  });

  it.each(['end', 'reset'] as const)('row 20: for good, is given up in time (%s)', async (how) => {
    const run = await runThroughGate({
      faults: [CREATE_ENDS_ITS_CONNECTION],
      onAccept: (connection) => (connection >= 1 ? how : 'open'),
    });
    expect(run).toMatchObject({ exitCode: 7, stderr: '', creates: 1, envelope: { error: { id: 'LX503' } } });
    expect(run.tookMs).toBeLessThan(125_000);
  });
});

/** True for the reads of these numbers, counted from 1, whatever their connections are. */
function createReadFilter(...numbers: number[]): (request: GateRequest) => boolean {
  let reads = 0;
  return ({ method }) => method === 'GET' && numbers.includes(++reads);
}

/** Virtual time from one request at the gate to the next, from the request `first` on. */
function listGapsMs({ timesMs }: { timesMs: number[] }, first: number): number[] {
  return timesMs.slice(first).map((atMs, index) => (timesMs[first + index + 1] ?? Number.NaN) - atMs);
}

describe('row 20: a peer that is half-open', () => {
  it('row 20: each attempt ends by its deadline, then a new connection is tried', async () => {
    const isSilent = createReadFilter(1, 2, 3);
    const run = await runThroughGate({
      faults: [CREATE_ENDS_ITS_CONNECTION],
      onRequest: (request) => (isSilent(request) ? 'swallow' : 'pass'),
    });
    expect(run).toMatchObject({ ...SUCCESS, retries: 3 });
    expect(new Set(run.gate.requests.map(({ connection }) => connection)).size).toBe(5);
    const [firstMs, secondMs, thirdMs] = listGapsMs(run, 1);
    for (const [gapMs, deadlineMs] of [
      [firstMs, FIRST_READ_MS],
      [secondMs, READ_MS],
      [thirdMs, READ_MS],
    ]) {
      expect(gapMs).toBeGreaterThanOrEqual(deadlineMs ?? Number.NaN);
      expect(gapMs).toBeLessThanOrEqual((deadlineMs ?? 0) + LONGEST_WAIT_MS);
    }
  });

  it('row 20: a connection that was used before can go silent too', async () => {
    const isSilent = createReadFilter(4);
    const run = await runThroughGate({ onRequest: (request) => (isSilent(request) ? 'swallow' : 'pass') });
    expect(run).toMatchObject({ ...SUCCESS, retries: 1 });
    const [silent, next] = run.gate.requests.slice(4);
    expect(silent).toMatchObject({ connection: 0, index: 4 });
    expect(next).toMatchObject({ index: 0 });
    const [gapMs] = listGapsMs(run, 4);
    expect(gapMs).toBeGreaterThanOrEqual(READ_MS);
    expect(gapMs).toBeLessThanOrEqual(READ_MS + LONGEST_WAIT_MS);
  });
});

describe('row 20: a peer that drips', () => {
  it('row 20: its headers, ends by the deadline for headers', async () => {
    const isDripping = createReadFilter(4);
    let drips = 0;
    const run = await runThroughGate({
      onRequest: (request) => (isDripping(request) ? 'swallow' : 'pass'),
      async *drips(_request, { clock }) {
        yield 'HTTP/1.1 200 OK\r\n';
        for (; ; drips++) {
          await clock.background.sleep(1_000);
          yield `x-drip-${drips}: ${drips}\r\n`;
        }
      },
    });
    expect(run).toMatchObject({ ...SUCCESS, retries: 1 });
    expect(drips).toBeGreaterThanOrEqual(7);
    const [gapMs] = listGapsMs(run, 4);
    expect(gapMs).toBeGreaterThanOrEqual(READ_MS);
    expect(gapMs).toBeLessThanOrEqual(READ_MS + LONGEST_WAIT_MS);
  });

  it('row 20: its body, ends by the deadline of the attempt', async () => {
    const drip = { bytes: 1, everyMs: 1_000 };
    const timesMs: number[] = [];
    const session = await open({
      ...SCRIPT,
      faults: [{ request: 'getTask', nth: 4, times: 2, do: { drip } }],
      intercept: (request, next) => {
        timesMs.push(session.clock.now());
        return next(request);
      },
    });
    const { exitCode, stdout } = await session.run('run', 'a.luau', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ ...SUCCESS.envelope, timing: { retries: 2 } });
    for (const gapMs of listGapsMs({ timesMs }, 4).slice(0, 2)) {
      expect(gapMs).toBeGreaterThanOrEqual(ATTEMPT_MS);
      expect(gapMs).toBeLessThanOrEqual(ATTEMPT_MS + LONGEST_WAIT_MS);
    }
  });
});

describe('row 20: a connection that died between two requests', () => {
  it('row 20: by a reset, is replaced at once', async () => {
    const run = await runThroughGate({
      onRequest: ({ connection, index }) => (connection === 0 && index === 4 ? 'reset' : 'pass'),
    });
    expect(run).toMatchObject({ ...SUCCESS, retries: 1 });
    expect(run.gate.connections()).toBe(2);
    const [deadMs, nextMs] = run.timesMs.slice(4);
    expect(nextMs).toBe(deadMs);
  });

  it('row 20: and whose successor is reset too, is replaced after a wait', async () => {
    const run = await runThroughGate({
      onRequest: ({ connection, index }) =>
        (connection === 0 && index === 4) || (connection === 1 && index === 0) ? 'reset' : 'pass',
    });
    expect(run).toMatchObject({ ...SUCCESS, retries: 2 });
    expect(run.gate.connections()).toBe(3);
    const [deadMs = 0, secondMs, thirdMs = 0] = run.timesMs.slice(4);
    expect(secondMs).toBe(deadMs);
    expect(thirdMs).toBeGreaterThan(deadMs);
    expect(thirdMs - deadMs).toBeLessThanOrEqual(1_000);
  });

  it('row 20: because the server ended it after an answer, is replaced without a word', async () => {
    const run = await runThroughGate({
      faults: [{ request: 'getTask', times: 5, do: { headers: { connection: 'close' } } }],
    });
    expect(run).toMatchObject({ ...SUCCESS, retries: 0 });
    expect(run.gate.connections()).toBe(6);
  });
});
