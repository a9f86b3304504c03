import { addFacts, LuauExecError } from '../../errors.ts';
import { CLAIM_MS, PlaceVersions } from '../../history/place-versions.ts';
import { resolveStateDirectory } from '../../history/state-directory.ts';
import { hashPlaceSource } from '../../open-cloud/place-source.ts';
import { uploadPlace } from '../../open-cloud/upload-place.ts';
import type { ReportPlace } from '../../output/report.ts';
import type { Connection } from '../connect.ts';
import type { Invocation } from '../invocation.ts';
import type { Asker } from './asker.ts';
import { type LocatedFile, nameAsGiven } from './locate-file.ts';
import { createTransferNote } from './transfer-note.ts';

export interface SharedPlaceOptions extends LocatedFile {
  isPublished: boolean;
  /** True where it does not matter what is known: the file has to be the latest version, or what players join. */
  isAlwaysUploaded: boolean;
  queueTimeoutMs: number;
  invocation: Invocation;
  connection: Connection;
}

/** A version of the place that holds the file. */
export interface BroughtPlace extends ReportPlace {
  /** True where head is known to be another version. */
  isSuperseded: boolean;
}

/** While another process uploads to the same place. */
const LOOK_MS = 250;

/** The place file of a call: one version for all of its scripts, uploaded where this machine knows of none that holds it. */
export class SharedPlace {
  readonly #options: SharedPlaceOptions;
  /** Null remembers nothing. */
  readonly #versions: PlaceVersions | null;
  #current: Promise<BroughtPlace> | null = null;

  constructor(options: SharedPlaceOptions) {
    this.#options = options;
    const { connection, invocation } = options;
    const { context } = invocation;
    const { universeId, placeId, client, journal } = connection;
    // Where tasks do not outlive the process, versions do not either.
    const directory = journal === null ? null : resolveStateDirectory(context);
    const { origin } = client;
    const { wallNow } = context.clock;
    this.#versions =
      directory === null ? null : new PlaceVersions({ directory, origin, universeId, placeId, wallNow });
  }

  /**
   * The version that the scripts run against; the first who asks brings it about. Throws what `uploadPlace` throws, LX602
   * where a signal stops the upload, and the reason of one that comes before it.
   */
  take(asker: Asker): Promise<BroughtPlace> {
    this.#current ??= this.#start(asker);
    return this.#current;
  }

  /**
   * The version once more, where the service does not know the one that was taken from memory: an emulator that was
   * started anew has none of its versions. Null where it was uploaded just now.
   */
  async renew(known: BroughtPlace, asker: Asker): Promise<BroughtPlace | null> {
    if (known.isUploaded) return null;
    const taken = this.#current;
    const { versionId, isUploaded } = await this.take(asker);
    // Of several who ask the first has replaced it by then.
    if (versionId === known.versionId && !isUploaded && this.#current === taken) {
      this.#versions?.forget(known.versionId);
      this.#current = this.#start(asker);
    }
    return this.take(asker);
  }

  /** A server had another version: head is, or will be, another one, so the next scripts need not try it. */
  noteOtherHead(): void {
    this.#current = this.#current?.then((place) => ({ ...place, isSuperseded: true })) ?? null;
  }

  /** The next one who asks has the file looked at anew. */
  forget(): void {
    this.#current = null;
  }

  async #start(asker: Asker): Promise<BroughtPlace> {
    try {
      return await this.#bring(asker);
    } catch (error) {
      throw nameAsGiven(error, this.#options);
    }
  }

  async #bring(asker: Asker): Promise<BroughtPlace> {
    asker.signal.throwIfAborted();
    const { file, isAlwaysUploaded } = this.#options;
    const versions = isAlwaysUploaded ? null : this.#versions;
    if (versions === null) return this.#upload(asker);
    const sha256 = await hashPlaceSource(file, asker);
    const known = this.#find(versions, sha256) ?? (await this.#claim(versions, sha256, asker));
    if (known !== null) return known;
    const uploading = new AbortController();
    this.#keepClaim(versions, uploading.signal);
    try {
      return await this.#upload(asker);
    } finally {
      uploading.abort();
      versions.release();
    }
  }

  #find(versions: PlaceVersions, sha256: string): BroughtPlace | null {
    const { name, isPublished } = this.#options;
    const known = versions.find(sha256);
    return known && { ...known, name, isUploaded: false, isPublished };
  }

  /** Null once it is up to this process to upload: who waits for another does not wait longer than for a limit. */
  async #claim(
    versions: PlaceVersions,
    sha256: string,
    { listen, signal }: Asker,
  ): Promise<BroughtPlace | null> {
    const { queueTimeoutMs, invocation } = this.#options;
    const { clock } = invocation.context;
    const endMs = clock.now() + queueTimeoutMs;
    for (let looks = 0; !versions.claim(sha256) && clock.now() < endMs; looks++) {
      const known = this.#find(versions, sha256);
      if (known !== null) return known;
      if (looks === 0) listen({ type: 'awaiting_upload' });
      await clock.sleep(LOOK_MS, signal);
    }
    return null;
  }

  /** Also while nothing is sent: after the last byte, or while a limit holds the upload back. */
  #keepClaim(versions: PlaceVersions, signal: AbortSignal): void {
    const { clock } = this.#options.invocation.context;
    const keep = async () => {
      for (;;) {
        await clock.sleep(CLAIM_MS, signal);
        versions.keepClaim();
      }
    };
    keep().catch(() => undefined);
  }

  async #upload({ listen, signal }: Asker): Promise<BroughtPlace> {
    const { name, file, isPublished, queueTimeoutMs, connection } = this.#options;
    const { client, universeId, placeId } = connection;
    const note = createTransferNote(`uploading ${name}`, listen);
    try {
      const uploaded = await uploadPlace(client, file, {
        ...{ universeId, placeId, queueTimeoutMs, signal },
        versionType: isPublished ? 'Published' : 'Saved',
        onProgress: note.progress,
        onWait: note.wait,
      });
      note.done();
      this.#versions?.add(uploaded);
      return { ...uploaded, name, isUploaded: true, isPublished, isSuperseded: false };
    } catch (error) {
      if (error instanceof LuauExecError && error.kind === 'unknown') {
        throw addFacts(error, ['no script was sent']);
      }
      if (!signal.aborted || error !== signal.reason) throw error;
      throw new LuauExecError('stopped while the place was uploaded; no script was sent', {
        id: 'LX602',
        kind: 'interrupted',
        facts: ['what had arrived whole may have become a version, which does no harm'],
        hint: 'run it again',
      });
    }
  }
}
