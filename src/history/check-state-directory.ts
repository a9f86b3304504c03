import { accessSync, constants, existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/**
 * Why the journal could not be written to this directory, in words; null when nothing speaks against it. Looks only:
 * a directory that does not exist counts by the nearest one above it that does.
 */
export function describeStateProblem(directory: string | null): string | null {
  if (directory === null) return 'the system names no home directory';
  let nearest = resolve(directory);
  while (!existsSync(nearest) && nearest !== dirname(nearest)) nearest = dirname(nearest);
  try {
    if (!statSync(nearest).isDirectory()) return `${nearest} is not a directory`;
    accessSync(nearest, constants.W_OK | constants.X_OK);
    return null;
  } catch {
    return `${nearest} may not be written`;
  }
}
