import { rmSync } from 'node:fs';

/** Takes a file away where that is possible: another process may be first, or the directory may not be written to. */
export function removeFile(path: string): void {
  try {
    rmSync(path, { force: true });
  } catch {
    // It stays, which harms nobody.
  }
}
