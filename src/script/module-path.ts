import { parentOf, type SourceTree } from './source-tree.ts';

// A module path names a module without saying which file holds it: `lib/players` is `lib/players.luau`, or else
// `lib/players/init.luau`. So `init.luau` is the module of its directory, and `./x` in it is that directory's neighbour
// (Luau's RFC "Abstract module paths and init.luau").

/** What lies at a module path. A directory without an init file is no module, but modules can lie in it. */
export type Place =
  | { kind: 'module'; file: string }
  | { kind: 'directory' }
  | { kind: 'ambiguous'; files: string[] }
  | { kind: 'missing'; candidates: string[] };

const SUFFIXES = ['.luau', '.lua'] as const;
/** These are named with their ending; that they can be required is this tool's own. */
const DATA_FILE = /\.(?:json|txt)$/;

export function findPlace(tree: SourceTree, modulePath: string): Place {
  const name = modulePath.slice(modulePath.lastIndexOf('/') + 1);
  // `.config.luau` configures, and an init file goes by the name of its directory.
  if (name === '.config') return { kind: 'missing', candidates: [] };
  const candidates = [
    ...(name === 'init' ? [] : SUFFIXES.map((suffix) => modulePath + suffix)),
    ...(DATA_FILE.test(name) ? [modulePath] : []),
    ...SUFFIXES.map((suffix) => `${modulePath}/init${suffix}`),
  ];
  const isDirectory = tree.kindOf(modulePath) === 'directory';
  const isInside = (path: string) => path.startsWith(`${modulePath}/`);
  const found = candidates.filter((path) => (isDirectory || !isInside(path)) && tree.kindOf(path) === 'file');
  const [file] = found;
  // A directory without an init file, too, is a rival of a file with its name.
  const rivals = isDirectory && !found.some(isInside) ? [...found, `${modulePath}/`] : found;
  if (rivals.length > 1) return { kind: 'ambiguous', files: rivals };
  if (file !== undefined) return { kind: 'module', file };
  return isDirectory ? { kind: 'directory' } : { kind: 'missing', candidates };
}

/** The module path of a file. A file with another ending stands for itself. */
export function modulePathOf(file: string): string {
  const bare = file.replace(/\.luau?$/, '');
  return bare !== file && bare.endsWith('/init') ? parentOf(bare) : bare;
}
