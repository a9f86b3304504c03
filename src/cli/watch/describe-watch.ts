import { relative, sep } from 'node:path';
import { sanitizeLine } from '../../output/sanitize.ts';

export function describeWatching(fileCount: number, { hasKeys }: { hasKeys: boolean }): string {
  const files = fileCount === 1 ? '1 file' : `${fileCount} files`;
  // A script that is not there is waited for.
  return `watching ${fileCount === 0 ? 'for the script' : files}${hasKeys ? '; r runs again, q quits' : ''}`;
}

/** Names the first of the paths, relative to `cwd`, and counts the others. There has to be one. */
export function describeChanges(paths: ReadonlySet<string>, cwd: string): string {
  const [first = ''] = paths;
  const name = sanitizeLine(relative(cwd, first).split(sep).join('/'));
  const others = paths.size - 1;
  if (others < 1) return `${name} changed`;
  return `${name} and ${others} other ${others === 1 ? 'file' : 'files'} changed`;
}
