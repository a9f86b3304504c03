import { createHash } from 'node:crypto';
import { readFileSync, renameSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { systemCodeOf } from '../errors.ts';
import { makeDirectory } from '../make-directory.ts';
import { removeFile } from './remove-file.ts';

/** A version of a place that was uploaded from this machine: what it holds never changes. */
export interface KnownVersion {
  /** Of the place file, in hexadecimal. */
  sha256: string;
  versionId: string;
  sizeBytes: number;
}

export interface PlaceVersionsOptions {
  directory: string;
  /** Of the API: an emulator has versions of its own. */
  origin: string;
  universeId: string;
  placeId: string;
  /** Milliseconds since the Unix epoch. */
  wallNow: () => number;
}

const MOST_VERSIONS = 50;
/** Whoever uploads says so this often, and is gone when he has not been heard of for so long. */
export const CLAIM_MS = 5_000;
const STALE_MS = 30_000;

/**
 * Which versions of one place hold which file, as far as this machine knows, so that the same file is not uploaded twice.
 * It saves time and nothing depends on it: what cannot be read is not known, and what cannot be written is forgotten.
 */
export class PlaceVersions {
  readonly #path: string;
  readonly #lock: string;
  readonly #options: PlaceVersionsOptions;
  /** Tells our lock from those of others. */
  readonly #self = Math.random().toString(36).slice(2);

  constructor(options: PlaceVersionsOptions) {
    this.#options = options;
    const { directory, origin, universeId, placeId } = options;
    const api = createHash('sha256').update(`${origin} ${universeId}`).digest('hex').slice(0, 16);
    this.#path = join(directory, 'places', `${placeId}-${api}.json`);
    this.#lock = `${this.#path}.lock`;
  }

  /**
   * The newest version that holds the file; null where none is known. `isSuperseded` where a newer one is known: then it
   * is not what head runs.
   */
  find(sha256: string): (KnownVersion & { isSuperseded: boolean }) | null {
    const versions = this.#read().sort((a, b) => compareVersions(b, a));
    const found = versions.find((version) => version.sha256 === sha256);
    return found ? { ...found, isSuperseded: found !== versions[0] } : null;
  }

  add(version: KnownVersion): void {
    this.#write([version, ...this.#read().filter(({ versionId }) => versionId !== version.versionId)]);
  }

  /** For a version that the service does not know, or no longer. */
  forget(versionId: string): void {
    this.#write(this.#read().filter((version) => version.versionId !== versionId));
  }

  /**
   * Whether it is up to this process to upload a file: false while another uploads, and once one has. Asked again until it
   * is true, or until `find` knows of what the other has uploaded.
   */
  claim(sha256: string): boolean {
    try {
      makeDirectory(join(this.#path, '..'));
      if (this.#isStale()) removeFile(this.#lock);
      writeFileSync(this.#lock, this.#self, { flag: 'wx', mode: 0o600 });
      this.keepClaim();
    } catch (error) {
      return systemCodeOf(error) !== 'EEXIST';
    }
    // Of two who have found one stale, the second may have taken the first one's new lock away.
    if (!this.#isOurs()) return false;
    // The other one may have ended since somebody looked.
    if (this.find(sha256) === null) return true;
    this.release();
    return false;
  }

  /** Says that the upload goes on. */
  keepClaim(): void {
    const seconds = this.#options.wallNow() / 1000;
    try {
      if (this.#isOurs()) utimesSync(this.#lock, seconds, seconds);
    } catch {
      // At worst another process uploads the same file, which makes no other version.
    }
  }

  release(): void {
    if (this.#isOurs()) removeFile(this.#lock);
  }

  #isOurs(): boolean {
    try {
      return readFileSync(this.#lock, 'utf8') === this.#self;
    } catch {
      return false;
    }
  }

  #isStale(): boolean {
    const stats = statSync(this.#lock, { throwIfNoEntry: false });
    return stats !== undefined && Math.abs(this.#options.wallNow() - stats.mtimeMs) > STALE_MS;
  }

  #read(): KnownVersion[] {
    try {
      const raw: unknown = JSON.parse(readFileSync(this.#path, 'utf8'));
      return Array.isArray(raw) ? raw.filter(isKnownVersion) : [];
    } catch {
      return [];
    }
  }

  #write(versions: readonly KnownVersion[]): void {
    const part = `${this.#path}.${Math.random().toString(36).slice(2)}.part`;
    try {
      makeDirectory(join(this.#path, '..'));
      writeFileSync(part, `${JSON.stringify(versions.slice(0, MOST_VERSIONS))}\n`, { mode: 0o600 });
      renameSync(part, this.#path);
    } catch {
      removeFile(part);
    }
  }
}

/** Numbers of up to 20 digits, without zeros in front, none of which is there twice. */
function compareVersions(a: KnownVersion, b: KnownVersion): number {
  return a.versionId.length - b.versionId.length || (a.versionId < b.versionId ? -1 : 1);
}

function isKnownVersion(value: unknown): value is KnownVersion {
  if (typeof value !== 'object' || value === null) return false;
  const { sha256, versionId, sizeBytes }: { sha256?: unknown; versionId?: unknown; sizeBytes?: unknown } =
    value;
  return (
    Number.isSafeInteger(sizeBytes) &&
    isMatch(sha256, /^[0-9a-f]{64}$/) &&
    isMatch(versionId, /^[1-9]\d{0,19}$/)
  );
}

function isMatch(value: unknown, pattern: RegExp): boolean {
  return typeof value === 'string' && pattern.test(value);
}
