import type { Clock } from './clock.ts';
import type { Exchange } from './open-cloud/exchange.ts';
import type { StreamExchange } from './open-cloud/stream-exchange.ts';

/** The part of a writable stream that this tool uses; a test passes an object that remembers what was written. */
export interface OutputStream {
  write(text: string, done?: (error?: Error | null) => void): boolean;
  readonly isTTY?: boolean | undefined;
  readonly columns?: number | undefined;
  readonly rows?: number | undefined;
}

export interface InputStream extends AsyncIterable<Uint8Array | string> {
  readonly isTTY?: boolean | undefined;
  /** Of a terminal: whether keys come as they are typed, and are not shown. */
  setRawMode?(isRaw: boolean): unknown;
  /** Nothing more is read: a read that is under way no longer keeps the process from ending. */
  close?(): void;
}

/** What a keyring answers. `reason` says in words why it did not; `isAbsent` that this machine has none that works. */
export type KeyringAnswer<Value> =
  | { ok: true; value: Value }
  | { ok: false; isAbsent: boolean; reason: string };

/** The system's store for secrets: one secret for each account. Rejects only when the user stops the process. */
export interface Keyring {
  /** Null when nothing is stored. */
  read(account: string): Promise<KeyringAnswer<string | null>>;
  write(account: string, secret: string): Promise<KeyringAnswer<null>>;
  /** False when there was nothing to remove. */
  remove(account: string): Promise<KeyringAnswer<boolean>>;
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
  /** For instance `22.12.0`. */
  nodeVersion: string;
  clock: Clock;
  /** Aborts when the user or the system asks the process to stop; its reason is the name of the signal. */
  signal: AbortSignal;
  /**
   * A signal that aborts when the process is asked a second time. Whoever takes it has more to do than to end: without
   * it the second request ends the process at once, with it the third.
   */
  takeSecondStop(): AbortSignal;
  /** Sends one HTTP request and returns one answer. */
  exchange: Exchange;
  /** The same for presigned URIs; it has no way to be given a key. */
  stream: StreamExchange;
  /** Nothing of it is loaded before it is asked. */
  keyring: Keyring;
}
