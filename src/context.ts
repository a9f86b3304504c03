import type { Clock } from './clock.ts';
import type { Exchange } from './open-cloud/exchange.ts';

/** The part of a writable stream that this tool uses; a test passes an object that remembers what was written. */
export interface OutputStream {
  write(text: string, done?: (error?: Error | null) => void): boolean;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
}

export interface InputStream extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean | undefined;
}

/** Everything of the world that a command may touch, as one value. Only `main.ts` builds the real one. */
export interface Context {
  stdin: InputStream;
  stdout: OutputStream;
  stderr: OutputStream;
  env: Readonly<Record<string, string | undefined>>;
  /** Absolute path that relative file names start from. */
  cwd: string;
  /** The user's home directory; null when the system knows none. */
  homeDirectory: string | null;
  platform: string;
  clock: Clock;
  /** Aborts when the user or the system asks the process to stop; its reason is the name of the signal. */
  signal: AbortSignal;
  /** Sends one HTTP request and returns one answer. */
  exchange: Exchange;
}
