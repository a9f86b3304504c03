import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { buildWithRojo, type RojoOptions } from '../../src/place/build-with-rojo.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { type RojoSession, useRojoSessions } from './fake-rojo.ts';

const openSession = useRojoSessions();
const PROJECT = 'default.project.json';
const IGNORE_TERM = "process.on('SIGTERM', () => {});";
/** Keeps a process alive, and lets the test see when it ends: the system closes the connections of the dead. */
const CONNECT = "require('node:net').connect(Number(process.env.PORT), '127.0.0.1');";

let server: Server;
let sockets: Socket[] = [];
beforeEach(async () => {
  sockets = [];
  server = createServer((socket) => sockets.push(socket.on('error', () => undefined))).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterEach(() => {
  for (const socket of sockets) socket.destroy();
  server.close();
});

/** A build that goes on until it is ended, with a fake that does what `body` says. */
function start(body: string, changes: Partial<RojoOptions> = {}) {
  const [stop, second] = [new AbortController(), new AbortController()];
  let asked = 0;
  const session = openSession(changes);
  const env = { ...session.options.env, PORT: String((server.address() as AddressInfo).port) };
  const takeSecondStop = () => {
    asked++;
    return second.signal;
  };
  session.writeRojo(`fs.writeFileSync(output, 'half of a place'); ${body}`);
  const building = buildWithRojo(PROJECT, { ...session.options, env, signal: stop.signal, takeSecondStop });
  building.catch(() => undefined);
  return { session, building, stop, second, countAsked: () => asked };
}

/** Starts a program in node, which is the fake's child. */
const startChild = (body: string, options: string) =>
  `spawn(process.execPath, ['-e', ${JSON.stringify(body)}], ${options});`;

async function waitForSockets(count: number): Promise<void> {
  while (sockets.length < count) await once(server, 'connection');
}

/** Resolves once everybody who had connected is dead. */
async function waitForDeaths(): Promise<void> {
  for (const socket of sockets) if (!socket.closed) await once(socket.resume(), 'close');
}

async function untilPrinted(session: RojoSession, pattern: RegExp): Promise<void> {
  await expect.poll(() => session.printed.join(''), { interval: 5, timeout: 10_000 }).toMatch(pattern);
}

const listLeft = (session: RojoSession) => readdirSync(session.temporary);

describe.skipIf(process.platform === 'win32')('when the signal aborts', () => {
  test('the shim and the real rojo are both dead within 3 s, and nothing is left', async () => {
    const child = startChild(IGNORE_TERM + CONNECT, "{ stdio: 'inherit' }");
    const { session, building, stop } = start(IGNORE_TERM + CONNECT + child);
    await waitForSockets(2);
    expect(listLeft(session)).toHaveLength(1);
    const stoppedAt = performance.now();
    const reason = new Error('stopped by SIGINT');
    stop.abort(reason);
    await expect(building).rejects.toBe(reason);
    await waitForDeaths();
    expect(performance.now() - stoppedAt).toBeLessThan(3_000);
    expect(listLeft(session)).toEqual([]);
  });

  test('rojo is asked to end, and may take 2 s for it', async () => {
    const clock = new FakeClock();
    const onTerm = "process.on('SIGTERM', () => console.log('I was asked'));";
    const { session, building, stop } = start(onTerm + CONNECT, { clock });
    await waitForSockets(1);
    stop.abort('over');
    while (session.printed.join('') !== 'I was asked\n')
      await new Promise((resolve) => setImmediate(resolve));
    await clock.advance(1_999);
    expect(sockets[0]?.closed).toBe(false);
    expect(clock.sleeps).toEqual([2_000]);
    await clock.advance(1);
    await expect(building).rejects.toBe('over');
    await waitForDeaths();
  });

  test('nobody waits for a rojo that has ended', async () => {
    const clock = new FakeClock();
    const { building, stop, countAsked } = start(CONNECT, { clock });
    await waitForSockets(1);
    expect(countAsked()).toBe(0);
    stop.abort('over');
    await expect(building).rejects.toBe('over');
    expect(clock.pendingSleeps).toBe(0);
    expect(countAsked()).toBe(1);
  });

  test('the real rojo ends also where its shim has gone before', async () => {
    const child = startChild(IGNORE_TERM + CONNECT, "{ stdio: 'ignore' }");
    const { building, stop } = start(CONNECT + child, { clock: new FakeClock() });
    await waitForSockets(2);
    stop.abort('over');
    await expect(building).rejects.toBe('over');
    await waitForDeaths();
  });

  test('a second request to stop ends it at once', async () => {
    const body = `console.log(process.pid); ${IGNORE_TERM} ${CONNECT}`;
    const { session, building, stop, second } = start(body, { clock: new FakeClock() });
    await waitForSockets(1);
    await untilPrinted(session, /\d\n$/);
    stop.abort('over');
    second.abort('now');
    await expect(building).rejects.toBe('over');
    // Its end has been waited for.
    expect(() => process.kill(Number(session.printed.join('')), 0)).toThrow('ESRCH');
    await waitForDeaths();
    expect(listLeft(session)).toEqual([]);
  });

  test('a program that has left the group, with the pipes, is not waited for', async () => {
    const clock = new FakeClock();
    const child = startChild(CONNECT, "{ stdio: 'inherit', detached: true }");
    // It ends when the test closes its connection.
    const { building, stop } = start(CONNECT + child, { clock });
    await waitForSockets(2);
    const stopClock = clock.startAutomatic();
    stop.abort('over');
    await expect(building).rejects.toBe('over');
    stopClock();
    expect(sockets.filter((socket) => !socket.resume().closed)).not.toEqual([]);
  });

  test('before the beginning, nothing begins', async () => {
    const session = openSession({ signal: AbortSignal.abort('before') });
    session.writeRojo('');
    await expect(buildWithRojo('no.project.json', session.options)).rejects.toBe('before');
    expect(session.readSeen).toThrow('ENOENT');
  });

  test('a place that was finished at that moment is taken away', async () => {
    const stop = new AbortController();
    const session = openSession({ signal: stop.signal, onOutput: () => stop.abort('over') });
    session.writeRojo("fs.writeFileSync(output, 'a place'); console.log('done');");
    await expect(buildWithRojo(PROJECT, session.options)).rejects.toBe('over');
    expect(listLeft(session)).toEqual([]);
  });
});
