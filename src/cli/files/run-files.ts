import { statSync } from 'node:fs';
import { LuauExecError } from '../../errors.ts';
import type { UploadedInput } from '../../open-cloud/upload.ts';
import type { ReportFiles } from '../../output/report.ts';
import type { Script } from '../../script/compose-script.ts';
import { addVersionGuard } from '../../script/version-guard.ts';
import type { RunParameters } from '../../task/run-task.ts';
import type { Asker } from './asker.ts';
import { confirmPublish, type PublishOptions } from './confirm-publish.ts';
import type { FilePlan } from './file-plan.ts';
import type { PreparedFiles } from './prepare-files.ts';
import { SharedInput } from './shared-input.ts';
import { type BroughtPlace, SharedPlace } from './shared-place.ts';

/** What is sent of one script, and what the report says of the files that go with it. */
export interface Sending {
  parameters: RunParameters;
  files: ReportFiles;
  place: BroughtPlace | null;
  input: UploadedInput | null;
}

/** One script, before the files that go with it are there. */
export interface SendOptions extends Asker {
  script: Script;
  /** Of the run; letters, digits and a dash. */
  runId: string;
  base: RunParameters;
  /** True where others learn the task from its create on, so that it has to be the one that runs the script. */
  isFollowed: boolean;
}

/** The files that go with the scripts of one call, on their way to the service. */
export interface RunFiles {
  /** The file for the binary output, as the user named it; null for none. */
  readonly binaryOutput: string | null;
  /** Where those lie that the user can change. */
  readonly paths: readonly string[];
  /** For another round of the same scripts: takes up what has changed, and tells one state of the files from another. */
  refresh(): string;
  /** Uploads what is not there yet. Throws what the uploads throw. */
  send(options: SendOptions): Promise<Sending>;
  /**
   * The same once more, where the service turned a create away, with certainty, because of a file that it does not know,
   * or no longer; null where it was for another reason.
   */
  sendAgain(sending: Sending, thrown: unknown, options: SendOptions): Promise<Sending | null>;
  /** A version guard has fired. */
  noteOtherHead(): void;
  /** Takes away what was made for them on this machine. */
  close(): Promise<void>;
}

export interface RunFilesOptions extends PublishOptions {
  queueTimeoutMs: number;
}

/** Throws LX023 where a place may not be published. */
export async function openRunFiles(prepared: PreparedFiles, options: RunFilesOptions): Promise<RunFiles> {
  const { plan, close } = prepared;
  const { isPublished, binaryOutput, pin } = plan;
  if (prepared.place && isPublished) await confirmPublish(prepared.place.name, options);
  const isAlwaysUploaded = isPublished || pin === 'never';
  const place =
    prepared.place && new SharedPlace({ ...options, ...prepared.place, isPublished, isAlwaysUploaded });
  const input = prepared.input && new SharedInput({ ...options, input: prepared.input });

  const send = async (options: SendOptions): Promise<Sending> => {
    const version = place && (await place.take(options));
    const slot = input && (await input.take(options));
    const parameters: RunParameters = {
      ...options.base,
      ...decideVersion(options, { plan, place: version }),
      ...(slot && { binaryInput: slot.path }),
      ...(binaryOutput !== null && { enableBinaryOutput: true }),
    };
    const binaryInput = input && slot && { name: input.name, sizeBytes: slot.sizeBytes, sha256: slot.sha256 };
    const files = { place: version, binaryInput, binaryOutput: null };
    return { parameters, files, place: version, input: slot };
  };
  const paths = [prepared.place, prepared.input].flatMap((located) => located?.file ?? []);
  return {
    binaryOutput,
    paths,
    refresh() {
      place?.forget();
      input?.forget();
      return paths.map(describeState).join(' ');
    },
    send,
    async sendAgain(sending, thrown, options) {
      const status = readRefusal(thrown);
      if (status === null) return null;
      const renewed =
        status === 404 && sending.place !== null
          ? ((await place?.renew(sending.place, options)) ?? null)
          : null;
      const isOldInput = sending.input !== null && (input?.isOld(sending.input) ?? false);
      return renewed !== null || isOldInput ? send(options) : null;
    },
    noteOtherHead: () => place?.noteOtherHead(),
    close,
  };
}

/** The status with which a create was turned away that has certainly made no task; null for anything else. */
function readRefusal(thrown: unknown): number | null {
  if (!(thrown instanceof LuauExecError) || thrown.taskPath !== null || thrown.kind === 'unknown')
    return null;
  return thrown.httpStatus === 404 || thrown.httpStatus === 400 ? thrown.httpStatus : null;
}

/** Differs where a file has been written to. */
function describeState(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  return stats ? `${stats.mtimeMs} ${stats.size} ${stats.ino}` : 'missing';
}

/** Head, a version, or head behind a guard and then the version: docs/adr/0025-a-warm-server-first.md. */
function decideVersion(
  { script, runId, base, isFollowed }: SendOptions,
  { plan, place }: { plan: FilePlan; place: BroughtPlace | null },
): Pick<RunParameters, 'versionId' | 'guarded'> {
  const versionId = place?.versionId ?? base.versionId;
  if (versionId === null || plan.pin === 'never') return { versionId: null, guarded: null };
  if (plan.pin === 'always' || isFollowed || place?.isSuperseded) return { versionId, guarded: null };
  const hasBinaryOutput = plan.binaryOutput !== null;
  return { versionId, guarded: addVersionGuard(script.text, { versionId, nonce: runId, hasBinaryOutput }) };
}
