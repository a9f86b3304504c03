import { once } from 'node:events';
import { createServer as createHttpsServer } from 'node:https';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { startEmulator } from '../../src/emulator/server.ts';
import { useWorkplaces, type Workplace } from '../helpers/bin.ts';
import { type Certificates, createCertificates } from '../helpers/certificates.ts';
import { createScriptedLuau } from '../helpers/scripted-luau.ts';
import { useRawServers } from '../open-cloud/raw-server.ts';

// The built program in a process of its own: Node reads which authorities to trust only as it starts.
const openWorkplace = useWorkplaces();
const { startServer } = useRawServers();
let certificates: Certificates;
beforeAll(() => {
  certificates = createCertificates();
});
afterAll(() => certificates.remove());
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function listen(server: Server): Promise<number> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => sockets.add(socket));
  cleanups.push(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  // No address: `localhost` may be either of the two protocols' loopback.
  server.listen(0);
  await once(server, 'listening');
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function runScript(place: Workplace, port: number) {
  const env = {
    ROBLOX_API_KEY: 'the-key-of-row-12',
    UNIVERSE_ID: '11',
    PLACE_ID: '22',
    LUAU_EXEC_BASE_URL: `https://localhost:${port}`,
    NODE_EXTRA_CA_CERTS: certificates.authorityFile,
  };
  return place.run(['run', '-e', 'return 1', '--json'], { env });
}

test('row 4: RST on accept over TLS, then ok', async () => {
  const { runLuau, jobs } = createScriptedLuau({
    'return 1': { result: { kind: 'complete', results: [1] } },
  });
  const emulator = await startEmulator({ clock: systemClock, runLuau });
  cleanups.push(() => emulator.close());
  const received: string[] = [];
  const tls = createTlsServer(certificates.valid, (socket) => {
    const upstream = connect(Number(new URL(emulator.baseUrl).port), '127.0.0.1');
    socket
      .on('error', () => upstream.destroy())
      .on('data', (chunk) => received.push(chunk.toString('latin1')));
    upstream.on('error', () => socket.destroy());
    socket.pipe(upstream).pipe(socket);
  });
  let connections = 0;
  const port = await listen(
    createServer((socket) => {
      socket.on('error', () => undefined);
      if (++connections === 1) socket.resetAndDestroy();
      else tls.emit('connection', socket);
    }),
  );
  const { exitCode, stdout } = await runScript(openWorkplace(), port);
  expect(exitCode).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({ outcome: 'ok', results: [1], timing: { retries: 1 } });
  expect(received.join('').match(/^POST /gm)).toHaveLength(1);
  expect(jobs).toHaveLength(1);
});

test.each([301, 302, 307, 308])('row 12: a %i from https to http on the same host', async (status) => {
  const other = await startServer({ onRequest: (socket) => socket.end() });
  const requests: string[] = [];
  const port = await listen(
    createHttpsServer(certificates.valid, (request, response) => {
      requests.push(`${request.method} ${request.headers['x-api-key']}`);
      request.resume();
      response.writeHead(status, { location: `http://localhost:${other.port}${request.url}` }).end();
    }),
  );
  const { exitCode, stdout, stderr } = await runScript(openWorkplace(), port);
  expect(exitCode).toBe(10);
  expect(JSON.parse(stdout)).toMatchObject({
    exitCode: 10,
    error: {
      id: 'LX530',
      httpStatus: status,
      message: `refused a redirect to localhost:${other.port}; the key was not sent there`,
    },
  });
  expect(requests).toEqual(['POST the-key-of-row-12']);
  expect(other.sockets).toHaveLength(0);
  expect(stdout + stderr).not.toContain('the-key-of-row-12');
});
