import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Clock } from '../clock.ts';
import type { Context } from '../context.ts';
import { LuauExecError, messageOf, systemCodeOf } from '../errors.ts';
import { makeTemporaryDirectory } from '../temporary-directory.ts';
import { findProgram, listProgramPlaces } from './find-program.ts';
import { type ProgramEnd, runProgram } from './run-program.ts';

/** A place file that was built, in a directory that only the user can enter. */
export interface RojoBuild {
  /** Absolute path of the .rbxl file. */
  file: string;
  /** Takes it away again; never throws. */
  remove(): Promise<void>;
}

export interface RojoOptions {
  /** Rojo runs in it, and the project's name is relative to it. */
  cwd: string;
  /** All that rojo gets of the environment: secrets that it needs not know are for the caller to leave out. */
  env: Readonly<Record<string, string | undefined>>;
  homeDirectory: string | null;
  platform: string;
  clock: Clock;
  /** Ends rojo, which has 2 s for it; its reason is thrown then. */
  signal: AbortSignal;
  /** As in `Context`: the second request to stop ends rojo at once. */
  takeSecondStop: Context['takeSecondStop'];
  /** What rojo prints, as it is, piece by piece. */
  onOutput(text: string): void;
}

/**
 * Builds a place file of a project file, or of a directory with a `default.project.json`, with the user's own rojo.
 * Throws LX021 where the project or rojo is not there, LX022 where rojo fails (both of kind `usage`), LX074 where there
 * is no room for a temporary directory, and the signal's reason. Nothing is left behind then.
 */
export async function buildWithRojo(project: string, options: RojoOptions): Promise<RojoBuild> {
  options.signal.throwIfAborted();
  if (isMissing(resolve(options.cwd, project))) throw createMissingError(project);
  const rojo = findProgram('rojo', options);
  if (rojo === null) throw createNoRojoError(project, options);
  const { path, remove } = await makeTemporaryDirectory();
  try {
    const file = join(path, 'place.rbxl');
    const end = await runRojo(rojo, ['build', toArgument(project), '--output', file], options);
    const failure = findFailure(end, file);
    if (failure !== null) throw createFailedError({ project, rojo, ...failure });
    return { file, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}

async function runRojo(rojo: string, args: readonly string[], options: RojoOptions): Promise<ProgramEnd> {
  try {
    return await runProgram(rojo, { ...options, args });
  } catch (error) {
    options.signal.throwIfAborted();
    throw new LuauExecError(`cannot start rojo: ${messageOf(error)}`, {
      id: 'LX021',
      kind: 'usage',
      facts: [`rojo: ${rojo}`],
      hint: 'install rojo again',
      cause: error,
    });
  }
}

/** A name that begins with a dash would be an option. */
function toArgument(project: string): string {
  return project.startsWith('-') ? `./${project}` : project;
}

/** Whether there is certainly nothing. What cannot be looked at is for rojo to judge. */
function isMissing(path: string): boolean {
  try {
    statSync(path);
    return false;
  } catch (error) {
    const code = systemCodeOf(error);
    return code === 'ENOENT' || code === 'ENOTDIR';
  }
}

interface Failure {
  /** In a few words. */
  how: string;
  hint: string;
}

/** What is wrong with what rojo did; null where nothing is. */
function findFailure({ exitCode, signalName }: ProgramEnd, file: string): Failure | null {
  if (signalName !== null) return { how: `killed by ${signalName}`, hint: 'run it again' };
  // Its own words have gone to the user already.
  if (exitCode !== 0) return { how: `exit code ${exitCode}`, hint: 'correct what rojo says is wrong' };
  const stats = statSync(file, { throwIfNoEntry: false });
  if (stats?.isFile() && stats.size > 0) return null;
  const how = stats?.isFile() ? 'the file that it made is empty' : 'it made no file';
  return { how, hint: 'check that this program is rojo' };
}

function createMissingError(project: string): LuauExecError {
  return new LuauExecError(`cannot build ${project} with rojo: it does not exist`, {
    id: 'LX021',
    kind: 'usage',
    hint: 'check the name; a path is relative to the working directory',
  });
}

function createNoRojoError(project: string, options: RojoOptions): LuauExecError {
  const { path, tools } = listProgramPlaces(options);
  return new LuauExecError(`cannot build ${project}: rojo is not found`, {
    id: 'LX021',
    kind: 'usage',
    facts: [
      path.length === 0 ? 'PATH names no absolute directory' : `looked for it in PATH: ${path.join(', ')}`,
      ...(tools.length === 0 ? [] : [`looked for it in ${tools.join(', ')}`]),
    ],
    hint: 'install rojo (rokit add rojo-rbx/rojo), or build the place yourself and use --place-file',
  });
}

function createFailedError(failed: Failure & { project: string; rojo: string }): LuauExecError {
  return new LuauExecError(`rojo could not build ${failed.project} (${failed.how})`, {
    id: 'LX022',
    kind: 'usage',
    facts: [`rojo: ${failed.rojo}`],
    hint: failed.hint,
  });
}
