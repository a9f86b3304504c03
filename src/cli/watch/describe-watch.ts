import { relative, sep } from 'node:path';
import { sanitizeLine } from '../../output/sanitize.ts';

export function describeWatching(fileCount: number, { hasKeys }: { hasKeys: boolean }): string {
  const files = fileCount === 1 ? '1 file' : `${fileCount} files`;
  // A script that is not there is waited for.
  return `\nwatching ${fileCount === 0 ? 'for the script' : files}${hasKeys ? '; r runs again, q quits' : ''}`;
}

/** Why it runs again: names the first of the paths that have changed, relative to `cwd`, and counts the others. */
export function describeReason(paths: ReadonlySet<string>, cwd: string): string {
  const [first] = paths;
  if (first === undefined) return '\nrunning again';
  const name = sanitizeLine(relative(cwd, first).split(sep).join('/'));
  const others = paths.size - 1;
  if (others < 1) return `\n${name} changed`;
  return `\n${name} and ${others} other ${others === 1 ? 'file' : 'files'} changed`;
}
