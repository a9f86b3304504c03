import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export interface Sandbox {
  /** Also the home directory of the tests, so that no search leaves it. */
  root: string;
  path: (...parts: string[]) => string;
  /** Writes files by their path below the root, with a directory for a path that ends in a slash. */
  write: (files: Readonly<Record<string, string | Uint8Array>>) => Promise<void>;
  remove: () => Promise<void>;
}

export async function createSandbox(): Promise<Sandbox> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'luau-exec-config-')));
  return {
    root,
    path: (...parts) => join(root, ...parts),
    async write(files) {
      for (const [name, content] of Object.entries(files)) {
        await mkdir(name.endsWith('/') ? join(root, name) : dirname(join(root, name)), { recursive: true });
        if (!name.endsWith('/')) await writeFile(join(root, name), content, { mode: 0o600 });
      }
    },
    remove: () => rm(root, { recursive: true, force: true }),
  };
}
