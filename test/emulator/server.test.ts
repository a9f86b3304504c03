import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startEmulator } from '../../src/emulator/server.ts';
import { LuauExecError } from '../../src/errors.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { createScriptedLuau } from '../helpers/scripted-luau.ts';
import { CREATE, gatewayBody, PLACE, useEmulators } from './emulator-session.ts';

const start = useEmulators();
const SLOTS = '/cloud/v2/universes/11/luau-execution-session-task-binary-inputs';

describe('the API key', () => {
  it.each<[string, string | undefined, Record<string, string>, number]>([
    ['any, where none is set', undefined, { 'x-api-key': 'whatever' }, 200],
    ['the one that is set', 'right', { 'x-api-key': 'right' }, 200],
    ['none', undefined, {}, 401],
    ['an empty one', undefined, { 'x-api-key': '' }, 401],
    ['a wrong one', 'right', { 'x-api-key': 'wrong' }, 401],
    ['none, where one is set', 'right', {}, 401],
  ])('%s', async (_name, apiKey, headers, status) => {
    const { send } = await start(apiKey === undefined ? {} : { apiKey });
    const reply = await send('POST', SLOTS, { headers, body: '{"size":1}' });
    expect(reply.status).toBe(status);
    if (status !== 401) return;
    expect(reply.json).toEqual(gatewayBody('Invalid API Key'));
    expect(reply.headers.has('x-ratelimit-limit')).toBe(false);
  });

  it('is not counted when it is wrong', async () => {
    const { send } = await start({ apiKey: 'right' });
    const ask = (key: string) => send('POST', SLOTS, { headers: { 'x-api-key': key }, body: '{"size":1}' });
    for (let count = 0; count < 6; count++) expect((await ask('wrong')).status).toBe(401);
    expect((await ask('right')).headers.get('x-ratelimit-remaining')).toBe('4, 4');
  });
});

describe('routes', () => {
  it.each([
    ['GET', '/'],
    ['GET', '/cloud/v2/universes/11'],
    ['POST', `${CREATE}/`],
    ['POST', `/${CREATE}`],
    ['POST', CREATE.toUpperCase()],
    ['GET', `/cloud/v2/${PLACE}/luau-execution-session-tasks/a/b`],
    ['GET', `/cloud/v2/${PLACE}/luau-execution-sessions/a`],
    ['GET', `/cloud/v2/${PLACE}/luau-execution-session-tasks/a/logs/1`],
  ])('know no %s %s', async (method, path) => {
    const { send } = await start();
    const reply = await send(method, path);
    expect([reply.status, reply.json]).toEqual([404, gatewayBody('NotFound')]);
  });

  it.each([
    ['GET', CREATE, 'POST'],
    ['DELETE', `/cloud/v2/${PLACE}/luau-execution-session-tasks/a`, 'GET'],
    ['POST', `/cloud/v2/${PLACE}/luau-execution-session-tasks/a:cancel`, 'GET'],
    ['OPTIONS', `/cloud/v2/${PLACE}/luau-execution-session-tasks/a/logs`, 'GET'],
    ['GET', '/emulator/binary-inputs/a', 'PUT'],
  ])('do not allow %s %s', async (method, path, allow) => {
    const { send } = await start();
    const reply = await send(method, path);
    expect([reply.status, reply.json]).toEqual([405, gatewayBody('MethodNotAllowed')]);
    expect(reply.headers.get('allow')).toBe(allow);
  });
});

it('shares nothing between two emulators', async () => {
  const clock = new FakeClock();
  const first = await start({ clock, headVersion: 2 });
  const second = await start({ clock });
  expect(first.emulator.baseUrl).not.toBe(second.emulator.baseUrl);
  const path = await first.create({ script: 'quick' });
  for (let count = 0; count < 5; count++) await first.post(SLOTS, { size: 1 });
  expect((await first.post(SLOTS, { size: 1 })).status).toBe(429);
  expect((await second.post(SLOTS, { size: 1 })).status).toBe(200);
  expect((await first.get(`/cloud/v2/${path}`)).status).toBe(200);
  expect((await second.get(`/cloud/v2/${path}`)).status).toBe(404);
  expect(second.luau.jobs).toEqual([]);
});

it('listens on loopback unless told otherwise, and says when it cannot', async () => {
  const { emulator } = await start();
  const { hostname, port } = new URL(emulator.baseUrl);
  expect(hostname).toBe('127.0.0.1');
  const options = { clock: new FakeClock(), runLuau: createScriptedLuau({}).runLuau, port: Number(port) };
  const failure = await startEmulator(options).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(LuauExecError);
  expect(failure).toMatchObject({
    kind: 'usage',
    message: expect.stringContaining(`cannot listen on 127.0.0.1:${port}: `),
    cause: { code: 'EADDRINUSE' },
  });
});

describe('close', () => {
  // The handle of a closed server goes at the end of a turn of the event loop, after that turn's immediates.
  const countServers = async () => {
    for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
    return process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
  };

  it('stops running and booting scripts and leaves no handle', async () => {
    const serversBefore = await countServers();
    const session = await start({ scripts: { endless: { afterMs: 250_000 } } });
    const booting = await start({ bootDelayMs: 30_000 });
    await session.create({ script: 'endless' });
    await session.create({ script: 'slow' });
    await booting.create({ script: 'slow' });
    expect(await countServers()).toBe(serversBefore + 2);
    expect([session.clock.pendingSleeps, booting.clock.pendingSleeps]).toEqual([2, 1]);

    await Promise.all([session.emulator.close(), booting.emulator.close()]);
    expect([session.clock.pendingSleeps, booting.clock.pendingSleeps]).toEqual([0, 0]);
    expect(session.luau.cancelled).toEqual(['endless', 'slow']);
    expect(booting.luau.jobs).toEqual([]);
    expect(await countServers()).toBe(serversBefore);
    await expect(session.get('/')).rejects.toThrow('fetch failed');
  });

  it('waits for a runner that takes its time to stop', async () => {
    let release = () => {};
    const gone = new Promise<void>((resolve) => {
      release = resolve;
    });
    const { emulator, create, clock } = await start({
      runLuau: () => gone.then(() => ({ kind: 'cancelled' })),
    });
    await create({ script: 'any' });
    let isClosed = false;
    const closing = emulator.close().then(() => {
      isClosed = true;
    });
    await clock.advance(1000);
    expect(isClosed).toBe(false);
    release();
    await closing;
    expect(isClosed).toBe(true);
  });

  it('cuts connections that are idle or in the middle of a request, and may be called twice', async () => {
    const { emulator, luau } = await start();
    const { port } = new URL(emulator.baseUrl);
    const sockets = [
      '',
      `POST ${CREATE} HTTP/1.1\r\nhost: x\r\nx-api-key: k\r\ncontent-length: 99\r\n\r\n{"scr`,
    ].map((text) => {
      const socket = connect(Number(port), '127.0.0.1');
      socket.write(text);
      socket.on('error', () => {});
      return socket;
    });
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('connect', resolve))));
    const ended = Promise.all(
      sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))),
    );
    // One more answer shows that the server has taken the earlier connections.
    await fetch(emulator.baseUrl);
    await Promise.all([emulator.close(), emulator.close()]);
    await ended;
    await emulator.close();
    expect(luau.jobs).toEqual([]);
  });
});

it('runs many scripts at once without a warning from Node', async () => {
  const warnings: Error[] = [];
  const onWarning = (warning: Error) => warnings.push(warning);
  process.on('warning', onWarning);
  const { post, clock } = await start();
  for (let index = 0; index < 15; index++) {
    const path = `/cloud/v2/universes/11/places/${22 + (index % 2)}/luau-execution-session-tasks`;
    expect((await post(path, { script: 'slow' })).status).toBe(200);
  }
  expect(clock.pendingSleeps).toBe(15);
  process.off('warning', onWarning);
  expect(warnings).toEqual([]);
});
