import { afterAll, beforeAll } from 'vitest';
import { systemClock } from '../../src/clock.ts';
import { startLuauEmulator } from '../../src/emulator/luau-emulator.ts';
import { OpenCloudClient } from '../../src/open-cloud/client.ts';
import type { Exchange, ExchangeLimits, HttpResponse } from '../../src/open-cloud/exchange.ts';
import type { CreateTaskParameters } from '../../src/open-cloud/requests.ts';
import type { Task } from '../../src/open-cloud/task.ts';
import { createTransport } from '../../src/open-cloud/transport.ts';
import type { Outcome } from '../../src/task/outcome.ts';
import { decideCadence } from '../../src/task/poll-cadence.ts';
import { PollScheduler } from '../../src/task/poll-scheduler.ts';
import { runTask } from '../../src/task/run-task.ts';

/** Where the service is, and what it may be asked for. */
interface Address {
  /** Undefined for Roblox itself. */
  baseUrl?: string;
  apiKey: string;
  universeId: string;
  placeId: string;
  close(): Promise<void>;
}

export interface ContractTarget {
  name: string;
  /** How long a script must wait to be seen while it is unfinished. */
  unfinishedSeconds: number;
  open(): Promise<Address>;
}

type Parameters = Partial<Omit<CreateTaskParameters, 'script'>>;

/** A service that the contract is held against, with every answer that came from it. */
export interface Connection {
  universeId: string;
  placeId: string;
  client: OpenCloudClient;
  /** The same service under a key that does not exist. */
  createStranger(): OpenCloudClient;
  create(script: string, parameters?: Parameters): Promise<Task>;
  /** Runs a script to its end and reads its logs. */
  run(script: string, parameters?: Parameters): Promise<Outcome>;
  /** The latest answer to any client, as it came over the wire. */
  lastAnswer(): HttpResponse & { json: Record<string, unknown> };
  /** A request as no method of the client makes it. The key goes along only to the service itself. */
  send(request: RawRequest): Promise<HttpResponse>;
  close(): Promise<void>;
}

export interface RawRequest {
  method: 'GET' | 'POST' | 'PUT';
  /** A path on the service, or a whole URI that the service gave. */
  to: string;
  body?: string | Uint8Array;
}

const EMULATOR: ContractTarget = {
  name: 'the emulator',
  unfinishedSeconds: 1,
  async open() {
    const apiKey = 'contract-key';
    const { baseUrl, close } = await startLuauEmulator({ apiKey, headVersion: 7 });
    return { baseUrl, apiKey, universeId: '11', placeId: '22', close };
  },
};

const LIVE_NAMES = ['LUAU_EXEC_LIVE_API_KEY', 'LUAU_EXEC_LIVE_UNIVERSE_ID', 'LUAU_EXEC_LIVE_PLACE_ID'];

/** The emulator always, and Roblox where the environment names a key, a universe and a place for it. */
export const CONTRACT_TARGETS: readonly ContractTarget[] = [EMULATOR, ...createLiveTargets()];

/** For one test. Live, one minute lets as few as five tasks begin, and a cold server takes 45 s to start. */
export const CONTRACT_TIMEOUT_MS = CONTRACT_TARGETS.length > 1 ? 600_000 : 20_000;

function createLiveTargets(): ContractTarget[] {
  const [apiKey = '', universeId = '', placeId = ''] = LIVE_NAMES.map((name) => process.env[name] ?? '');
  const given = [apiKey, universeId, placeId].filter((value) => value !== '').length;
  if (given === 0) return [];
  if (given < LIVE_NAMES.length) throw new Error(`set all of ${LIVE_NAMES.join(', ')}, or none`);
  const open = async () => ({ apiKey, universeId, placeId, close: async () => undefined });
  return [{ name: 'Roblox', unfinishedSeconds: 40, open }];
}

/** Connects before the tests of the enclosing `describe` and disconnects after them. */
export function useConnection(target: ContractTarget): () => Connection {
  let connection: Connection | undefined;
  beforeAll(async () => {
    connection = connect(await target.open());
  });
  afterAll(() => connection?.close());
  return () => {
    if (!connection) throw new Error('a connection is there in tests only');
    return connection;
  };
}

const RAW_LIMITS: ExchangeLimits = {
  connectMs: 10_000,
  headersMs: 60_000,
  bodyMs: 60_000,
  attemptMs: 60_000,
  maxBodyBytes: 8 * 1024 * 1024,
};

function connect(address: Address): Connection {
  const { universeId, placeId } = address;
  const transport = createTransport({ clock: systemClock, env: process.env, connections: 10 });
  let last: HttpResponse = { status: 0, headers: {}, body: new Uint8Array() };
  const exchange: Exchange = async (request) => {
    last = await transport.exchange(request);
    return last;
  };
  const createClient = (apiKey: string) =>
    new OpenCloudClient({
      apiKey,
      exchange,
      ...(address.baseUrl === undefined ? {} : { baseUrl: address.baseUrl }),
    });
  const client = createClient(address.apiKey);
  const scheduler = new PollScheduler({
    clock: systemClock,
    cadence: decideCadence(client.origin),
    readWindow: () => client.readWindow('getTask'),
  });
  const fill = (script: string, parameters: Parameters = {}): CreateTaskParameters => ({
    ...{ universeId, placeId, versionId: null, timeoutSeconds: 60, script },
    ...parameters,
  });
  return {
    universeId,
    placeId,
    client,
    createStranger: () => createClient('a-key-that-does-not-exist'),
    create: (script, parameters) => client.createTask(fill(script, parameters)),
    run: (script, parameters) => runTask(fill(script, parameters), { client, scheduler }),
    lastAnswer: () => ({ ...last, json: JSON.parse(new TextDecoder().decode(last.body)) }),
    send: ({ method, to, body }) =>
      transport.exchange({
        method,
        url: new URL(to, client.origin),
        headers: createRawHeaders(to, address.apiKey, body),
        ...(body === undefined ? {} : { body }),
        limits: RAW_LIMITS,
        isFreshSocket: true,
        signal: new AbortController().signal,
      }),
    close: async () => {
      await transport.close();
      await address.close();
    },
  };
}

function createRawHeaders(to: string, apiKey: string, body: RawRequest['body']): Record<string, string> {
  return {
    ...(to.startsWith('/') ? { 'x-api-key': apiKey } : {}),
    ...(body === undefined
      ? {}
      : { 'content-type': typeof body === 'string' ? 'application/json' : 'application/octet-stream' }),
  };
}
