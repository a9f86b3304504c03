import { posix } from 'node:path';
import fc, { type Arbitrary } from 'fast-check';

// Where the modules of generated scripts lie, and every way to name one from another.

export interface ModuleShape {
  /** Chooses the directory, among those that are there. */
  place: number;
  form: 'luau' | 'lua' | 'init.luau' | 'init.lua';
}

export interface PlacedModule {
  file: string;
  /** The file without its ending, the directory for an init file. */
  modulePath: string;
}

const DIRECTORIES = ['', 'a/', 'a/b/', 'c/'];

/** Aliases that name the directories above. */
export const ALIAS_FILES: Readonly<Record<string, string>> = {
  '.luaurc': '{ "aliases": { "root": ".", "inner": "./a", "chain": "@inner/b" } } // as Luau reads it',
  'a/.luaurc': '{ "aliases": { "INNER": "../a/.", "near": "." } }',
  'c/.config.luau': 'return { luau = { aliases = { near = "./", root = ".." } } }',
  'a/b/.keep': '',
};

export const moduleShape: Arbitrary<ModuleShape> = fc.record({
  place: fc.nat(),
  form: fc.constantFrom('luau', 'lua', 'init.luau', 'init.lua'),
});

/** The first one is the script. Later modules may lie in the directories of earlier ones that have an init file. */
export function placeModules(shapes: readonly ModuleShape[]): PlacedModule[] {
  const directories = [...DIRECTORIES];
  return shapes.map(({ place, form }, index) => {
    if (index === 0) return { file: 'main.luau', modulePath: 'main' };
    const modulePath = `${directories[place % directories.length]}m${index}`;
    const isInit = form.startsWith('init');
    if (isInit) directories.push(`${modulePath}/`);
    return { file: modulePath + (isInit ? '/' : '.') + form, modulePath };
  });
}

/** Chooses one of the ways to write the path from one module to another. */
export function pathBetween(from: PlacedModule, to: PlacedModule, choice: number): string {
  const paths = [...relativePaths(from, to), ...aliasPaths(from, to)];
  return paths[choice % paths.length] ?? '';
}

function relativePaths(from: PlacedModule, to: PlacedModule): string[] {
  const directory = posix.dirname(from.modulePath);
  const way = posix.relative(directory, to.modulePath);
  const path = way.startsWith('..') ? way : `./${way}`;
  const whole = path.endsWith('..') ? `${path}/` : path;
  const detour = `./../${posix.basename(directory)}/${way}`;
  const isNested = directory !== '.';
  return [whole, `./${whole}`, whole.replace('/', '//'), ...(isNested ? [detour] : [])];
}

function aliasPaths(from: PlacedModule, to: PlacedModule): string[] {
  const within = (directory: string, alias: string) =>
    to.modulePath.startsWith(`${directory}/`) ? [`@${alias}${to.modulePath.slice(directory.length)}`] : [];
  const directory = posix.dirname(from.modulePath);
  return [
    `@root/${to.modulePath}`,
    `@ROOT/./c/../${to.modulePath}`,
    ...within('a', 'inner'),
    ...within('a/b', 'Chain'),
    ...within(from.modulePath, 'self'),
    ...(directory.startsWith('a') ? within('a', 'near') : []),
    ...(directory.startsWith('c') ? within('c', 'near') : []),
  ];
}
