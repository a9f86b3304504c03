import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseTaskPath, type TaskPath } from '../open-cloud/task-path.ts';

/** What is written before a create is sent. A run without a `created` line may or may not have reached the service. */
export interface JournalIntent {
  event: 'intent';
  runId: string;
  /** RFC 3339. */
  time: string;
  script: string;
  universeId: string;
  placeId: string;
  origin: string;
}

/** What is written as soon as the answer to the create has named the task. */
export interface JournalCreated {
  event: 'created';
  runId: string;
  time: string;
  taskPath: string;
}

/** What is written when it is certain that no task came of an intent, so that nobody looks for one. */
export interface JournalNotCreated {
  event: 'not_created';
  runId: string;
  time: string;
}

export type JournalLine = JournalIntent | JournalCreated | JournalNotCreated;

/** One run as the journal knows it; `path` is null when its create was never answered. */
export interface JournalRun {
  runId: string;
  time: string;
  script: string;
  origin: string;
  path: TaskPath | null;
}

const FILE_NAME = 'journal.jsonl';

/**
 * Remembers the tasks that were sent from this machine, one JSON line an event. Lines are appended whole and in one
 * call, so that many processes can write at once and a killed one leaves what it had written.
 */
export class Journal {
  readonly #directory: string | null;
  readonly #onProblem: (message: string) => void;
  #hasProblem = false;

  /** A null directory remembers nothing. `onProblem` is told once, in words, when the file cannot be used. */
  constructor(directory: string | null, onProblem: (message: string) => void) {
    this.#directory = directory;
    this.#onProblem = onProblem;
  }

  append(line: JournalLine): void {
    if (this.#directory === null) return this.#report('the system names no home directory');
    try {
      mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
      // The leading line break keeps a line whole where the one before was cut off, by a full disk for instance.
      appendFileSync(join(this.#directory, FILE_NAME), `\n${JSON.stringify(line)}\n`, { mode: 0o600 });
    } catch (error) {
      this.#report(error instanceof Error ? error.message : String(error));
    }
  }

  /** All runs that may have made a task, the newest first. Lines that cannot be read are passed over. */
  readRuns(): JournalRun[] {
    const runs = new Map<string, JournalRun>();
    for (const line of this.#readLines()) {
      const { runId, time } = line;
      if (line.event === 'intent') {
        runs.set(runId, { runId, time, script: line.script, origin: line.origin, path: null });
      } else if (line.event === 'not_created') {
        runs.delete(runId);
      } else {
        const run = runs.get(runId);
        if (run) run.path = parseTaskPath(line.taskPath);
      }
    }
    return [...runs.values()].reverse();
  }

  #readLines(): JournalLine[] {
    if (this.#directory === null) return [];
    let text: string;
    try {
      text = readFileSync(join(this.#directory, FILE_NAME), 'utf8');
    } catch {
      return [];
    }
    return text.split('\n').flatMap((line) => parseLine(line) ?? []);
  }

  #report(why: string): void {
    if (this.#hasProblem) return;
    this.#hasProblem = true;
    this.#onProblem(why);
  }
}

function parseLine(text: string): JournalLine | null {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof raw !== 'object' || raw === null) return null;
  const read = (key: string): string => {
    const value: unknown = Reflect.get(raw, key);
    return typeof value === 'string' ? value : '';
  };
  const base = { runId: read('runId'), time: read('time') };
  if (base.runId === '') return null;
  switch (read('event')) {
    case 'intent': {
      const place = { universeId: read('universeId'), placeId: read('placeId') };
      return { event: 'intent', ...base, ...place, script: read('script'), origin: read('origin') };
    }
    case 'created':
      return { event: 'created', ...base, taskPath: read('taskPath') };
    case 'not_created':
      return { event: 'not_created', ...base };
    default:
      return null;
  }
}
