import type { Clock } from '../clock.ts';
import type { Attempt } from '../errors.ts';
import { isRefusedByProxy } from './exchange-failure.ts';
import type { Failure } from './failure.ts';
import type { Operation } from './operations.ts';
import { LONGEST_WAIT_MS, resetJitterMs } from './pacing.ts';

/** Everything a decision may rest on; `decideRetry` reads no clock and no random source of its own. */
export interface RetrySituation {
  operation: Operation;
  failure: Failure;
  /** Failed tries so far that count against `maxTries`, this one included. Waits for a limit do not count. */
  tries: number;
  /** Consecutive refusals by a limit, this one included. */
  throttles: number;
  /** Since the first try, or since the last good answer of the same watch. */
  elapsedMs: number;
  /** How long limits may hold this request back, in all. */
  throttlePatienceMs: number;
  throttledMs: number;
  /** True where the user said that running twice does no harm. */
  isRepeatAllowed: boolean;
  hasBudget: boolean;
  /** Milliseconds since the task was created; null when this process did not create it. */
  taskAgeMs: number | null;
  /** Until a slot of the place that a task of our own has just freed can be used; 0 or absent when there is none. */
  slotWaitMs?: number;
  random: () => number;
}

export type RetryDecision =
  | { action: 'wait'; waitMs: number; reason: 'rate_limit' | 'place_full' | 'retry' }
  | { action: 'give_up' };

const GIVE_UP: RetryDecision = { action: 'give_up' };
const DNS_TRIES = 3;
const REPEATED_CREATE_TRIES = 3;
/** A task may be unknown to the replica that answers for a moment after its create. */
const NEW_TASK_MS = 10_000;

/** Whether and when to send the same request again. Pure. */
export function decideRetry(situation: RetrySituation): RetryDecision {
  const { failure } = situation;
  if (failure.kind === 'throttled') return decideThrottle(situation, failure);
  if (!isWorthRepeating(situation)) return GIVE_UP;
  if (failure.kind === 'exchange' && failure.error.isReusedSocket && failure.error.failure === 'reset') {
    if (situation.tries === 1) return { action: 'wait', waitMs: 0, reason: 'retry' };
  }
  const mostTries = maxTries(situation);
  // Where the time alone ends the tries, an empty budget spaces them out: it must not cut short an outage's patience.
  const isBoundByTime = mostTries === Number.POSITIVE_INFINITY;
  if (situation.tries >= mostTries || !(situation.hasBudget || isBoundByTime)) return GIVE_UP;
  const waitMs = situation.hasBudget ? backoffMs(situation) : situation.operation.backoff.capMs;
  // A service that limits us is there, so the time it held us back is no outage.
  const outageMs = situation.elapsedMs - situation.throttledMs;
  if (outageMs + waitMs >= situation.operation.patienceMs) return GIVE_UP;
  return { action: 'wait', waitMs, reason: 'retry' };
}

const FINAL: ReadonlySet<string> = new Set(['tls', 'too_large', 'aborted']);

/** True when the same request, sent again, could meet a better answer and cannot do harm. */
function isWorthRepeating(situation: RetrySituation): boolean {
  const { failure, operation, taskAgeMs } = situation;
  if (!operation.isSafeToRepeat && failure.mayHaveRun && !situation.isRepeatAllowed) return false;
  if (failure.kind === 'exchange')
    return !FINAL.has(failure.error.failure) && !isRefusedByProxy(failure.error);
  if (failure.kind === 'server') return failure.refusal.status !== 501 && failure.refusal.status !== 505;
  if (failure.kind === 'refused') {
    return failure.refusal.status === 404 && taskAgeMs !== null && taskAgeMs < NEW_TASK_MS;
  }
  return failure.kind === 'bad_answer';
}

/** For a failure that is worth another try. */
function maxTries({ failure, operation }: RetrySituation): number {
  // A name that cannot be resolved seldom appears within seconds; three tries are enough to ride out a hiccup.
  if (!operation.isSafeToRepeat && failure.kind === 'exchange' && failure.error.failure === 'dns')
    return DNS_TRIES;
  if (!operation.isSafeToRepeat && failure.mayHaveRun) return REPEATED_CREATE_TRIES;
  return operation.maxTries;
}

function backoffMs({ operation, tries, random }: RetrySituation): number {
  const { baseMs, capMs } = operation.backoff;
  return random() * Math.min(capMs, baseMs * 2 ** Math.min(tries - 1, 20));
}

type Throttle = Extract<Failure, { kind: 'throttled' }>;

function decideThrottle(situation: RetrySituation, failure: Throttle): RetryDecision {
  if ((failure.resetMs ?? 0) > LONGEST_WAIT_MS) return GIVE_UP;
  const reason = failure.isPlaceFull ? 'place_full' : 'rate_limit';
  const waitMs = Math.min(LONGEST_WAIT_MS, throttleWaitMs(situation, failure));
  if (situation.throttledMs + waitMs > situation.throttlePatienceMs) return GIVE_UP;
  return { action: 'wait', waitMs, reason };
}

function throttleWaitMs(situation: RetrySituation, failure: Throttle): number {
  const { random, throttles } = situation;
  if (failure.isPlaceFull) return situation.slotWaitMs || Math.min(30_000, 5_000 * 1.5 ** (throttles - 1));
  // A reset of zero seconds says nothing of when to come back, so it is no hint.
  const resetMs = failure.resetMs ?? 0;
  if (resetMs > 0) return resetMs + resetJitterMs(random);
  if (failure.retryAfterMs !== null)
    return Math.max(failure.retryAfterMs, situation.operation.isSafeToRepeat ? 1_000 : 5_000);
  return Math.min(30_000, 2_000 * 2 ** (throttles - 1)) * (0.5 + random() / 2);
}

/**
 * Bounds the retries of a whole process: a service that is down for everybody is not helped by every request being
 * sent five times. Each retry costs a token, each success gives one back; waiting for a limit is free. Without a token
 * there is no retry, or only the slowest where an operation is bound by time.
 */
export class RetryBudget {
  #tokens = 30;

  get hasToken(): boolean {
    return this.#tokens > 0;
  }
  spend(): void {
    this.#tokens = Math.max(0, this.#tokens - 1);
  }
  refill(): void {
    this.#tokens = Math.min(30, this.#tokens + 1);
  }
}

export interface RetryLoop {
  operation: Operation;
  clock: Clock;
  signal: AbortSignal;
  random: () => number;
  budget: RetryBudget;
  throttlePatienceMs: number;
  isRepeatAllowed: boolean;
  taskAgeMs: number | null;
  readSlotWaitMs?: (() => number) | undefined;
  onWait(wait: { waitMs: number; reason: 'rate_limit' | 'place_full' | 'retry'; attempt: Attempt }): void;
}

export type TryResult<T> = { value: T } | { failure: Failure };

interface RetryStory {
  attempts: Attempt[];
  /** The last try of a create after which the script may be running. */
  lost: Failure | null;
}

type RetryResult<T> = { value: T } | { failure: Failure; attempts: Attempt[] };

/**
 * Calls `attempt` until it succeeds or `decideRetry` says no. The one loop of its kind. Where a create was sent again,
 * `mayHaveRun` of the failure speaks for all its tries: a refusal of the last does not undo the first.
 */
export async function withRetry<T>(
  loop: RetryLoop,
  attempt: () => Promise<TryResult<T>>,
): Promise<RetryResult<T>> {
  const story: RetryStory = { attempts: [], lost: null };
  try {
    return await repeat(loop, attempt, story);
  } catch (error) {
    if (story.lost === null || !loop.signal.aborted) throw error;
    return { failure: story.lost, attempts: story.attempts };
  }
}

async function repeat<T>(
  loop: RetryLoop,
  attempt: () => Promise<TryResult<T>>,
  story: RetryStory,
): Promise<RetryResult<T>> {
  const { clock } = loop;
  const { attempts } = story;
  const startMs = clock.now();
  // No more than a try may take and a wait should: while the machine was suspended nobody was refused anything.
  let awakeMs = 0;
  let tries = 0;
  let throttles = 0;
  let throttledMs = 0;
  for (;;) {
    const tryMs = clock.now();
    const result = await attempt();
    awakeMs += Math.min(clock.now() - tryMs, loop.operation.limits.attemptMs);
    if ('value' in result) {
      loop.budget.refill();
      return result;
    }
    const { failure } = result;
    if (failure.mayHaveRun && !loop.operation.isSafeToRepeat) story.lost = failure;
    if (failure.kind === 'throttled') throttles++;
    else {
      tries++;
      throttles = 0;
    }
    const decision = decideRetry({
      ...loop,
      failure,
      tries,
      throttles,
      throttledMs,
      elapsedMs: awakeMs,
      taskAgeMs: loop.taskAgeMs === null ? null : loop.taskAgeMs + awakeMs,
      slotWaitMs: loop.readSlotWaitMs?.() ?? 0,
      hasBudget: loop.budget.hasToken,
    });
    const tried: Attempt = {
      atMs: Math.round(clock.now() - startMs),
      httpStatus: failure.httpStatus,
      reason: failure.reason,
      waitMs: decision.action === 'wait' ? decision.waitMs : null,
    };
    attempts.push(tried);
    if (decision.action === 'give_up')
      return { failure: story.lost ? { ...failure, mayHaveRun: true } : failure, attempts };
    if (decision.reason === 'retry') loop.budget.spend();
    else throttledMs += decision.waitMs;
    loop.onWait({ waitMs: decision.waitMs, reason: decision.reason, attempt: tried });
    await clock.sleep(decision.waitMs, loop.signal);
    awakeMs += decision.waitMs;
  }
}
