import { createServer, type Server } from 'node:http';
import type { Clock } from '../clock.ts';
import { LuauExecError } from '../errors.ts';
import type { StallListener } from './apply-fault.ts';
import { BinarySlots } from './binary-slots.ts';
import { EntriesInMemory } from './data-stores/entries-in-memory.ts';
import { EntriesOnDisk } from './data-stores/entries-on-disk.ts';
import type { EntryStore } from './data-stores/entry-store.ts';
import { createEngineMethods } from './engine-methods.ts';
import { type Fault, FaultScript, type UnmetFault } from './faults.ts';
import type { LuauRunner } from './luau/luau-runner.ts';
import { MemoryStores } from './memory-store/memory-stores.ts';
import { MessageBoard } from './messaging/message-board.ts';
import { parseFaults } from './parse-faults.ts';
import { Places } from './places.ts';
import { RateWindows } from './rate-windows.ts';
import { serveRequest } from './serve-request.ts';
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
  /** The newest version of every place that nothing was uploaded to; 1 when absent. */
  headVersion?: number;
  /**
   * Lets a task that is created without a version within 60 s of the upload of the newest one run the version before
   * it, as on a server that was kept warm; its path names the newest all the same. Nobody has seen Roblox do this. It
   * is a possibility that a client must hold.
   */
  warmServers?: boolean;
  /** How long a finished task still counts among the ten of its place; about 10 s on the service, 0 here. */
  slotReleaseMs?: number;
  /** How many messages make one chunk of a task's logs; by default all of them, as the service was always seen to do. */
  logChunkMessages?: number;
  /** Where data stores keep their entries, for the next emulator to find; without it they are gone with this one. */
  dataDirectory?: string;
  /** What is to go wrong on purpose, and with which requests; none by default. */
  faults?: readonly Fault[];
  /** Told when an answer is held back by a fault: for clocks that stand still while a request is under way. */
  onStall?: StallListener;
}

export interface Emulator {
  /** Without a slash at the end. */
  baseUrl: string;
  /** The faults that fewer requests have met than they were scripted for. */
  unmetFaults(): UnmetFault[];
  /** `METHOD /path` of the first hundred requests that the emulator has no operation for. */
  unknownRequests(): string[];
  /** Stops scripts, connections and the server; resolves when nothing of them is left. May be called again. */
  close(): Promise<void>;
}

const MAX_UNKNOWN = 100;

/**
 * Serves the parts of Open Cloud that run Luau on this machine. Throws a `LuauExecError` of kind `usage` when the
 * address cannot be listened on, a fault makes no sense or the data directory is of no use.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { host = '127.0.0.1', port = 0, clock, dataDirectory, onStall = () => () => undefined } = options;
  const faults = new FaultScript(parseFaults(options.faults ?? []));
  const entries = dataDirectory === undefined ? new EntriesInMemory() : new EntriesOnDisk(dataDirectory);
  const server = createServer();
  const baseUrl = `http://${host.includes(':') ? `[${host}]` : host}:${await listen(server, host, port)}`;
  const world = createWorld(options, { baseUrl, faults, entries });
  const unknown: string[] = [];
  const onUnknown = (request: string) => {
    if (unknown.length < MAX_UNKNOWN) unknown.push(request);
  };
  server.on('request', (incoming, response) => {
    void serveRequest({ world, clock, faults, onStall, onUnknown }, incoming, response);
  });
  let closed: Promise<void> | undefined;
  return {
    baseUrl,
    unmetFaults: () => faults.unmet(),
    unknownRequests: () => [...unknown],
    close() {
      closed ??= stop(server, world);
      return closed;
    },
  };
}

function createWorld(
  options: EmulatorOptions,
  { baseUrl, faults, entries }: { baseUrl: string; faults: FaultScript; entries: EntryStore },
): World {
  const { clock, runLuau, apiKey = null, bootDelayMs = 0, headVersion = 1, slotReleaseMs = 0 } = options;
  const { warmServers = false, logChunkMessages = Number.POSITIVE_INFINITY } = options;
  const places = new Places({ clock, headVersion, warmServers });
  const tasks = new TaskStore({ clock, places, slotReleaseMs });
  const slots = new BinarySlots(clock, baseUrl);
  const memory = new MemoryStores(clock);
  const messages = new MessageBoard(clock);
  const methods = createEngineMethods({ memory, entries, messages, clock });
  const runs = new TaskRuns({ clock, runLuau, bootDelayMs, tasks, slots, methods, faults });
  const rates = new RateWindows(clock);
  return { apiKey, logChunkMessages, rates, places, tasks, slots, runs, memory, messages };
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on('error', (cause) => {
      const options = {
        id: 'LX007',
        kind: 'usage',
        hint: isAboutPort(cause)
          ? 'choose another port, or 0 for any'
          : 'choose an address of this machine, such as 127.0.0.1',
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

async function stop(server: Server, world: World): Promise<void> {
  const serverClosed = new Promise<void>((resolve) => {
    server.close(() => resolve());
  });
  server.closeAllConnections();
  await Promise.all([serverClosed, world.runs.stop()]);
}

function isAboutPort(cause: Error): boolean {
  return 'code' in cause && (cause.code === 'EADDRINUSE' || cause.code === 'EACCES');
}
