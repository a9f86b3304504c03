import { afterEach } from 'vitest';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/server.ts';
import { OpenCloudClient } from '../../src/open-cloud/client.ts';
import type { Exchange, HttpRequest } from '../../src/open-cloud/exchange.ts';
import type { CreateTaskParameters } from '../../src/open-cloud/requests.ts';
import { createTransport } from '../../src/open-cloud/transport.ts';
import type { Cadence } from '../../src/task/poll-cadence.ts';
import { PollScheduler } from '../../src/task/poll-scheduler.ts';
import type { RunEvent } from '../../src/task/run-event.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { createScriptedLuau, type ScriptedRun } from '../helpers/scripted-luau.ts';

export interface TaskSessionOptions {
  scripts: Readonly<Record<string, ScriptedRun>>;
  emulator?: Partial<EmulatorOptions>;
  cadence?: Cadence;
  /** Stands in front of the real exchange. */
  intercept?: (request: HttpRequest, next: Exchange) => ReturnType<Exchange>;
}

export interface TaskSession {
  emulator: Emulator;
  client: OpenCloudClient;
  scheduler: PollScheduler;
  clock: FakeClock;
  events: RunEvent[];
  onEvent: (event: RunEvent) => void;
  /** `GET`, `POST` or `LOGS`, with the virtual time on the wall clock in milliseconds. */
  sent: { what: string; atMs: number; status: number }[];
  parameters: (script: string, timeoutSeconds?: number) => CreateTaskParameters;
}

/** An emulator in virtual time behind the real client and sockets; closed after each test. */
export function useTaskSessions(): (options: TaskSessionOptions) => Promise<TaskSession> {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  return async ({ scripts, emulator: emulatorOptions, cadence = 'remote', intercept }) => {
    const clock = new FakeClock();
    const { runLuau } = createScriptedLuau(scripts);
    const emulator = await startEmulator({ runLuau, clock, ...emulatorOptions });
    const transport = createTransport({ clock, env: {} });
    const sent: TaskSession['sent'] = [];
    const send: Exchange = async (request) => {
      // A request takes real time, so virtual time waits for it.
      const release = clock.hold();
      try {
        return await transport.exchange(request);
      } finally {
        release();
      }
    };
    const exchange: Exchange = async (request) => {
      const what = request.url.pathname.endsWith('/logs') ? 'LOGS' : request.method;
      const entry = { what, atMs: clock.wallNow(), status: 0 };
      sent.push(entry);
      const response = await (intercept ? intercept(request, send) : send(request));
      entry.status = response.status;
      return response;
    };
    const random = () => 0.5;
    const client = new OpenCloudClient({ apiKey: 'k', baseUrl: emulator.baseUrl, exchange, clock, random });
    const readWindow = () => client.readWindow('getTask');
    const scheduler = new PollScheduler({ clock, cadence, readWindow, random });
    const events: RunEvent[] = [];
    cleanups.push(
      () => emulator.close(),
      () => transport.close(),
      clock.startAutomatic(),
    );
    return {
      emulator,
      client,
      scheduler,
      clock,
      events,
      sent,
      onEvent: (event) => void events.push(event),
      parameters: (script, timeoutSeconds = 60) => ({
        universeId: '11',
        placeId: '22',
        versionId: null,
        script,
        timeoutSeconds,
      }),
    };
  };
}

/** The events in short: `created`, `state PROCESSING`, `heartbeat`. */
export function listEvents(events: readonly RunEvent[]): string[] {
  return events.map((event) => {
    if (event.type === 'state') return `state ${event.state}`;
    if (event.type === 'waiting') return `waiting ${event.reason}`;
    if (event.type === 'failed') return `failed ${event.error.id}`;
    return event.type;
  });
}
