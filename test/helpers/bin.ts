import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach } from 'vitest';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const BIN = join(ROOT, 'bin', 'luau-exec.js');
/** The Node that the built program is tested on; by default the one that runs the tests. */
export const NODE = process.env.LUAU_EXEC_TEST_NODE || process.execPath;

export interface BinResult {
  /** Null when the process died by a signal. */
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface BinOptions {
  env?: Readonly<Record<string, string>>;
  input?: string;
}

/** A working directory with nothing of the developer's: no key, no ids, no home, no config. */
export interface Workplace {
  directory: string;
  environment: Record<string, string>;
  write(files: Readonly<Record<string, string>>): void;
  start(argv: readonly string[], options?: BinOptions): ChildProcessWithoutNullStreams;
  run(argv: readonly string[], options?: BinOptions): Promise<BinResult>;
}

/** Makes workplaces for one test file; each is removed after its test, with the processes that are left. */
export function useWorkplaces(): () => Workplace {
  const cleanups: (() => void)[] = [];
  afterEach(() => {
    for (const cleanup of cleanups.splice(0)) cleanup();
  });
  return () => {
    const directory = mkdtempSync(join(tmpdir(), 'luau-exec-e2e-'));
    const children = new Set<ChildProcessWithoutNullStreams>();
    cleanups.push(() => {
      for (const child of children) child.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    });
    return createWorkplace(directory, children);
  };
}

function createWorkplace(directory: string, children: Set<ChildProcessWithoutNullStreams>): Workplace {
  const environment: Record<string, string> = {
    PATH: process.env.PATH ?? '',
    HOME: join(directory, 'home'),
    TERM: 'xterm-256color',
  };
  const start: Workplace['start'] = (argv, { env = {} } = {}) => {
    const whole = { ...environment, ...env };
    const child = spawn(NODE, [BIN, ...uncheckWords(argv, whole)], { cwd: directory, env: whole });
    children.add(child);
    child.on('close', () => children.delete(child));
    return child;
  };
  return {
    directory,
    environment,
    start,
    write(files) {
      for (const [name, text] of Object.entries(files)) {
        mkdirSync(dirname(join(directory, name)), { recursive: true });
        writeFileSync(join(directory, name), text);
      }
    },
    run(argv, options = {}) {
      const child = start(argv, options);
      child.stdin.on('error', () => undefined);
      child.stdin.end(options.input ?? '');
      return collect(child);
    },
  };
}

/** The emulators that tests lead to by environment know scripts that are words, not Luau, and would not compile. */
function uncheckWords(argv: readonly string[], env: Readonly<Record<string, string>>): string[] {
  return argv.includes('run') && env.LUAU_EXEC_BASE_URL !== undefined ? [...argv, '--no-check'] : [...argv];
}

/** Everything that a process wrote, and how it ended. */
export function collect(child: ChildProcessWithoutNullStreams): Promise<BinResult> {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (exitCode, signal) =>
      resolve({
        exitCode,
        signal,
        stdout: Buffer.concat(stdout).toString(),
        stderr: Buffer.concat(stderr).toString(),
      }),
    );
  });
}

/** Resolves with what a stream has written once `pattern` is in it. */
export function waitForText(stream: NodeJS.ReadableStream, pattern: RegExp): Promise<string> {
  let text = '';
  return new Promise((resolve, reject) => {
    stream.on('data', (chunk) => {
      text += String(chunk);
      if (pattern.test(text)) resolve(text);
    });
    stream.on('close', () => reject(new Error(`the stream ended without ${String(pattern)}: ${text}`)));
  });
}
