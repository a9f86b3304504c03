import { homedir } from 'node:os';
import { Interruption } from './cli/interrupt.ts';
import { runCli } from './cli/run-cli.ts';
import { systemClock } from './clock.ts';
import type { Context } from './context.ts';
import type { Exchange } from './open-cloud/exchange.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const SHOW_CURSOR = '\x1b[?25h';

/** The signal that stopped this process, once one has. */
let stoppedBy: (typeof SIGNALS)[number] | null = null;

function main(): Promise<void> {
  const stop = new AbortController();
  for (const name of SIGNALS) {
    process.on(name, () => {
      if (stoppedBy !== null) die(name);
      stoppedBy = name;
      stop.abort(new Interruption(name));
    });
  }
  // A closed pipe also raises an event of its own; what matters of it comes back from the write.
  process.stdout.on('error', () => undefined);
  process.stderr.on('error', () => undefined);
  return runCli(process.argv.slice(2), createContext(stop.signal)).then((exitCode) => {
    if (stoppedBy !== null && exitCode > 128) die(stoppedBy);
    // exitCode, not exit(): pipes are drained first.
    process.exitCode = exitCode;
  });
}

/** Dies by the signal itself, so that a shell or a build server sees a process that was stopped. */
function die(name: (typeof SIGNALS)[number]): void {
  if (process.stderr.isTTY) process.stderr.write(SHOW_CURSOR);
  for (const other of SIGNALS) process.removeAllListeners(other);
  process.kill(process.pid, name);
}

function createContext(signal: AbortSignal): Context {
  return {
    stdin: process.stdin,
    stdout: process.stdout,
    stderr: process.stderr,
    env: process.env,
    cwd: process.cwd(),
    homeDirectory: homedir() || null,
    platform: process.platform,
    clock: systemClock,
    signal,
    exchange: createLazyExchange(),
  };
}

/** undici is loaded by the first request: most calls of the command line need none. */
function createLazyExchange(): Exchange {
  let loading: Promise<Exchange> | null = null;
  return async (request) => {
    loading ??= import('./open-cloud/transport.ts').then(
      ({ createTransport }) => createTransport({ clock: systemClock, env: process.env }).exchange,
    );
    return (await loading)(request);
  };
}

void main();
