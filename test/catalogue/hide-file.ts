import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { CliSession } from '../helpers/cli-session.ts';

/** Takes away who may read a file, or gives it this mode, for a user whom permissions bind. Returns what undoes it. */
export function hide(name: string, mode = 0o000): (session: CliSession) => () => void {
  return ({ cwd }) => {
    const isRoot = process.geteuid?.() === 0;
    chmodSync(cwd, 0o777);
    chmodSync(join(cwd, name), mode);
    // root, whom containers often run tests as, may do everything.
    if (isRoot) process.seteuid?.(65_534);
    return () => {
      if (isRoot) process.seteuid?.(0);
    };
  };
}
