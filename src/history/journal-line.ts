/** What every line about a task says, so that it can be read without the others: older segments may be gone. */
export interface RunFacts {
  runId: string;
  /** RFC 3339; when the create was about to be sent. */
  sentTime: string;
  script: string;
  universeId: string;
  placeId: string;
  origin: string;
  /** The target of the config file; null where none was chosen. */
  target: string | null;
  /** How long the script may run; null where it is not known. */
  timeoutSeconds: number | null;
  /** Whether it was sent with a harness that stops it when it is told to, as the run of this id. */
  isCancellable: boolean;
  /** Whether that harness sends its log messages while it runs. */
  isLive: boolean;
}

/** What is written before a create is sent. A run without a `created` line may or may not have reached the service. */
export interface JournalIntent extends RunFacts {
  event: 'intent';
  /** RFC 3339, as in all lines; when the line was written. */
  time: string;
}

/** What is written as soon as the answer to the create has named the task. */
export interface JournalCreated extends RunFacts {
  event: 'created';
  time: string;
  taskPath: string;
  /** The service's own word; null in lines of earlier versions. */
  state: string | null;
}

/** What is written when a command has learnt a task's state. */
export interface JournalSeen extends RunFacts {
  event: 'seen';
  time: string;
  taskPath: string;
  state: string;
  isFinished: boolean;
  /** Of a failed task: the service's word, for instance `SCRIPT_ERROR`. */
  code: string | null;
}

/**
 * What is written when it is certain that no task came of an intent, or only one that ran nothing of the script, so that
 * nobody looks for one.
 */
export interface JournalNotCreated {
  event: 'not_created';
  runId: string;
  time: string;
}

export type JournalLine = JournalIntent | JournalCreated | JournalSeen | JournalNotCreated;

/** Null for what is no line of a journal, or one of a later version. */
export function parseJournalLine(text: string): JournalLine | null {
  const raw = parseObject(text);
  if (raw === null) return null;
  const runId = readText(raw, 'runId');
  const time = readText(raw, 'time');
  if (runId === '') return null;
  switch (readText(raw, 'event')) {
    case 'intent':
      return { event: 'intent', time, ...readFacts(raw, runId), sentTime: time };
    case 'created': {
      const state = readText(raw, 'state') || null;
      return { event: 'created', time, ...readFacts(raw, runId), ...readTask(raw), state };
    }
    case 'seen': {
      const state = readText(raw, 'state');
      const isFinished = Reflect.get(raw, 'isFinished') === true;
      const code = readText(raw, 'code') || null;
      return { event: 'seen', time, ...readFacts(raw, runId), ...readTask(raw), state, isFinished, code };
    }
    case 'not_created':
      return { event: 'not_created', runId, time };
    default:
      return null;
  }
}

function readFacts(raw: object, runId: string): RunFacts {
  const timeoutSeconds: unknown = Reflect.get(raw, 'timeoutSeconds');
  return {
    runId,
    sentTime: readText(raw, 'sentTime'),
    script: readText(raw, 'script'),
    universeId: readText(raw, 'universeId'),
    placeId: readText(raw, 'placeId'),
    origin: readText(raw, 'origin'),
    target: readText(raw, 'target') || null,
    timeoutSeconds: typeof timeoutSeconds === 'number' ? timeoutSeconds : null,
    isCancellable: Reflect.get(raw, 'isCancellable') === true,
    isLive: Reflect.get(raw, 'isLive') === true,
  };
}

function readTask(raw: object): { taskPath: string } {
  return { taskPath: readText(raw, 'taskPath') };
}

function readText(raw: object, key: string): string {
  const value: unknown = Reflect.get(raw, key);
  return typeof value === 'string' ? value : '';
}

function parseObject(text: string): object | null {
  // Most lines that are none are empty ones, and an error costs more than a look.
  if (!text.startsWith('{')) return null;
  try {
    const raw: unknown = JSON.parse(text);
    return typeof raw === 'object' ? raw : null;
  } catch {
    return null;
  }
}
