import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LuauExecError, messageOf } from './errors.ts';

/** A directory that only its owner may enter: that is how `mkdtemp` makes it. */
export interface TemporaryDirectory {
  path: string;
  /** Takes it away with all that is in it. Never rejects. */
  remove(): Promise<void>;
}

/** Throws LX074, kind `io`, where there is no room for one. */
export async function makeTemporaryDirectory(): Promise<TemporaryDirectory> {
  const above = resolve(tmpdir());
  try {
    const path = await mkdtemp(join(above, 'luau-exec-'));
    const options = { recursive: true, force: true, maxRetries: 3 };
    return { path, remove: () => rm(path, options).catch(() => undefined) };
  } catch (cause) {
    // Without the name that was made up for it.
    const [why = ''] = messageOf(cause).split(', ');
    throw new LuauExecError(`cannot make a directory in ${above}: ${why}`, {
      id: 'LX074',
      kind: 'io',
      hint: 'let TMPDIR (on Windows TEMP) name a directory that exists and that you may write to',
      cause,
    });
  }
}
