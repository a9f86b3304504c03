import type { Fault, FaultAction } from '../../src/emulator/faults.ts';
import type { LuauErrorCode } from '../../src/emulator/luau/luau-runner.ts';
import { ExchangeError, type ExchangeFailure, type HttpResponse } from '../../src/open-cloud/exchange.ts';
import type { CliSession, CliSessionOptions } from '../helpers/cli-session.ts';

export const SCRIPT = { files: { 'a.luau': 'A' }, scripts: { A: {}, LONG: { afterMs: 100_000 } } };
export const LONG = { ...SCRIPT, files: { 'a.luau': 'LONG' } };
export const PROXY = { HTTP_PROXY: 'http://proxy.example:8080', NO_PROXY: '' };
export const line = 'run a.luau';
export const STATUS = 'status universes/11/places/22/luau-execution-session-tasks/x';

/** The create meets this. */
export function creating(action: FaultAction, times: Fault['times'] = 1): CliSessionOptions {
  return { ...SCRIPT, faults: [{ request: 'createTask', times, do: action }] };
}

/** Every look at the task meets this. */
export function reading(action: FaultAction): CliSessionOptions {
  return { ...SCRIPT, faults: [{ request: 'getTask', times: 'always', do: action }] };
}

export function refusal(status: number, code: string, message: string): FaultAction {
  return { answer: { status, body: { code, message, details: [] } } };
}

/** Answers with nothing of the API in them. */
export function answering(
  status: number,
  headers: Record<string, string> = {},
  body = '',
): CliSessionOptions {
  const answer: HttpResponse = { status, headers, body: Buffer.from(body) };
  return { ...SCRIPT, intercept: async () => answer };
}

/** The network fails before a byte is written. */
export function failing(failure: ExchangeFailure, code: string, message = code): CliSessionOptions {
  return {
    ...SCRIPT,
    intercept: async () => {
      throw new ExchangeError(message, { failure, code, wasSent: false, isReusedSocket: false });
    },
  };
}

/** The task is created and fails so. */
export function ending(code: LuauErrorCode, message: string): CliSessionOptions {
  return { ...SCRIPT, scripts: { A: { result: { kind: 'failed', code, message } } } };
}

export const wait = (session: CliSession) => session.run('run', 'a.luau', '--detach', '-q');
