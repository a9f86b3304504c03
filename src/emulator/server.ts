import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { LuauExecError } from '../errors.ts';
import { answerRequest } from './answer-request.ts';
import type { Answer } from './api-answers.ts';
import { BinarySlots } from './binary-slots.ts';
import type { LuauRunner } from './luau/luau-runner.ts';
import { RateWindows } from './rate-windows.ts';
import { TaskRuns } from './task-runs.ts';
import { TaskStore } from './task-store.ts';
import type { World } from './world.ts';

export interface EmulatorOptions {
  /** Loopback unless the caller wants others to reach it: whoever does may run scripts. */
  host?: string;
  /** 0, the default, takes any free port. */
  port?: number;
  clock: Clock;
  runLuau: LuauRunner;
  /** The only key that is accepted; without it every key is, though there must be one. */
  apiKey?: string;
  /** From a create to the start of its script; the service takes 4 to 45 s. */
  bootDelayMs?: number;
  /** The newest version of every place. */
  headVersion?: number;
  /** How long a finished task still counts among the ten of its place; about 10 s on the service, 0 here. */
  slotReleaseMs?: number;
  /** How many messages make one chunk of a task's logs; by default all of them, as the service was always seen to do. */
  logChunkMessages?: number;
}

export interface Emulator {
  /** Without a slash at the end. */
  baseUrl: string;
  /** Stops scripts, connections and the server; resolves when nothing of them is left. May be called again. */
  close(): Promise<void>;
}

/**
 * Serves the parts of Open Cloud that run Luau on this machine. Throws a `LuauExecError` of kind `usage` when the
 * address cannot be listened on.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { host = '127.0.0.1', port = 0 } = options;
  const server = createServer();
  const baseUrl = `http://${host.includes(':') ? `[${host}]` : host}:${await listen(server, host, port)}`;
  const world = createWorld(options, baseUrl);
  server.on('request', (incoming, response) => {
    void answerRequest(world, incoming).then((answer) => writeAnswer(response, answer));
  });
  let closed: Promise<void> | undefined;
  return {
    baseUrl,
    close() {
      closed ??= stop(server, world);
      return closed;
    },
  };
}

function createWorld(options: EmulatorOptions, baseUrl: string): World {
  const { clock, runLuau, apiKey = null, bootDelayMs = 0, headVersion = 1, slotReleaseMs = 0 } = options;
  const { logChunkMessages = Number.POSITIVE_INFINITY } = options;
  const tasks = new TaskStore({ clock, headVersion, slotReleaseMs });
  const slots = new BinarySlots(clock, baseUrl);
  const runs = new TaskRuns({ clock, runLuau, bootDelayMs, tasks, slots });
  return { apiKey, logChunkMessages, rates: new RateWindows(clock), tasks, slots, runs };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on('error', (cause) => {
      const options = {
        id: 'LX007',
        kind: 'usage',
        hint: 'choose another port, or 0 for any',
        cause,
      } as const;
      reject(new LuauExecError(`cannot listen on ${host}:${port}: ${cause.message}`, options));
    });
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function writeAnswer(response: ServerResponse, { status, headers, body }: Answer): void {
  response.writeHead(status, { ...headers, 'content-length': body.byteLength });
  response.end(body);
}

async function stop(server: Server, world: World): Promise<void> {
  const serverClosed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeAllConnections();
  await Promise.all([serverClosed, world.runs.stop()]);
}
