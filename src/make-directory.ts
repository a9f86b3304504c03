import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { systemCodeOf } from './errors.ts';

/**
 * Makes the directory, and those above it that are missing, for nobody but their owner; one that is there stays as it is.
 * Throws what the system says. Node's own `recursive` never returns where the system makes no directory in one that is
 * there, and gives ENOENT for it, as `/proc` does (seen in 20.20).
 */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    if (isDirectory(path)) return;
    const above = dirname(path);
    if (systemCodeOf(error) !== 'ENOENT' || above === path || isDirectory(above)) throw error;
    makeDirectory(above);
    makeDirectory(path);
  }
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
