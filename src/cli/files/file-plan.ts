import { quoteValue } from '../../config/setting-error.ts';
import type { Settings } from '../../config/settings.ts';
import { LuauExecError } from '../../errors.ts';
import type { RunOptions } from '../shared-options.ts';

/** Values of `--pin`. */
export const PINS = ['auto', 'always', 'never'] as const;
export type Pin = (typeof PINS)[number];

/** Where the place file comes from that the scripts run against. */
export type PlaceOrigin = { file: string } | { rojoProject: string };

/** The files that go with the scripts of a call, as the user named them. */
export interface FilePlan {
  place: PlaceOrigin | null;
  isPublished: boolean;
  pin: Pin;
  binaryInput: string | null;
  binaryOutput: string | null;
}

export type FileOptions = Pick<
  RunOptions,
  'binaryInput' | 'binaryOutput' | 'placeFile' | 'rojo' | 'publish' | 'pin' | 'placeVersion' | 'watch'
>;

const DEFAULT_PROJECT = 'default.project.json';

/** Throws LX003 for options that contradict each other, and LX011 for a bad --pin. */
export function readFilePlan(options: FileOptions, settings: Settings): FilePlan {
  const place = readPlaceOrigin(options);
  const hasVersion = place === null && settings.placeVersion.value !== null;
  const problem = findProblem(options, { place, hasVersion });
  refuse(problem);
  return {
    place,
    isPublished: options.publish ?? false,
    // A version that is named by its number is seldom the newest one, which is what a warm server runs.
    pin: readPin(options.pin) ?? (place === null ? 'always' : 'auto'),
    binaryInput: options.binaryInput ?? null,
    binaryOutput: options.binaryOutput ?? null,
  };
}

function readPlaceOrigin({ placeFile, rojo }: FileOptions): PlaceOrigin | null {
  if (placeFile !== undefined) return { file: placeFile };
  if (rojo === undefined) return null;
  return { rojoProject: rojo === true ? DEFAULT_PROJECT : rojo };
}

function readPin(text: string | undefined): Pin | null {
  if (text === undefined) return null;
  const pin = PINS.find((known) => known === text);
  if (pin !== undefined) return pin;
  throw new LuauExecError(`--pin ${quoteValue(text)} is none of ${PINS.join(', ')}`, {
    id: 'LX011',
    kind: 'usage',
    hint: 'leave it out: auto is the default',
  });
}

type Problem = [headline: string, hint: string];

function refuse(problem: Problem | null): void {
  if (problem === null) return;
  const [headline, hint] = problem;
  throw new LuauExecError(headline, { id: 'LX003', kind: 'usage', hint });
}

function findProblem(
  options: FileOptions,
  known: { place: PlaceOrigin | null; hasVersion: boolean },
): Problem | null {
  return findPlaceProblem(options, known) ?? findBinaryProblem(options);
}

function findPlaceProblem(
  { placeFile, rojo, placeVersion, publish, pin, watch }: FileOptions,
  { place, hasVersion }: { place: PlaceOrigin | null; hasVersion: boolean },
): Problem | null {
  if (placeFile !== undefined && rojo !== undefined)
    return ['--rojo builds a place file, and --place-file names another', 'give one of the two'];
  if (placeFile === '') return ['--place-file names no file', 'name a place file, .rbxl or .rbxlx'];
  if (place !== null && placeVersion !== undefined)
    return [
      'a place file becomes a version of its own, and --place-version names another',
      'give one of the two',
    ];
  if (publish && place === null)
    return ['--publish publishes a place file, and none is named', 'add --place-file FILE, or --rojo'];
  if (pin === 'always' && place === null && !hasVersion)
    return [
      '--pin always needs a version to run against',
      'add --place-version N, --place-file FILE, or --rojo',
    ];
  if (pin === 'never' && hasVersion)
    return ['--pin never runs the latest version, and another one is named', 'give one of the two'];
  if (watch && publish)
    return [
      '--watch uploads a place at each change, and each would be published',
      'publish it once, without --watch',
    ];
  if (typeof rojo === 'string' && !/\.json$/i.test(rojo))
    return [
      `--rojo takes a project, whose name ends in .json, and ${quoteValue(rojo)} is none`,
      'put --rojo behind the scripts, or write --rojo=default.project.json',
    ];
  if (watch && rojo !== undefined)
    return [
      '--watch cannot tell what a rojo project is built from',
      'let rojo build --watch write a file, and use --place-file',
    ];
  return null;
}

function findBinaryProblem({ binaryInput, binaryOutput, watch }: FileOptions): Problem | null {
  if (binaryInput === '') return ['--binary-input names no file', 'name a file, or - for standard input'];
  if (binaryInput === '-' && watch)
    return ['--watch reads the input again, and standard input can be read once', 'name a file'];
  return binaryOutput === undefined ? null : findOutputProblem(binaryOutput);
}

/** What is wrong with the name of a file for binary output. */
function findOutputProblem(name: string): Problem | null {
  if (name === '') return ['--binary-output names no file', 'name the file that shall hold it'];
  if (name === '-') return ['standard output carries the results, not binary output', 'name a file'];
  // Where the option's own value was forgotten, somebody's work would be replaced.
  if (/\.luau?$/i.test(name))
    return [`${name} is named as a script is, and would be replaced`, 'name the file of an output otherwise'];
  return null;
}

/** Throws LX003 for what cannot be the name of a file for binary output. */
export function requireOutputName(name: string): void {
  refuse(findOutputProblem(name));
}
