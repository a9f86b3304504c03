import {
  appendFileSync,
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readSync,
  rmSync,
  statSync,
  utimesSync,
} from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../make-directory.ts';
import type { JsonValue } from '../open-cloud/task.ts';

export interface LiveRelayOptions {
  /** Null where nothing is remembered: then every process is alone. */
  directory: string | null;
  runId: string;
  /** Milliseconds since the Unix epoch. */
  wallNow: () => number;
  /** The text without its secrets. */
  redact: (text: string) => string;
}

/** An owner that has not been heard of for so long is gone. */
const STALE_MS = 5_000;
/** What a killed process has left is taken away after this. */
const FORGOTTEN_MS = 3_600_000;
const NAME = /^live-[\w-]+\.jsonl$/;

/**
 * A file by which the processes of this machine share the live messages of one run, of which only one reader gets each:
 * the owner takes them and writes them down, the others read them here. An owner that ends leaves its place to the next who
 * asks. Where the file cannot be used everybody is an owner.
 */
export class LiveRelay {
  readonly #path: string | null;
  readonly #options: LiveRelayOptions;
  /** Tells the lines of this process from those of others. */
  readonly #self = Math.random().toString(36).slice(2);
  #owner: string | null = null;
  /** How far the file has been read. */
  #offset = 0;
  #pending: JsonValue[] = [];

  constructor(options: LiveRelayOptions) {
    this.#options = options;
    this.#path = options.directory === null ? null : join(options.directory, `live-${options.runId}.jsonl`);
  }

  /** Whether it is up to this process to take messages. Asked again and again, or the place is lost. */
  claim(): boolean {
    try {
      return this.#path === null || this.#claim(this.#path);
    } catch {
      return true;
    }
  }

  /** Tells the others what was taken. */
  add(batch: JsonValue): void {
    try {
      if (this.#path !== null) this.#append(this.#path, { by: this.#self, batch });
    } catch {
      // They find it at the end, among the messages that are kept.
    }
  }

  /** What others have taken since the last time. */
  takeNew(): JsonValue[] {
    return this.#pending.splice(0);
  }

  /** Leaves the place to the next. */
  release(): void {
    if (this.#path !== null && this.#owner === this.#self) rmSync(this.#path, { force: true });
  }

  #claim(path: string): boolean {
    const ageMs = this.#readAgeMs(path);
    if (ageMs !== null) this.#readLines(path);
    if (this.#owner === this.#self && ageMs !== null) {
      this.#touch(path);
      return true;
    }
    if (ageMs !== null && ageMs < STALE_MS) return false;
    if (ageMs === null) this.#begin();
    this.#append(path, { owner: this.#self });
    // Of several who ask at the same time the last is the one.
    this.#readLines(path);
    return this.#owner === this.#self;
  }

  #begin(): void {
    const { directory, wallNow } = this.#options;
    if (directory === null) return;
    makeDirectory(directory);
    this.#offset = 0;
    for (const name of readdirSync(directory)) {
      const path = join(directory, name);
      const ageMs = NAME.test(name) ? wallNow() - statSync(path).mtimeMs : 0;
      if (ageMs > FORGOTTEN_MS) rmSync(path, { force: true });
    }
  }

  #append(path: string, line: object): void {
    appendFileSync(path, `${this.#options.redact(JSON.stringify(line))}\n`, { mode: 0o600 });
    this.#touch(path);
  }

  /** By our own clock, which is the one that the age is reckoned by. */
  #touch(path: string): void {
    const seconds = this.#options.wallNow() / 1000;
    utimesSync(path, seconds, seconds);
  }

  /** Null where there is no file. */
  #readAgeMs(path: string): number | null {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats ? Math.abs(this.#options.wallNow() - stats.mtimeMs) : null;
  }

  /** Whole lines that have come since the last time; half a line is read when it is whole. */
  #readLines(path: string): void {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      // Another file has taken its place.
      if (size < this.#offset) this.#offset = 0;
      const bytes = Buffer.alloc(size - this.#offset);
      readSync(file, bytes, 0, bytes.length, this.#offset);
      const end = bytes.lastIndexOf('\n') + 1;
      this.#offset += end;
      for (const text of bytes.toString('utf8', 0, end).split('\n')) this.#readLine(text);
    } finally {
      closeSync(file);
    }
  }

  #readLine(text: string): void {
    const line: unknown = parse(text);
    if (typeof line !== 'object' || line === null) return;
    const { owner, by, batch }: { owner?: unknown; by?: unknown; batch?: JsonValue } = line;
    if (typeof owner === 'string') this.#owner = owner;
    if (by !== this.#self && batch !== undefined) this.#pending.push(batch);
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
