import { cpSync } from 'node:fs';
import { basename, join } from 'node:path';
import { ROOT } from '../helpers/bin.ts';

/** What git does not hold. */
const UNTRACKED: ReadonlySet<string> = new Set(['.git', '.stryker-tmp', 'coverage', 'dist', 'node_modules']);

/** Puts the project into a new directory as a runner fetches it, and returns its path. */
export function checkOut(parent: string): string {
  const target = join(parent, 'checkout of it');
  cpSync(ROOT, target, { recursive: true, filter: (path) => !UNTRACKED.has(basename(path)) });
  return target;
}
