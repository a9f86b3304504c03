import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { IncomingMessage } from 'node:http';
import { afterEach, beforeEach } from 'vitest';
import type { Attempt } from '../../src/errors.ts';
import type { HttpResponse } from '../../src/open-cloud/exchange.ts';
import {
  type CliResult,
  type CliSession,
  type CliSessionOptions,
  useCliSessions,
} from '../helpers/cli-session.ts';

/** A request as the server saw it come in. */
export interface Arrival {
  method: string;
  path: string;
  /** On the clock of the session that it belongs to. */
  atMs: number;
}

/** One call of `run` and what the emulator saw of it. Times are virtual milliseconds since the call began. */
export interface FaultRun extends CliResult {
  session: CliSession;
  /** When each create reached the emulator. */
  createsMs: number[];
  /** When each read of a task reached it. */
  readsMs: number[];
  tookMs: number;
  /** The envelope's error, where there is one and the call asked for JSON. */
  error: EnvelopeError | null;
  results: unknown;
  retries: number | null;
}

interface EnvelopeError {
  id: string;
  code: string | null;
  message: string;
  facts: string[];
  hint: string | null;
  httpStatus: number | null;
  attempts: Attempt[];
}

interface Envelope {
  error: EnvelopeError | null;
  results: unknown;
  timing: { retries: number } | null;
}

export interface FaultRuns {
  /** A session with the script `a.luau`, which returns "a" at once. */
  open(options?: CliSessionOptions): Promise<CliSession>;
  /** Calls the command line once; `run a.luau --json` when no words are given. */
  run(session: CliSession, ...argv: string[]): Promise<FaultRun>;
  /** What has reached the session's emulator so far. */
  arrivals(session: CliSession): Arrival[];
}

/**
 * Runs against an emulator whose requests are counted on its own side of the wire, whoever sent them: what a client
 * believes to have sent is not what these tests are about.
 */
export function useFaultRuns(): FaultRuns {
  const openSession = useCliSessions();
  const sessions = new Map<string, { session: CliSession; seen: Arrival[] }>();
  const note = (event: unknown) => {
    const request = readRequest(event);
    const known = sessions.get(String(request?.socket.localPort));
    if (!request || !known) return;
    const { method = '', url = '' } = request;
    known.seen.push({ method, path: url, atMs: known.session.clock.now() });
  };
  beforeEach(() => subscribe('http.server.request.start', note));
  afterEach(() => {
    unsubscribe('http.server.request.start', note);
    sessions.clear();
  });
  const arrivals = (session: CliSession) => sessions.get(new URL(session.emulator.baseUrl).port)?.seen ?? [];
  return {
    arrivals,
    async open(options = {}) {
      const session = await openSession({
        files: { 'a.luau': 'A' },
        scripts: { A: { result: { kind: 'complete', results: ['a'] } } },
        ...options,
      });
      sessions.set(new URL(session.emulator.baseUrl).port, { session, seen: [] });
      return session;
    },
    async run(session, ...argv) {
      const words = argv.length > 0 ? argv : ['run', 'a.luau', '--json'];
      const startMs = session.clock.now();
      const before = arrivals(session).length;
      const result = await session.run(...words);
      const seen = arrivals(session).slice(before);
      const timesOf = (isMeant: (arrival: Arrival) => boolean) =>
        seen.filter(isMeant).map(({ atMs }) => atMs - startMs);
      const envelope: Envelope | null = words.includes('--json') ? JSON.parse(result.stdout) : null;
      return {
        ...result,
        session,
        createsMs: timesOf(({ method, path }) => method === 'POST' && path.endsWith('-tasks')),
        readsMs: timesOf(({ method, path }) => method === 'GET' && !path.includes('/logs?')),
        tookMs: session.clock.now() - startMs,
        error: envelope?.error ?? null,
        results: envelope?.results ?? null,
        retries: envelope?.timing?.retries ?? null,
      };
    },
  };
}

function readRequest(event: unknown): IncomingMessage | null {
  if (typeof event !== 'object' || event === null || !('request' in event)) return null;
  return event.request instanceof IncomingMessage ? event.request : null;
}

/** The steps between one time and the next. */
export function gapsOf(timesMs: readonly number[]): number[] {
  return timesMs.slice(1).map((timeMs, index) => timeMs - (timesMs[index] ?? 0));
}

/**
 * An answer that no server will give: once `isHanging` has come true, virtual time passes until the client has given
 * up or taken what it has. To be used in a session's `intercept`, where time stands still otherwise.
 */
export async function passTime(
  session: CliSession,
  ms: number,
  { answer, isHanging }: { answer: Promise<HttpResponse>; isHanging: Promise<unknown> },
): Promise<HttpResponse> {
  // Nobody listens to the answer before all of the time has passed.
  answer.catch(() => undefined);
  await isHanging;
  await session.clock.advance(ms);
  return answer;
}
