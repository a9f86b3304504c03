import { spawnSync } from 'node:child_process';

/** Throws where a program is missing, with the command that installs it on Debian. `packages` is by program. */
export function requirePrograms(packages: Readonly<Record<string, string>>): void {
  for (const [program, debianPackage] of Object.entries(packages)) {
    if (spawnSync(program, ['--version']).error) {
      throw new Error(`${program} is not installed. On Debian: apt-get install -y ${debianPackage}`);
    }
  }
}
