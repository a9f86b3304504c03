import { readdirSync, readFileSync, realpathSync, statSync } from 'node:fs';

/** The files that modules are looked for among. Paths are absolute, with forward slashes on every system. */
export interface SourceTree {
  kindOf(path: string): 'file' | 'directory' | null;
  /** Throws where the file cannot be read. */
  read(path: string): Uint8Array;
  sizeOf(path: string): number;
  /** Names of what lies in a directory; empty where it cannot be looked into. */
  list(directory: string): string[];
  /** The one name of a file or directory that may be reached by several. */
  realPath(path: string): string;
}

/**
 * The tree on disk. `onLook` is told every path that was asked for, whether or not something lies there: a change to
 * any of them can change what a script becomes.
 */
export function createDiskTree(onLook: (path: string) => void = () => undefined): SourceTree {
  const kinds = new Map<string, 'file' | 'directory' | null>();
  return {
    kindOf(path) {
      let kind = kinds.get(path);
      if (kind === undefined) {
        onLook(path);
        kind = lookAt(path);
        kinds.set(path, kind);
      }
      return kind;
    },
    read: (path) => readFileSync(path),
    sizeOf: (path) => statSync(path).size,
    list: listNames,
    realPath: (path) => toSlashes(realpathSync.native(path)),
  };
}

export function toSlashes(path: string): string {
  return path.replaceAll('\\', '/');
}

/** Something that may not be looked at counts as absent. Pipes and devices are no modules. */
export function lookAt(path: string): 'file' | 'directory' | null {
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    return stats?.isFile() ? 'file' : stats?.isDirectory() ? 'directory' : null;
  } catch {
    return null;
  }
}

/** The one name of a file that may be reached by several; of what does not exist, the name that it was given. */
export function findRealPath(path: string): string {
  try {
    return realpathSync.native(path);
  } catch {
    return path;
  }
}

function listNames(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

/** The directory that a path lies in; a root is its own. */
export function parentOf(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash <= 0) return '/';
  // `C:/a` lies in `C:/`
  return path.slice(0, slash).endsWith(':') ? path.slice(0, slash + 1) : path.slice(0, slash);
}

/** True for the path itself and for everything below it. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory.endsWith('/') ? directory : `${directory}/`);
}

/** A drive of Windows stands where other systems have nothing. */
export function joinPath(directory: string, step: string): string {
  if (directory === '' && step.endsWith(':')) return `${step}/`;
  return directory.endsWith('/') ? directory + step : `${directory}/${step}`;
}
