import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { afterEach } from 'vitest';
import { Interruption } from '../../src/cli/interrupt.ts';
import { runCli } from '../../src/cli/run-cli.ts';
import type { Context, InputStream, Keyring, OutputStream } from '../../src/context.ts';
import type { StallListener } from '../../src/emulator/apply-fault.ts';
import type { Fault } from '../../src/emulator/faults.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/server.ts';
import type { Exchange, HttpRequest, HttpResponse } from '../../src/open-cloud/exchange.ts';
import type { StreamExchange } from '../../src/open-cloud/stream-exchange.ts';
import { createTransport, type Transport } from '../../src/open-cloud/transport.ts';
import { describeSlips } from './emulator-slips.ts';
import { FakeClock } from './fake-clock.ts';
import { MemoryKeyring } from './memory-keyring.ts';
import { describeSchemaProblems } from './schemas.ts';
import { createScriptedLuau, type ScriptedRun } from './scripted-luau.ts';
import { WireTraffic } from './wire-traffic.ts';

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
  emulator?: Omit<Partial<EmulatorOptions>, 'faults' | 'onStall'>;
  /** What goes wrong on the wire. Each has to be met as often as it says, or the test fails. */
  faults?: readonly Fault[];
  /** Files in the working directory, by relative name. */
  files?: Readonly<Record<string, string | Uint8Array>>;
  /** Where the calls are made, below the directory of the files; that itself when absent. */
  directory?: string;
  /** What is typed: standard input and stderr are then a terminal. */
  typed?: string;
  /** The system's word for what is wrong with standard output. */
  stdoutFailure?: string;
  /** Null where the system names none. */
  homeDirectory?: null;
  /** In addition to key, ids, base URL and state directory. A value of undefined takes one away. */
  env?: Readonly<Record<string, string | undefined>>;
  stdin?: string | Uint8Array;
  /** `linux` by default. Of another one only the words are seen: files stay this machine's. */
  platform?: string;
  /** By default one that is empty, for each session its own. */
  keyring?: Keyring;
  /** Scripts are compiled before they are sent. Not by default: the scripts of a table are words, not Luau. */
  checksSyntax?: boolean;
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
  /** For a server in front of the emulator that holds a request back by itself: virtual time then goes on. */
  onStall: StallListener;
  /** Runs one call; time moves by itself meanwhile. */
  run(...argv: string[]): Promise<CliResult>;
  /** Aborts the calls that are running, as a signal would; the second time what was not ended by the first. */
  interrupt(signalName: string): void;
}

/**
 * A function that makes sessions; what they hold is given back after each test. A test fails when a fault was not met,
 * and when a request came that the emulator has no operation for.
 */
export function useCliSessions(): (options?: CliSessionOptions) => Promise<CliSession> {
  const cleanups: (() => unknown)[] = [];
  const emulators: Emulator[] = [];
  afterEach(async () => {
    const slips = emulators.splice(0).flatMap(describeSlips);
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
    if (slips.length > 0) throw new Error(slips.join('\n'));
  });
  return async (options = {}) => {
    const clock = new FakeClock();
    const traffic = new WireTraffic(clock);
    const { runLuau } = createScriptedLuau(options.scripts ?? {});
    const emulator = await startEmulator({
      runLuau,
      clock: clock.background,
      apiKey: API_KEY,
      ...options.emulator,
      faults: options.faults ?? [],
      onStall: traffic.onStall,
    });
    emulators.push(emulator);
    const transport = createTransport({ clock, env: {}, connections: 10 });
    const cwd = createDirectory(options.files ?? {});
    cleanups.push(
      () => emulator.close(),
      () => transport.close(),
      () => rmSync(cwd, { recursive: true, force: true }),
    );
    return createSession({ options, clock, traffic, emulator, transport, cwd });
  };
}

interface Parts {
  options: CliSessionOptions;
  clock: FakeClock;
  traffic: WireTraffic;
  emulator: Emulator;
  transport: Transport;
  cwd: string;
}

function createSession({ options, clock, traffic, emulator, transport, cwd }: Parts): CliSession {
  const requests: string[] = [];
  const stateDirectory = join(cwd, '.state');
  const keyring = options.keyring ?? new MemoryKeyring();
  let stop = new AbortController();
  let second = new AbortController();
  const send: Exchange = (request) => {
    requests.push(`${request.method} ${request.url.pathname}`);
    return traffic.carry(request.method, request.url, () => transport.exchange(request));
  };
  const stream: StreamExchange = (request) => {
    requests.push(`${request.method} ${request.url.pathname}`);
    return traffic.carry(request.method, request.url, () => transport.stream(request));
  };
  const { intercept } = options;
  const exchange: Exchange = intercept ? (request) => holdAround(clock, intercept, request, send) : send;
  return {
    clock,
    cwd,
    stateDirectory,
    emulator,
    requests,
    onStall: traffic.onStall,
    interrupt: (signalName) => (stop.signal.aborted ? second : stop).abort(new Interruption(signalName)),
    async run(...argv) {
      stop = new AbortController();
      second = new AbortController();
      const { signal: secondSignal } = second;
      const stdout = new MemoryStream();
      const stderr = new MemoryStream();
      if (options.stdoutFailure !== undefined) stdout.failure = options.stdoutFailure;
      stderr.isTTY = options.typed !== undefined;
      const context: Context = {
        stdin: openStdin(options),
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
        cwd: join(cwd, options.directory ?? ''),
        homeDirectory: options.homeDirectory === null ? null : join(cwd, '.home'),
        platform: options.platform ?? 'linux',
        nodeVersion: '22.12.0',
        clock,
        signal: stop.signal,
        takeSecondStop: () => secondSignal,
        exchange,
        stream,
        keyring,
      };
      // Time stands still between the calls.
      const stopClock = clock.startAutomatic();
      const isUnchecked = argv.includes('run') && options.checksSyntax !== true;
      const words = isUnchecked ? [...argv, '--no-check'] : argv;
      const exitCode = await runCli(words, context).finally(stopClock);
      expectToFollowSchemas(argv, stdout.text);
      return { exitCode, stdout: stdout.text, stderr: stderr.text };
    },
  };
}

function openStdin({ stdin, typed }: CliSessionOptions): InputStream {
  if (typed !== undefined) {
    return Object.assign(Readable.from([Buffer.from(typed)]), { isTTY: true, setRawMode: () => undefined });
  }
  return Readable.from(stdin === undefined ? [] : [Buffer.from(stdin)]);
}

/** Whatever a call prints for programs is as the schemas say that ship with the package. */
function expectToFollowSchemas(argv: readonly string[], stdout: string): void {
  const isEvents = argv.includes('ndjson') || argv.includes('--output=ndjson');
  if (!isEvents && !argv.includes('--json')) return;
  for (const line of stdout.split('\n').slice(0, -1)) {
    const document: unknown = JSON.parse(line);
    // What `emulate` prints is its address alone.
    if (!isEvents && Object.keys(Object(document)).join() === 'baseUrl') continue;
    const problems = describeSchemaProblems(document, isEvents ? 'event.v1' : undefined);
    if (problems.length > 0) throw new Error(`${problems.join('\n')}\nin ${line}`);
  }
}

/** What stands in front of the wire takes real time too; while a request is on the wire, `send` sees to the clock. */
async function holdAround(
  clock: FakeClock,
  intercept: NonNullable<CliSessionOptions['intercept']>,
  request: HttpRequest,
  send: Exchange,
): Promise<HttpResponse> {
  let release = clock.hold();
  try {
    return await intercept(request, async (passedOn) => {
      const answer = send(passedOn);
      release();
      try {
        return await answer;
      } finally {
        release = clock.hold();
      }
    });
  } finally {
    release();
  }
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
  isTTY = false;
  failure: string | null = null;
  write(text: string, done?: (error?: Error | null) => void): boolean {
    if (this.failure === null) this.text += text;
    done?.(this.failure === null ? null : Object.assign(new Error(this.failure), { code: this.failure }));
    return true;
  }
}
