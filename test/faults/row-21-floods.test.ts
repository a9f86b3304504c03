import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/emulator/faults.ts';
import { collect, useWorkplaces } from '../helpers/bin.ts';
import { useCliSessions } from '../helpers/cli-session.ts';
import { useRawServers } from '../open-cloud/raw-server.ts';

const openPlace = useWorkplaces();
const openSession = useCliSessions();
const { startServer } = useRawServers();
const PRELOAD = fileURLToPath(new URL('../helpers/peak-memory.cjs', import.meta.url));
const PATH = 'universes/11/places/22/luau-execution-session-tasks/t-1';
const MOST_BYTES = 200_000_000;
const GIGABYTE = 1_000_000_000;
const PIECE = Buffer.alloc(64 * 1024, 'x');
const PIECE_AS_CHUNK = Buffer.concat([Buffer.from('10000\r\n'), PIECE, Buffer.from('\r\n')]);

/** Writes `piece` again and again, as fast as it is taken, until `totalBytes` are out or the client has gone. */
function flood(socket: Socket, head: string, piece: Buffer, totalBytes: number): void {
  let leftBytes = totalBytes;
  const write = () => {
    while (leftBytes > 0 && !socket.destroyed) {
      leftBytes -= piece.length;
      if (!socket.write(piece)) {
        socket.once('drain', write);
        return;
      }
    }
  };
  socket.write(head);
  write();
}

const OK = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const FLOODS: [name: string, send: (socket: Socket) => void][] = [
  [
    '1 GB that it announces',
    (socket) => flood(socket, `${OK}content-length: ${GIGABYTE}\r\n\r\n`, PIECE, GIGABYTE),
  ],
  [
    '1 GB up to the end of the connection',
    (socket) => flood(socket, `${OK}connection: close\r\n\r\n`, PIECE, GIGABYTE),
  ],
  [
    'chunks without end',
    (socket) =>
      flood(socket, `${OK}transfer-encoding: chunked\r\n\r\n`, PIECE_AS_CHUNK, Number.POSITIVE_INFINITY),
  ],
  ['a header of 64 MB', (socket) => flood(socket, `${OK}x-flood: `, PIECE, 64_000_000)],
  [
    '64 MB of headers',
    (socket) => flood(socket, OK, Buffer.from('x-flood: 0123456789\r\n'.repeat(1_000)), 64_000_000),
  ],
  [
    'a refusal of 1 GB',
    (socket) => flood(socket, `HTTP/1.1 503 No\r\ncontent-length: ${GIGABYTE}\r\n\r\n`, PIECE, GIGABYTE),
  ],
];

const json = (body: string) => `${OK}content-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
const COMPLETE = json(`{"path":"${PATH}","state":"COMPLETE","output":{"results":["kept"]}}`);

interface Answers {
  create?: (socket: Socket) => void;
  get?: (socket: Socket) => void;
  logs?: (socket: Socket) => void;
}

/** Starts the built program against a server that answers each kind of request as told. */
async function start(answers: Answers, ...argv: string[]) {
  const place = openPlace();
  const server = await startServer({
    onRequest: (socket, text) => {
      const path = text.split(' ', 2)[1] ?? '';
      if (text.startsWith('POST ')) answers.create?.(socket);
      else if (path.includes('/logs?')) answers.logs?.(socket);
      else answers.get?.(socket);
    },
  });
  const memoryFile = join(place.directory, 'peak-memory.txt');
  const child = place.start([...argv, '--json'], {
    env: {
      ROBLOX_API_KEY: 'flood-key-3a9c51d2e84b607f',
      UNIVERSE_ID: '11',
      PLACE_ID: '22',
      LUAU_EXEC_BASE_URL: server.url,
      NODE_OPTIONS: `--require ${PRELOAD}`,
      PEAK_MEMORY_FILE: memoryFile,
    },
  });
  child.stdin.end();
  const ended = collect(child);
  const countRequests = (method: string) =>
    server.requests.filter((text) => text.startsWith(`${method} `)).length;
  return { child, ended, countRequests, readPeakBytes: () => Number(readFileSync(memoryFile, 'utf8')) };
}

async function run(answers: Answers, ...argv: string[]) {
  const { ended, countRequests, readPeakBytes } = await start(answers, ...argv);
  const { exitCode, stdout, stderr } = await ended;
  return { exitCode, stderr, envelope: JSON.parse(stdout), peakBytes: readPeakBytes(), countRequests };
}

describe('row 21: answers without measure', () => {
  it.each(FLOODS)('row 21: %s, to a read, is cut off', async (_name, send) => {
    const { exitCode, stderr, envelope, peakBytes, countRequests } = await run({ get: send }, 'wait', PATH);
    expect({ exitCode, stderr }).toEqual({ exitCode: 10, stderr: '' });
    expect(envelope).toMatchObject({ outcome: 'bad_response', results: null, error: { id: 'LX520' } });
    expect(envelope.error.message).toContain('the answer is too large');
    expect(countRequests('GET')).toBe(1);
    expect(peakBytes).toBeGreaterThan(10_000_000);
    expect(peakBytes).toBeLessThan(MOST_BYTES);
  });

  it.each(FLOODS)('row 21: %s, to a create, leaves its outcome unknown', async (_name, send) => {
    const { exitCode, envelope, peakBytes, countRequests } = await run(
      { create: send },
      'run',
      '-e',
      'return 1',
    );
    expect({ exitCode, posts: countRequests('POST') }).toEqual({ exitCode: 9, posts: 1 });
    expect(envelope).toMatchObject({ outcome: 'unknown', error: { id: 'LX510' } });
    expect(peakBytes).toBeLessThan(MOST_BYTES);
  });

  it.each(FLOODS)('row 21: %s, in place of logs, costs the logs alone', async (_name, send) => {
    const get = (socket: Socket) => void socket.write(COMPLETE);
    const { exitCode, envelope, peakBytes } = await run({ get, logs: send }, 'wait', PATH);
    expect(exitCode).toBe(0);
    expect(envelope).toMatchObject({
      results: ['kept'],
      logs: { messages: [], complete: false },
      warnings: [{ id: 'LX302' }],
    });
    expect(peakBytes).toBeLessThan(MOST_BYTES);
  });
});

describe('row 21: a gzip bomb', () => {
  const bomb = gzipSync(Buffer.alloc(300_000_000, ' '), { level: 9 });

  it('row 21: is not unpacked', async () => {
    const head = `${OK}content-encoding: gzip\r\ncontent-length: ${bomb.length}\r\n\r\n`;
    const get = (socket: Socket) => {
      socket.write(head);
      socket.write(bomb);
    };
    const { child, ended, countRequests, readPeakBytes } = await start({ get }, 'wait', PATH);
    // It is asked for again for two minutes, which nobody waits for here: the second time is enough.
    await expect
      .poll(() => countRequests('GET'), { interval: 20, timeout: 10_000 })
      .toBeGreaterThanOrEqual(2);
    child.kill('SIGUSR2');
    await ended;
    expect(readPeakBytes()).toBeLessThan(MOST_BYTES);
  });

  it('row 21: for good, ends with 10', async () => {
    const answer = {
      headers: { 'content-type': 'application/json', 'content-encoding': 'gzip' },
      bodyBase64: gzipSync(`{"path":"${PATH}","state":"COMPLETE"}`).toString('base64'),
    };
    const faults: Fault[] = [{ request: 'getTask', times: 'always', do: { answer } }];
    const session = await openSession({ faults });
    const { exitCode, stdout } = await session.run('wait', PATH, '--json');
    expect(exitCode).toBe(10);
    expect(JSON.parse(stdout)).toMatchObject({ outcome: 'bad_response', error: { id: 'LX520' } });
  });
});

describe('row 21: answers that are large but within measure', () => {
  it('row 21: a result of 4 MB is whole', async () => {
    const text = 'y'.repeat(4_194_000);
    const get = (socket: Socket) =>
      void socket.write(json(`{"path":"${PATH}","state":"COMPLETE","output":{"results":["${text}"]}}`));
    const logs = (socket: Socket) => void socket.write(json('{"luauExecutionSessionTaskLogs":[{}]}'));
    const { exitCode, envelope, peakBytes } = await run({ get, logs }, 'wait', PATH);
    expect(exitCode).toBe(0);
    const digest = (value: string) => createHash('sha256').update(value).digest('hex');
    expect(digest(envelope.results[0])).toBe(digest(text));
    expect(peakBytes).toBeLessThan(MOST_BYTES);
  });
});
