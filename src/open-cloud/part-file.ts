import { writeSync } from 'node:fs';
import { type FileHandle, lstat, open as openFile, rename, unlink } from 'node:fs/promises';
import { LuauExecError, messageOf, systemCodeOf } from '../errors.ts';

/** A file that is written beside its place and only put there when it is whole. All but `discard` throw LX074. */
export interface PartFile {
  /** Empties it, for another try. */
  restart(): Promise<void>;
  write(chunk: Uint8Array): void;
  /** Brings it to the disk and to its place, where a file may stand already. */
  finish(): Promise<void>;
  /** Takes it away, unless it was finished. */
  discard(): Promise<void>;
}

/** Opens a file that must not exist yet, for writing. A test may pass one that is full. */
export type OpenNewFile = (name: string) => Promise<FileHandle>;

/**
 * Opens `FILE.part`; one that was left by an earlier process is replaced. Throws LX074, kind `io`, where `file` is a
 * directory, a symbolic link or a device, and where nothing can be written beside it.
 */
export async function openPartFile(
  file: string,
  openNew: OpenNewFile = (name) => openFile(name, 'wx'),
): Promise<PartFile> {
  const part = `${file}.part`;
  await refuseOddFile(file);
  await refuseOddFile(part);
  const handle = await attempt(file, async () => {
    await unlink(part).catch(ignoreMissing);
    return openNew(part);
  });
  let sizeBytes = 0;
  let isOpen = true;
  let isFinished = false;
  const close = async () => {
    if (!isOpen) return;
    isOpen = false;
    await handle.close();
  };
  return {
    restart: () =>
      attempt(file, async () => {
        await handle.truncate(0);
        sizeBytes = 0;
      }),
    write(chunk) {
      try {
        writeWhole(handle.fd, chunk, sizeBytes);
        sizeBytes += chunk.byteLength;
      } catch (error) {
        throw createWriteError(file, error);
      }
    },
    finish: () =>
      attempt(file, async () => {
        await handle.sync();
        if (!(await isSameFile(handle, part))) throw new Error(`${part} was replaced meanwhile`);
        // Some systems rename no open file.
        await close();
        await rename(part, file);
        isFinished = true;
      }),
    async discard() {
      await close().catch(() => undefined);
      if (!isFinished) await unlink(part).catch(() => undefined);
    },
  };
}

/** A rename would put the link itself out of its place, or a device out of the system's. */
async function refuseOddFile(file: string): Promise<void> {
  const found = await attempt(file, () => lstat(file).catch(ignoreMissing));
  if (!found || found.isFile()) return;
  const what = found.isDirectory()
    ? 'it is a directory'
    : found.isSymbolicLink()
      ? 'it is a symbolic link'
      : 'it is not a regular file';
  throw createWriteError(file, new Error(what));
}

/** False where another process that writes the same file has taken ours away. */
async function isSameFile(handle: FileHandle, name: string): Promise<boolean> {
  const [own, named] = [await handle.stat({ bigint: true }), await lstat(name, { bigint: true })];
  return own.ino === named.ino && own.dev === named.dev;
}

/** A write may take only a part, for instance the last bytes that a disk has room for. */
function writeWhole(fd: number, chunk: Uint8Array, position: number): void {
  for (let start = 0; start < chunk.byteLength; ) {
    start += writeSync(fd, chunk, start, chunk.byteLength - start, position + start);
  }
}

function ignoreMissing(error: unknown): null {
  if (systemCodeOf(error) === 'ENOENT') return null;
  throw error;
}

async function attempt<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw createWriteError(file, error);
  }
}

function createWriteError(file: string, cause: unknown): LuauExecError {
  return new LuauExecError(`cannot write ${file}: ${messageOf(cause)}`, {
    id: 'LX074',
    kind: 'io',
    hint: 'name a file in a directory that exists, that you may write to, and that has room',
    cause,
  });
}
