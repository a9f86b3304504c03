import { afterEach } from 'vitest';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/server.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { createScriptedLuau, type ScriptedLuau, type ScriptedRun } from '../helpers/scripted-luau.ts';

export const PLACE = 'universes/11/places/22';
export const CREATE = `/cloud/v2/${PLACE}/luau-execution-session-tasks`;
const KEY = 'test-key';

export interface SessionOptions extends Partial<Omit<EmulatorOptions, 'clock'>> {
  scripts?: Readonly<Record<string, ScriptedRun>>;
  clock?: FakeClock;
}

/** An answer with its body read; `json` is empty unless the body is a JSON object. */
export interface Reply {
  status: number;
  headers: Headers;
  text: string;
  json: Record<string, unknown>;
}

/** An emulator on loopback with a clock that the test moves and scripts whose ends are known. */
export interface Session {
  emulator: Emulator;
  clock: FakeClock;
  luau: ScriptedLuau;
  /** Sends a request; `path` is taken from the root of the emulator unless it is a whole URL. */
  send: (
    method: string,
    path: string,
    init?: { headers?: Record<string, string>; body?: string | Uint8Array },
  ) => Promise<Reply>;
  get: (path: string) => Promise<Reply>;
  post: (path: string, body: unknown) => Promise<Reply>;
  /** Creates a task at head and returns its path. */
  create: (body: Record<string, unknown>) => Promise<string>;
}

/** Returns a function that starts emulators for one test file; each is closed after its test. */
export function useEmulators(): (options?: SessionOptions) => Promise<Session> {
  const open: Emulator[] = [];
  afterEach(async () => {
    await Promise.all(open.splice(0).map((emulator) => emulator.close()));
  });
  return async ({ scripts = {}, clock = new FakeClock(), ...options } = {}) => {
    const luau = createScriptedLuau({ quick: {}, slow: { afterMs: 60_000 }, ...scripts });
    const emulator = await startEmulator({ runLuau: luau.runLuau, ...options, clock });
    open.push(emulator);
    return createSession(emulator, clock, luau);
  };
}

function createSession(emulator: Emulator, clock: FakeClock, luau: ScriptedLuau): Session {
  const send: Session['send'] = async (method, path, { headers = { 'x-api-key': KEY }, body } = {}) => {
    const url = path.startsWith('/') ? `${emulator.baseUrl}${path}` : path;
    const response = await fetch(url, { method, headers, ...(body === undefined ? {} : { body }) });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, json: readObject(text) };
  };
  const post: Session['post'] = (path, body) =>
    send('POST', path, {
      headers: { 'x-api-key': KEY, 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  return {
    emulator,
    clock,
    luau,
    send,
    post,
    get: (path) => send('GET', path),
    async create(body) {
      const { json, text } = await post(CREATE, body);
      if (typeof json.path !== 'string') throw new Error(`nothing was created: ${text}`);
      return json.path;
    },
  };
}

function readObject(text: string): Record<string, unknown> {
  if (!text.startsWith('{')) return {};
  const value: Record<string, unknown> = JSON.parse(text);
  return value;
}

/** The body of a refusal by an Open Cloud v2 service. */
export function v2Body(code: string, message: unknown) {
  return { code, message, details: [] };
}

/** The body of a refusal by the gateway. */
export function gatewayBody(message: string) {
  return { errors: [{ code: 0, message }] };
}
