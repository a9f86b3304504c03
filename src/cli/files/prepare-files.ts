import { openPlaceSource } from '../../open-cloud/place-source.ts';
import type { Invocation } from '../invocation.ts';
import type { FilePlan, PlaceOrigin } from './file-plan.ts';
import { type LocatedFile, locateFile, nameAsGiven } from './locate-file.ts';
import { type InputFile, openInputFile } from './shared-input.ts';

/** The files of a call as they lie on this machine. */
export interface PreparedFiles {
  plan: FilePlan;
  input: InputFile | null;
  place: LocatedFile | null;
  /** Takes away what was made for them. */
  close(): Promise<void>;
}

/** A file that may have been made for the call. */
interface ClosableFile extends LocatedFile {
  close(): Promise<void>;
}

/**
 * Looks at all files before anything is sent, so that a bad name costs nothing, and builds the place where rojo does,
 * which is not given the `secret`. Throws LX015, LX020 to LX022 and LX074.
 */
export async function prepareFiles(
  plan: FilePlan,
  invocation: Invocation,
  { secret }: { secret: string | null },
): Promise<PreparedFiles> {
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0)) await closer();
  };
  try {
    if (plan.binaryOutput !== null) {
      const { probeOutput } = await import('./fetch-output.ts');
      await probeOutput(plan.binaryOutput, invocation);
    }
    const place = plan.place && (await openPlace(plan.place, invocation, secret));
    if (place !== null) closers.push(place.close);
    if (place !== null) await requirePlace(place);
    const input = plan.binaryInput === null ? null : await openInputFile(plan.binaryInput, invocation);
    if (input !== null) closers.push(input.close);
    return { plan, input, place, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPlace(
  origin: PlaceOrigin,
  invocation: Invocation,
  secret: string | null,
): Promise<ClosableFile> {
  if ('file' in origin) {
    const { file: name } = origin;
    return { name, file: locateFile(name, invocation), close: async () => undefined };
  }
  const { buildPlaceFile } = await import('./build-place-file.ts');
  const { file, remove } = await buildPlaceFile(origin.rojoProject, invocation, secret);
  return { name: origin.rojoProject, file, close: remove };
}

async function requirePlace(place: LocatedFile): Promise<void> {
  const opened = await openPlaceSource(place.file).catch((error: unknown) => {
    throw nameAsGiven(error, place);
  });
  await opened.close();
}
