import type { Clock } from '../../clock.ts';
import { checkName } from './item-rules.ts';
import { createLifetime, type Lifetime } from './lifetime.ts';
import { MemoryBudget } from './memory-budget.ts';
import { MemoryQueue } from './memory-queue.ts';
import { RequestUnits } from './request-units.ts';
import { SortedMap } from './sorted-map.ts';

/** The sorted maps and queues of all universes, for scripts and for HTTP alike. */
export class MemoryStores {
  readonly #clock: Clock;
  readonly #universes = new Map<string, UniverseMemory>();
  #tagsMade = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The memory of a universe as it is now. To be asked again after any wait, as items expire meanwhile. */
  open(universeId: string): UniverseMemory {
    const memory = this.#universes.get(universeId) ?? new UniverseMemory(this.#clock, this.#createTag);
    this.#universes.set(universeId, memory);
    memory.dropExpired();
    return memory;
  }

  #createTag = (): string => {
    this.#tagsMade++;
    return this.#tagsMade.toString(16).padStart(8, '0');
  };
}

/** What one universe keeps, and what it may still do in this minute. */
export class UniverseMemory {
  readonly units: RequestUnits;
  readonly #clock: Clock;
  readonly #createTag: () => string;
  readonly #budget = new MemoryBudget();
  readonly #sortedMaps = new Map<string, SortedMap>();
  readonly #queues = new Map<string, MemoryQueue>();

  constructor(clock: Clock, createTag: () => string) {
    this.units = new RequestUnits(clock);
    this.#clock = clock;
    this.#createTag = createTag;
  }

  /** Throws InvalidRequest for a name that is none. */
  sortedMap(name: string): SortedMap {
    const known = this.#sortedMaps.get(checkName(name, 'the name of a sorted map'));
    const map = known ?? new SortedMap(this.#budget, this.#createTag);
    this.#sortedMaps.set(name, map);
    return map;
  }

  /** Throws InvalidRequest for a name that is none. */
  queue(name: string): MemoryQueue {
    const known = this.#queues.get(checkName(name, 'the name of a queue'));
    const queue = known ?? new MemoryQueue(this.#budget, this.#createTag);
    this.#queues.set(name, queue);
    return queue;
  }

  /** Milliseconds on the monotonic clock. */
  now(): number {
    return this.#clock.now();
  }

  /** From now on. */
  createLifetime(ttlMs: number): Lifetime {
    return createLifetime(this.#clock, ttlMs);
  }

  dropExpired(): void {
    const nowMs = this.now();
    for (const map of this.#sortedMaps.values()) map.dropExpired(nowMs);
    for (const queue of this.#queues.values()) queue.dropExpired(nowMs);
  }
}
