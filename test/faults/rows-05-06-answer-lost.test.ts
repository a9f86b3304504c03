import { EventEmitter, once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import { API_KEY, type CliSession } from '../helpers/cli-session.ts';
import { useRawServers } from '../open-cloud/raw-server.ts';
import { type FaultRun, passTime, useFaultRuns } from './fault-runs.ts';

const { open, run } = useFaultRuns();
const { startServer } = useRawServers();

const HALF_STATUS = 'HTTP/1.1 20';
const HALF_HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-le';

function end(socket: Socket): void {
  socket.end();
}
/** Behind what was written, not in its place. */
function reset(socket: Socket): void {
  setImmediate(() => socket.resetAndDestroy());
}

function expectUnknown({ exitCode, error, results }: FaultRun): void {
  expect({ exitCode, results }).toEqual({ exitCode: 9, results: null });
  expect(error).toMatchObject({ id: 'LX510', attempts: { length: 1 } });
  expect(error?.message).toBe('the script was sent but no usable answer came: it may be running');
  expect(error?.facts).toContain('it was not sent again, so that it cannot run twice');
}

test.each<[name: string, written: string, finish: (socket: Socket) => void]>([
  ['FIN', '', end],
  ['RST', '', reset],
  ['half a status line and FIN', HALF_STATUS, end],
  ['half a status line and RST', HALF_STATUS, reset],
  ['half a head and FIN', HALF_HEAD, end],
  ['half a head and RST', HALF_HEAD, reset],
  ['an interim answer and FIN', 'HTTP/1.1 103 Early Hints\r\nx: y\r\n\r\n', end],
])('row 5: %s after the create was written', async (_name, written, finish) => {
  const server = await startServer({
    onRequest: (socket) => {
      if (written !== '') socket.write(written);
      finish(socket);
    },
  });
  const session = await open({ env: { LUAU_EXEC_BASE_URL: server.url } });
  const result = await run(session);
  expectUnknown(result);
  expect(result.tookMs).toBe(0);
  expect(server.requests).toEqual([expect.stringMatching(/^POST /)]);
  expect(server.sockets).toHaveLength(1);
});

test.each<[name: string, written: string, drip: string]>([
  ['no answer at all', '', ''],
  ['half a status line and silence', HALF_STATUS, ''],
  ['half a head and silence', HALF_HEAD, ''],
  ['a head without an end', 'HTTP/1.1 200 OK\r\n', 'x: y\r\n'],
])('row 5: %s', async (_name, written, drip) => {
  const events = new EventEmitter();
  const server = await startServer({
    onRequest: (socket) => {
      if (written !== '') socket.write(written);
      if (drip !== '') void dripForEver(session, socket, drip);
      events.emit('request');
    },
  });
  const session = await open({
    env: { LUAU_EXEC_BASE_URL: server.url },
    intercept: (request, next) => {
      const isHanging = once(events, 'request');
      return passTime(session, 30_000, { answer: next(request), isHanging });
    },
  });
  const result = await run(session);
  expectUnknown(result);
  expect(result.error?.attempts[0]?.reason).toBe('gave up after 30 s while waiting for an answer');
  expect(result.tookMs).toBe(30_000);
  expect(server.requests).toHaveLength(1);
});

async function dripForEver(session: CliSession, socket: Socket, drip: string): Promise<void> {
  while (!socket.destroyed) {
    await session.clock.background.sleep(5_000);
    socket.write(drip);
  }
}

test.each<[name: string, fault: Fault['do'], tookMs: number]>([
  ['FIN', { close: 'after' }, 0],
  ['RST', { reset: 'after' }, 0],
  ['half a status line', { raw: HALF_STATUS, after: true }, 0],
  ['no answer', { never: true, after: true }, 30_000],
])('row 5: %s while the script really runs', async (_name, fault, tookMs) => {
  const session = await open({ faults: [{ request: 'createTask', do: fault }] });
  const result = await run(session);
  expectUnknown(result);
  expect(result.tookMs).toBe(tookMs);
  expect(result.createsMs).toEqual([0]);
});

/** How an answer ends before all of it was written. */
interface Cut {
  name: string;
  write(socket: Socket, part: string, whole: string): void;
  /** Nothing ends the connection, so the deadline of the body does. */
  isSilent?: true;
}

const head = (framing: string, status = '200 OK') =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\n${framing}\r\n\r\n`;
const withLength = (part: string, whole: string) => head(`content-length: ${whole.length}`) + part;

const CUTS: Cut[] = [
  {
    name: 'a length that is not reached, and FIN',
    write: (socket, part, whole) => socket.end(withLength(part, whole)),
  },
  {
    name: 'a length that is not reached, and RST',
    write: (socket, part, whole) => socket.write(withLength(part, whole), () => reset(socket)),
  },
  {
    name: 'no last chunk, and FIN',
    write: (socket, part) =>
      socket.end(`${head('transfer-encoding: chunked')}${part.length.toString(16)}\r\n${part}\r\n`),
  },
  {
    name: 'half a chunk, and RST',
    write: (socket, part, whole) =>
      socket.write(`${head('transfer-encoding: chunked')}${whole.length.toString(16)}\r\n${part}`, () =>
        reset(socket),
      ),
  },
  {
    name: 'a length that is not reached, and silence',
    write: (socket, part, whole) => socket.write(withLength(part, whole)),
    isSilent: true,
  },
  {
    name: 'a length that fits the part',
    write: (socket, part) => socket.write(withLength(part, part)),
  },
];

const behindPath = (whole: string) => whole.indexOf('"', whole.indexOf('"path":"') + 8) + 1;

/** A server that has creates carried out by the emulator and writes their answers as it likes. */
async function openBehindGate(write: (socket: Socket, whole: string) => void, { isSilent = false } = {}) {
  const events = new EventEmitter();
  const server = await startServer({
    onRequest: (socket, text) => {
      void carryOut(session, text).then((whole) => {
        write(socket, whole);
        events.emit('written');
      });
    },
  });
  const session = await open({
    intercept: (request, next) => {
      if (request.method !== 'POST') return next(request);
      const isHanging = once(events, 'written');
      const answer = next({ ...request, url: new URL(request.url.pathname, server.url) });
      return isSilent ? passTime(session, 15_000, { answer, isHanging }) : answer;
    },
  });
  return { session, server };
}

async function carryOut({ emulator }: CliSession, request: string): Promise<string> {
  const [head = '', body = ''] = request.split('\r\n\r\n');
  const path = head.split(' ')[1] ?? '';
  const headers = { 'x-api-key': API_KEY, 'content-type': 'application/json' };
  return (await fetch(emulator.baseUrl + path, { method: 'POST', headers, body })).text();
}

test.each(CUTS)('row 6: $name; the path can be read', async ({ write, isSilent = false }) => {
  const { session, server } = await openBehindGate(
    (socket, whole) => write(socket, whole.slice(0, behindPath(whole)), whole),
    { isSilent },
  );
  const result = await run(session);
  expect(result).toMatchObject({ exitCode: 0, results: ['a'], error: null, createsMs: [0] });
  expect(server.requests).toHaveLength(1);
  expect(result.tookMs).toBe(isSilent ? 15_000 : 0);
  // The path went into the journal too.
  expect(await session.run('status')).toMatchObject({ exitCode: 0 });
});

test.each(CUTS)('row 6: $name; the path cannot be read', async ({ write, isSilent = false }) => {
  const { session, server } = await openBehindGate(
    (socket, whole) => write(socket, whole.slice(0, behindPath(whole) - 1), whole),
    { isSilent },
  );
  const result = await run(session);
  expectUnknown(result);
  expect(server.requests).toHaveLength(1);
  expect(result.createsMs).toEqual([0]);
  expect(result.tookMs).toBe(isSilent ? 15_000 : 0);
});

test.each<[name: string, tamper: (whole: string) => string]>([
  ['of another place', (whole) => withLength(whole.replace('places/22', 'places/23').slice(0, 200), whole)],
  [
    'in an answer that is no success',
    (whole) =>
      head(`content-length: ${whole.length}`, '502 Bad Gateway') + whole.slice(0, behindPath(whole) + 1),
  ],
  ['in a head without a body', (whole) => head(`x-path: ${whole.slice(0, 200)}\r\ncontent-length: 9`)],
])('row 6: a path %s is not taken', async (_name, tamper) => {
  const { session } = await openBehindGate((socket, whole) => socket.end(tamper(whole)));
  const result = await run(session);
  expectUnknown(result);
  expect(result.createsMs).toEqual([0]);
});

test('row 6: an interrupt while the rest is awaited; the path can be read', async () => {
  const { session } = await openBehindGate(
    (socket, whole) => {
      socket.write(withLength(whole.slice(0, behindPath(whole)), whole));
      session.interrupt('SIGINT');
    },
    // Longer than an interrupted create may take.
    { isSilent: true },
  );
  const result = await run(session);
  expect(result).toMatchObject({ exitCode: 130, error: { id: 'LX602' }, createsMs: [0] });
  expect(result.error?.hint).toMatch(/^luau-exec wait universes\/11\/places\/22\/versions\/1\/\S+$/);
});

test('row 6: a read that is cut is asked again, whatever it holds', async () => {
  const session = await open({
    faults: [
      { request: 'getTask', do: { truncate: 200 } },
      { request: 'listLogs', do: { truncate: 20 } },
    ],
  });
  const result = await run(session);
  expect(result).toMatchObject({ exitCode: 0, results: ['a'], retries: 2, readsMs: { length: 2 } });
});
