import { randomUUID } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';

export interface NewFile {
  text: string;
  /** Permission bits, before the process's umask. */
  mode: number;
}

/**
 * Writes the file anew and whole, in place of whatever had the name: whoever reads it meanwhile sees the old one, and a
 * link is replaced, not followed. Throws what the system says; nothing is left behind then.
 */
export async function replaceFile(path: string, file: NewFile): Promise<void> {
  const draft = `${path}.${randomUUID()}`;
  try {
    await createFile(draft, file);
    await rename(draft, path);
  } catch (error) {
    await rm(draft, { force: true }).catch(() => undefined);
    throw error;
  }
}

/** Writes a file that did not exist, and throws the system's EEXIST where the name is taken, by a link too. */
export async function createFile(path: string, { text, mode }: NewFile): Promise<void> {
  const handle = await open(path, 'wx', mode);
  try {
    await handle.writeFile(text);
    // Else a machine that loses power can be left with an empty file under the final name.
    await handle.sync();
  } catch (error) {
    await rm(path, { force: true }).catch(() => undefined);
    throw error;
  } finally {
    await handle.close();
  }
}
