import type { JsonValue } from '../open-cloud/task.ts';
import type { EmulatedOperation } from './emulated-operation.ts';
import type { EngineMethodName } from './engine-method-name.ts';

/** Something that goes wrong on purpose with certain requests; docs/faults.md explains every field. */
export interface Fault {
  /**
   * The kind of request that is meant, over HTTP, or the method that a script calls; each is counted by itself, and
   * `any` counts all over HTTP.
   */
  request: EmulatedOperation | EngineMethodName | 'any';
  /** The first request of the kind that meets the fault, counted from 1; 1 when absent. */
  nth?: number;
  /** How many in a row meet it; 1 when absent. */
  times?: number | 'always';
  /** For a method of scripts an `EngineFaultAction`, and nothing else. */
  do: FaultAction;
}

/** What becomes of the call of a method: an error, no answer at all, or a late one. */
export type EngineFaultAction =
  | ({ answer: { status: number; body?: string } } & Delay)
  | { never: true }
  | { delayMs: number };

/** What becomes of a request. A place of `before` leaves it undone; `after` carries it out and loses the answer. */
export type FaultAction =
  | WrittenAnswer
  | ({ reset: FaultMoment } & Delay)
  | ({ close: FaultMoment } & Delay)
  | ({ raw: string; after?: true } & Delay)
  | { never: true; after?: true };

export type FaultMoment = 'before' | 'after';

/** An answer that reaches the client, if perhaps slowly or in part. */
export type WrittenAnswer = (ChangedAnswer | ReplacedAnswer | Redirect) & Delay & Writing;

/** The real answer with another look. Null takes a header or a field away. */
export interface ChangedAnswer {
  headers?: Readonly<Record<string, string | null>>;
  state?: string;
  patch?: JsonObject;
}

/** Another answer. With `after` the request is carried out all the same. */
export interface ReplacedAnswer {
  answer: FaultAnswer;
  after?: true;
}

export interface Redirect {
  redirect: string;
  status?: number;
  after?: true;
}

export interface FaultAnswer {
  /** 200 when absent. */
  status?: number;
  headers?: Readonly<Record<string, string>>;
  /** Text is sent as it is, any other value as JSON. */
  body?: JsonValue;
  /** Instead of `body`, for bytes that are no text. */
  bodyBase64?: string;
}

/** How long an answer is held back, on the emulator's clock; the request itself is carried out at once. */
export interface Delay {
  delayMs?: number;
}

/** How the body is written; at most one of these. */
export interface Writing {
  /** This many bytes of it, then the connection is closed. */
  truncate?: number;
  drip?: FaultDrip;
  /** Again and again, until the client goes away. */
  endless?: true;
}

export interface FaultDrip {
  bytes: number;
  everyMs: number;
}

export type JsonObject = { readonly [key: string]: JsonValue };

/** A fault that was scripted for more requests than came. */
export interface UnmetFault extends Fault {
  /** How many requests met it. */
  metTimes: number;
}

/** Knows which request meets which fault. Where several fit, the first in the list is the one. */
export class FaultScript {
  readonly #entries: { fault: Fault; metTimes: number }[];
  readonly #counts = new Map<Fault['request'], number>();

  constructor(faults: readonly Fault[]) {
    this.#entries = faults.map((fault) => ({ fault, metTimes: 0 }));
  }

  /** Counts one request as it comes in; null when nothing is to go wrong with it. */
  meet(operation: EmulatedOperation): FaultAction | null {
    return this.#meet([operation, 'any']);
  }

  /** The same for the call of a method. */
  meetCall(method: EngineMethodName): FaultAction | null {
    return this.#meet([method]);
  }

  /** The faults that too few requests have met so far: for `always` none, else fewer than `times`. */
  unmet(): UnmetFault[] {
    return this.#entries
      .filter(({ fault: { times = 1 }, metTimes }) => metTimes < (times === 'always' ? 1 : times))
      .map(({ fault, metTimes }) => ({ ...fault, metTimes }));
  }

  /** `kinds` are those that the request is counted as. */
  #meet(kinds: readonly Fault['request'][]): FaultAction | null {
    for (const kind of kinds) this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
    const entry = this.#entries.find(({ fault }) => kinds.includes(fault.request) && this.#isDue(fault));
    if (!entry) return null;
    entry.metTimes++;
    return entry.fault.do;
  }

  #isDue({ request, nth = 1, times = 1 }: Fault): boolean {
    const count = this.#counts.get(request) ?? 0;
    return count >= nth && (times === 'always' || count < nth + times);
  }
}
