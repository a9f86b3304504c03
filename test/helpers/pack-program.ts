import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from './bin.ts';

export interface PackedProgram {
  /** Absolute path of the `.tgz`. */
  tarball: string;
  /** Names in it, as npm would publish them. */
  files: string[];
}

/** Packs the project, as it was built last, into `directory`. */
export function packProgram(directory: string): PackedProgram {
  const argv = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory];
  const report: unknown = JSON.parse(runNpm(argv, ROOT));
  const [packed] = Object.values(report ?? {});
  const files: string[] = packed.files.map(({ path }: { path: string }) => path);
  return { tarball: join(directory, packed.filename), files };
}

/** What npm writes on stdout. */
export function runNpm(argv: readonly string[], cwd: string): string {
  // A name of its own for npm on Windows, where only the shell finds it.
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  return execFileSync(npm, argv, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
}
