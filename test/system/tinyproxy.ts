import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach } from 'vitest';

/** Throws where tinyproxy is missing, with the command that installs it on Debian. */
export function requireTinyproxy(): void {
  if (spawnSync('tinyproxy', ['-v']).error) {
    throw new Error('tinyproxy is not installed. On Debian: apt-get install -y tinyproxy');
  }
}

export interface Tinyproxy {
  /** `127.0.0.1:PORT`. */
  host: string;
  /** The request lines that it has logged, as `CONNECT HOST:PORT HTTP/1.1`. */
  requests(): string[];
  /** Ends it, with every tunnel that it carries. */
  kill(): Promise<void>;
}

export interface TinyproxyOptions {
  /** A proxy, as `127.0.0.1:PORT`, that knows the way to the names that only tests use. */
  upstream: string;
  /** Further lines of its configuration. */
  lines?: readonly string[];
}

/** Real proxies on loopback, each with a directory of its own; all are ended after each test. */
export function useTinyproxies(): (options: TinyproxyOptions) => Promise<Tinyproxy> {
  const cleanups: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0)) await cleanup();
  });
  return async ({ upstream, lines = [] }) => {
    const directory = mkdtempSync(join(tmpdir(), 'luau-exec-tinyproxy-'));
    const [configFile, logFile] = [join(directory, 'tinyproxy.conf'), join(directory, 'tinyproxy.log')];
    const port = await findFreePort();
    const config = [
      `Port ${port}`,
      'Listen 127.0.0.1',
      'Allow 127.0.0.1',
      'Timeout 30',
      `LogFile "${logFile}"`,
      'LogLevel Connect',
      `Upstream http ${upstream} ".luau-exec.test"`,
      ...lines,
    ];
    writeFileSync(configFile, `${config.join('\n')}\n`);
    const child = spawn('tinyproxy', ['-d', '-c', configFile], { stdio: 'ignore' });
    cleanups.push(async () => {
      await end(child);
      rmSync(directory, { recursive: true, force: true });
    });
    await waitForPort(port, child);
    const readLog = () => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
    return {
      host: `127.0.0.1:${port}`,
      requests: () =>
        [...readLog().matchAll(/Request \(file descriptor \d+\): (.*)/g)].map(([, line = '']) => line),
      kill: () => end(child),
    };
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

async function findFreePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

/** A connection that says nothing is not logged as a request. */
async function waitForPort(port: number, child: ChildProcess): Promise<void> {
  for (let tries = 0; tries < 200; tries++) {
    if (child.exitCode !== null) throw new Error(`tinyproxy ended with ${child.exitCode}`);
    if (await canConnect(port)) return;
    await sleep(25);
  }
  throw new Error(`tinyproxy does not listen on port ${port}`);
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
