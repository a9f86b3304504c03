import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach } from 'vitest';
import { Interruption } from '../../src/cli/interrupt.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import type { Context, OutputStream } from '../../src/context.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/server.ts';
import type { Exchange, HttpRequest } from '../../src/open-cloud/exchange.ts';
import { createTransport, type Transport } from '../../src/open-cloud/transport.ts';
import { FakeClock } from './fake-clock.ts';
import { createScriptedLuau, type ScriptedRun } from './scripted-luau.ts';

export const API_KEY = 'test-key-7f3a9c51d2e84b60';

/** What one call of the command line left behind. */
export interface CliResult {
  exitCode: number;
  stdout: string;
  stderr: string;
}

export interface CliSessionOptions {
  /** Ends of scripts by their text; an unknown script fails. */
  scripts?: Readonly<Record<string, ScriptedRun>>;
  emulator?: Partial<EmulatorOptions>;
  /** Files in the working directory, by relative name. */
  files?: Readonly<Record<string, string | Uint8Array>>;
  /** In addition to key, ids, base URL and state directory. A value of undefined takes one away. */
  env?: Readonly<Record<string, string | undefined>>;
  stdin?: string | Uint8Array;
  /** Stands in front of the real exchange, for answers that no emulator gives. */
  intercept?: (request: HttpRequest, next: Exchange) => ReturnType<Exchange>;
}

export interface CliSession {
  clock: FakeClock;
  cwd: string;
  stateDirectory: string;
  emulator: Emulator;
  /** Every request that went over the wire: `POST /cloud/v2/…`. */
  requests: string[];
  /** Runs one call; time moves by itself meanwhile. */
  run(...argv: string[]): Promise<CliResult>;
  /** Aborts the calls that are running, as a signal would. */
  interrupt(signalName: string): void;
}

/** A function that makes sessions; what they hold is given back after each test. */
export function useCliSessions(): (options?: CliSessionOptions) => Promise<CliSession> {
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });
  return async (options = {}) => {
    const clock = new FakeClock();
    const { runLuau } = createScriptedLuau(options.scripts ?? {});
    const emulator = await startEmulator({
      runLuau,
      clock: clock.background,
      apiKey: API_KEY,
      ...options.emulator,
    });
    const transport = createTransport({ clock, env: {}, connections: 10 });
    const cwd = createDirectory(options.files ?? {});
    cleanups.push(
      () => emulator.close(),
      () => transport.close(),
      () => rmSync(cwd, { recursive: true, force: true }),
    );
    return createSession({ options, clock, emulator, transport, cwd });
  };
}

interface Parts {
  options: CliSessionOptions;
  clock: FakeClock;
  emulator: Emulator;
  transport: Transport;
  cwd: string;
}

function createSession({ options, clock, emulator, transport, cwd }: Parts): CliSession {
  const requests: string[] = [];
  const stateDirectory = join(cwd, '.state');
  let stop = new AbortController();
  const send: Exchange = (request) => {
    requests.push(`${request.method} ${request.url.pathname}`);
    return transport.exchange(request);
  };
  const exchange: Exchange = async (request) => {
    // A request takes real time, so virtual time waits for it.
    const release = clock.hold();
    try {
      return await (options.intercept ? options.intercept(request, send) : send(request));
    } finally {
      release();
    }
  };
  return {
    clock,
    cwd,
    stateDirectory,
    emulator,
    requests,
    interrupt: (signalName) => stop.abort(new Interruption(signalName)),
    async run(...argv) {
      stop = new AbortController();
      const stdout = new MemoryStream();
      const stderr = new MemoryStream();
      const context: Context = {
        stdin: Readable.from(options.stdin === undefined ? [] : [Buffer.from(options.stdin)]),
        stdout,
        stderr,
        env: {
          ROBLOX_API_KEY: API_KEY,
          ROBLOX_UNIVERSE_ID: '11',
          ROBLOX_PLACE_ID: '22',
          LUAU_EXEC_BASE_URL: emulator.baseUrl,
          LUAU_EXEC_STATE_DIR: stateDirectory,
          ...options.env,
        },
        cwd,
        homeDirectory: join(cwd, '.home'),
        platform: 'linux',
        clock,
        signal: stop.signal,
        exchange,
      };
      // Time stands still between the calls.
      const stopClock = clock.startAutomatic();
      const exitCode = await runCli(argv, context).finally(stopClock);
      return { exitCode, stdout: stdout.text, stderr: stderr.text };
    },
  };
}

function createDirectory(files: Readonly<Record<string, string | Uint8Array>>): string {
  const directory = mkdtempSync(join(tmpdir(), 'luau-exec-test-'));
  // A project of its own, so that no config file above it is found.
  mkdirSync(join(directory, '.git'));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(directory, name)), { recursive: true });
    writeFileSync(join(directory, name), content);
  }
  return directory;
}

class MemoryStream implements OutputStream {
  text = '';
  readonly isTTY = false;
  write(text: string, done?: (error?: Error | null) => void): boolean {
    this.text += text;
    done?.(null);
    return true;
  }
}
