import { parentOf, type SourceTree } from '../../src/script/source-tree.ts';

/** Files of a tree by their absolute paths; directories are there because files lie in them. */
export function createMemoryTree(files: Readonly<Record<string, string | Uint8Array>>): SourceTree {
  const contents = new Map(
    Object.entries(files).map(([path, content]) => [
      path,
      typeof content === 'string' ? Buffer.from(content) : content,
    ]),
  );
  const directories = new Set<string>();
  for (const path of contents.keys()) {
    for (let at = parentOf(path); !directories.has(at); at = parentOf(at)) directories.add(at);
  }
  const read = (path: string): Uint8Array => {
    const content = contents.get(path);
    if (content === undefined) throw new Error(`there is no file ${path}`);
    return content;
  };
  return {
    kindOf: (path) => (contents.has(path) ? 'file' : directories.has(path) ? 'directory' : null),
    read,
    sizeOf: (path) => read(path).length,
    list: (directory) =>
      [...contents.keys(), ...directories].flatMap((path) =>
        path !== directory && parentOf(path) === directory ? [path.slice(path.lastIndexOf('/') + 1)] : [],
      ),
    realPath: (path) => path,
  };
}
