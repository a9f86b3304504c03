import { appendFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, systemCodeOf } from '../errors.ts';
import { makeDirectory } from '../make-directory.ts';
import { type JournalLine, parseJournalLine } from './journal-line.ts';
import { collectRuns, type DatedLine, type JournalRun } from './journal-run.ts';
import { removeFile } from './remove-file.ts';
import { chooseSegment, dateLine, dateSegments, findSegments, isOld } from './segments.ts';

export interface JournalOptions {
  /** Null remembers nothing. */
  directory: string | null;
  /** Milliseconds since the Unix epoch. */
  wallNow: () => number;
  /** Told once, in words, when the journal cannot be used. */
  onProblem: (message: string) => void;
}

/** All that an earlier version wrote, in one file without an end. */
const FORMER_NAME = 'journal.jsonl';

/**
 * Remembers the tasks that were sent from this machine, one JSON line an event, in segments of an hour. Lines are
 * appended whole and in one call, so that many processes can write at once and a killed one leaves what it had written;
 * no file is ever rewritten, and one in which nothing can matter any more is deleted.
 */
export class Journal {
  readonly #directory: string | null;
  readonly #wallNow: () => number;
  readonly #onProblem: (message: string) => void;
  #hasProblem = false;

  constructor({ directory, wallNow, onProblem }: JournalOptions) {
    this.#directory = directory;
    this.#wallNow = wallNow;
    this.#onProblem = onProblem;
  }

  append(line: JournalLine): void {
    const directory = this.#directory;
    if (directory === null) return this.#report(NO_HOME);
    try {
      makeDirectory(directory);
      const { name, isNew } = chooseSegment(findSegments(readdirSync(directory)), this.#wallNow());
      // The leading line break keeps a line whole where the one before was cut off, by a full disk for instance.
      appendFileSync(join(directory, name), `\n${JSON.stringify(line)}\n`, { mode: 0o600 });
      if (isNew) this.#prune(directory);
    } catch (error) {
      this.#report(messageOf(error));
    }
  }

  /**
   * The runs that may have made a task which still exists, the newest first, of all APIs or of the one at `origin`. No
   * more is read than what is asked for needs. Lines that cannot be read are passed over; a directory that is there and
   * cannot be read is a problem.
   */
  *readRuns(origin: string | null): Generator<JournalRun> {
    const nowMs = this.#wallNow();
    for (const run of collectRuns(this.#readLinesBackwards(nowMs), nowMs)) {
      if (origin === null || run.facts.origin === origin) yield run;
    }
  }

  *#readLinesBackwards(nowMs: number): Generator<DatedLine> {
    const directory = this.#directory;
    if (directory === null) return this.#report(NO_HOME);
    const names = this.#list(directory);
    const segments = dateSegments(findSegments(names), nowMs);
    for (const segment of segments.reverse()) {
      if (isOld(segment, nowMs)) continue;
      for (const line of readLinesBackwards(join(directory, segment.name))) {
        yield { line, atMs: dateLine(Date.parse(line.time), segment, nowMs) };
      }
    }
    if (!names.includes(FORMER_NAME)) return;
    for (const line of readLinesBackwards(join(directory, FORMER_NAME))) {
      yield { line, atMs: Math.min(nowMs, Date.parse(line.time) || 0) };
    }
  }

  #list(directory: string): string[] {
    try {
      return readdirSync(directory);
    } catch (error) {
      if (systemCodeOf(error) !== 'ENOENT') this.#report(messageOf(error));
      return [];
    }
  }

  /** What cannot be deleted stays: that harms nobody. */
  #prune(directory: string): void {
    const nowMs = this.#wallNow();
    const names = this.#list(directory);
    const old = dateSegments(findSegments(names), nowMs).filter((segment) => isOld(segment, nowMs));
    for (const { name } of old) removeFile(join(directory, name));
    if (!names.includes(FORMER_NAME)) return;
    const former = join(directory, FORMER_NAME);
    if (isOld({ writtenMs: readChangeMs(former) ?? nowMs }, nowMs)) removeFile(former);
  }

  #report(why: string): void {
    if (this.#hasProblem) return;
    this.#hasProblem = true;
    this.#onProblem(why);
  }
}

const NO_HOME = 'the system names no home directory';

/** A segment may go while it is being read, and what is no file has no lines. */
function* readLinesBackwards(path: string): Generator<JournalLine> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return;
  }
  for (const part of text.split('\n').reverse()) {
    const line = parseJournalLine(part);
    if (line) yield line;
  }
}

function readChangeMs(path: string): number | null {
  try {
    return statSync(path).mtimeMs;
  } catch {
    return null;
  }
}
