import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { exitCodeOfSignal } from './cli/exit-codes.ts';
import { Interruption } from './cli/interrupt.ts';
import { runCli } from './cli/run-cli.ts';
import { systemClock } from './clock.ts';
import { createKeyring } from './config/keyring.ts';
import type { Context, InputStream, OutputStream } from './context.ts';
import type { Transport } from './open-cloud/transport.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
type SignalName = (typeof SIGNALS)[number];
/** As many as runs of one call can be under way; another connection is opened where all are busy. */
const MAX_CONNECTIONS = 10;
/** npm and npx hand Ctrl-C on, which the terminal has sent to us already. Nobody types it twice as fast. */
const ECHO_MS = 50;
const SHOW_CURSOR = '\x1b[?25h';

/** The signal that stopped this process, once one has. */
let stoppedBy: SignalName | null = null;

function main(): Promise<void> {
  const stop = new AbortController();
  const second = new AbortController();
  let isSecondTaken = false;
  let lastMs = Number.NEGATIVE_INFINITY;
  for (const name of SIGNALS) {
    process.on(name, () => {
      const isEcho = name === stoppedBy && systemClock.now() - lastMs < ECHO_MS;
      lastMs = systemClock.now();
      if (isEcho) return;
      if (stoppedBy === null) stop.abort(new Interruption(name));
      else if (isSecondTaken && !second.signal.aborted) second.abort(new Interruption(name));
      else die(name, exitCodeOfSignal(name));
      stoppedBy = name;
    });
  }
  const takeSecondStop = () => {
    isSecondTaken = true;
    return second.signal;
  };
  return runCli(process.argv.slice(2), createContext(stop.signal, takeSecondStop)).then((exitCode) => {
    // Where keys are read raw, Ctrl-C is a key like any other, and no signal came.
    if (exitCode > 128) die(stoppedBy ?? 'SIGINT', exitCode);
    // exitCode, not exit(): pipes are drained first.
    process.exitCode = exitCode;
  });
}

/** Dies by the signal itself, so that a shell or a build server sees a process that was stopped. */
function die(name: SignalName, exitCode: number): void {
  if (process.stderr.isTTY) process.stderr.write(SHOW_CURSOR);
  for (const other of SIGNALS) process.removeAllListeners(other);
  // Windows has no signals: to send one to oneself there is to end with the exit code 1.
  if (process.platform === 'win32') process.exit(exitCode);
  process.kill(process.pid, name);
}

function createContext(signal: AbortSignal, takeSecondStop: Context['takeSecondStop']): Context {
  return {
    stdin: createInput(),
    stdout: createOutput(() => process.stdout),
    stderr: createOutput(() => process.stderr),
    env: process.env,
    cwd: findWorkingDirectory(),
    homeDirectory: findHomeDirectory(),
    platform: process.platform,
    nodeVersion: process.versions.node,
    clock: systemClock,
    signal,
    takeSecondStop,
    ...createLazyTransport(),
    keyring: createKeyring({ signal }),
  };
}

/** Where it stood, once it has been deleted: what is named by its whole path is still found. */
function findWorkingDirectory(): string {
  try {
    return process.cwd();
  } catch {
    // Node starts no thread where it does not know its own place.
    process.chdir('/');
    return resolve('/', process.env.PWD ?? '');
  }
}

/** Null where neither HOME nor the system's list of users names one, for instance under a user id of a container. */
function findHomeDirectory(): string | null {
  try {
    return homedir() || null;
  } catch {
    return null;
  }
}

/** Node makes each of the three streams when it is first named, which takes a millisecond or two. */
function createInput(): InputStream {
  return {
    [Symbol.asyncIterator]: () => process.stdin[Symbol.asyncIterator](),
    get isTTY() {
      return process.stdin.isTTY;
    },
    setRawMode: (isRaw) => process.stdin.setRawMode(isRaw),
    close: () => void process.stdin.destroy(),
  };
}

function createOutput(open: () => NodeJS.WriteStream): OutputStream {
  let opened: NodeJS.WriteStream | null = null;
  const getStream = () => {
    // A closed pipe also raises an event of its own; what matters of it comes back from the write.
    opened ??= open().on('error', () => undefined);
    return opened;
  };
  return {
    write: (text, done) => getStream().write(text, done),
    get isTTY() {
      return getStream().isTTY;
    },
    get columns() {
      return getStream().columns;
    },
    get rows() {
      return getStream().rows;
    },
  };
}

/** undici is loaded by the first request: most calls of the command line need none. */
function createLazyTransport(): Pick<Context, 'exchange' | 'stream'> {
  let loading: Promise<Transport> | null = null;
  const load = () => {
    loading ??= loadTransport();
    return loading;
  };
  return {
    exchange: async (request) => (await load()).exchange(request),
    stream: async (request) => (await load()).stream(request),
  };
}

async function loadTransport(): Promise<Transport> {
  const { createTransport } = await import('./open-cloud/transport.ts');
  const { keepParserBaseline } = await import('./open-cloud/parser-tiering.ts');
  keepParserBaseline();
  return createTransport({ clock: systemClock, env: process.env, connections: MAX_CONNECTIONS });
}

void main();
