import type { Clock } from '../clock.ts';
import { createV2Refusal } from './api-answers.ts';
import type { PlaceFile } from './place-file.ts';

export interface PlacesOptions {
  clock: Clock;
  /** The newest version of a place that nothing was uploaded to. */
  headVersion: number;
  /** True: a task at head may run the version before the newest, see `EmulatorOptions`. */
  warmServers: boolean;
}

/** A place of one universe. */
export interface PlaceAddress {
  universeId: string;
  placeId: string;
}

/** The place that a create named; no version means the newest. */
export interface TaskTarget extends PlaceAddress {
  versionId: string | null;
}

/** A version that came by an upload. */
export interface PlaceVersion extends PlaceFile {
  number: number;
  isPublished: boolean;
  /** On the monotonic clock. */
  uploadedAtMs: number;
}

export interface PlaceUpload extends PlaceFile {
  isPublished: boolean;
}

/** What a create has settled on. */
export interface ResolvedVersion {
  versionId: string;
  /** The version that the script finds itself in. */
  bootedVersion: number;
}

// How long a server of the version before may be around is not known.
const WARM_MS = 60_000;

/**
 * The versions of all places. Versions have numbers without gaps, and only the newest is ever compared with, so that is
 * the only one of a place that is kept.
 */
export class Places {
  readonly #options: PlacesOptions;
  readonly #newest = new Map<string, PlaceVersion>();

  constructor(options: PlacesOptions) {
    this.#options = options;
  }

  /**
   * Takes a file and returns the number of its version: that of the newest where it holds the same bytes (seen on the
   * live service), else a new one. What was published once remains so.
   */
  upload(place: PlaceAddress, { sha256, sizeBytes, isPublished }: PlaceUpload): number {
    const newest = this.findNewest(place);
    if (newest?.sha256 === sha256) {
      newest.isPublished ||= isPublished;
      return newest.number;
    }
    const number = this.#readNumber(newest) + 1;
    const uploadedAtMs = this.#options.clock.now();
    this.#newest.set(formatKey(place), { number, sha256, sizeBytes, isPublished, uploadedAtMs });
    return number;
  }

  /** Null for a place that nothing was uploaded to. */
  findNewest(place: PlaceAddress): PlaceVersion | null {
    return this.#newest.get(formatKey(place)) ?? null;
  }

  /** The version for a create that names one, or none for the newest. Refuses one that is not there yet (404). */
  resolveVersion({ versionId, ...place }: TaskTarget): ResolvedVersion {
    const newest = this.findNewest(place);
    const number = this.#readNumber(newest);
    if (versionId === null) return { versionId: String(number), bootedVersion: this.#decideBooted(newest) };
    if (BigInt(versionId) > BigInt(number)) {
      throw createV2Refusal('NOT_FOUND', `Version ${versionId} of place ${place.placeId} was not found.`);
    }
    return { versionId, bootedVersion: Number(versionId) };
  }

  #readNumber(newest: PlaceVersion | null): number {
    return newest?.number ?? this.#options.headVersion;
  }

  /** What a server without a version of its own runs. */
  #decideBooted(newest: PlaceVersion | null): number {
    const { clock, warmServers } = this.#options;
    const isWarm = warmServers && newest !== null && clock.now() < newest.uploadedAtMs + WARM_MS;
    return this.#readNumber(newest) - (isWarm ? 1 : 0);
  }
}

function formatKey({ universeId, placeId }: PlaceAddress): string {
  return `${universeId}/${placeId}`;
}
