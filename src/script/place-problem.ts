import { suggestName } from '../did-you-mean.ts';
import type { Place } from './module-path.ts';
import { RequireProblem } from './require-problem.ts';
import { joinPath, parentOf, type SourceTree } from './source-tree.ts';

export interface PlaceNames {
  tree: SourceTree;
  /** A path as people know it. */
  nameOf(path: string): string;
}

export interface Trail {
  context: PlaceNames;
  /** How the search came here, where the path that is required does not tell. */
  facts: readonly string[];
}

/** Why a place is not the module that is wanted. */
export function createPlaceProblem(
  place: Exclude<Place, { kind: 'module' }>,
  modulePath: string,
  { context, facts }: Trail,
): RequireProblem {
  const { nameOf } = context;
  const name = nameOf(modulePath);
  switch (place.kind) {
    case 'ambiguous':
      return new RequireProblem(`${name} could be any of several`, {
        facts: [...place.files.map((file) => `${nameOf(file)}${file.endsWith('/') ? '/' : ''}`), ...facts],
        hint: 'keep one of them, or give them different names',
      });
    case 'directory':
      return new RequireProblem(`${name} is a directory without init.luau`, {
        facts,
        hint: 'add an init.luau to it, or name a module in it',
      });
    case 'missing':
      return new RequireProblem(`there is no module ${name}`, {
        facts: [
          ...(place.candidates.length > 0
            ? [`looked for ${place.candidates.map((file) => nameOf(file)).join(', ')}`]
            : []),
          ...facts,
        ],
        hint: adviseOnMissing(modulePath, context),
      });
  }
}

function adviseOnMissing(modulePath: string, { tree, nameOf }: PlaceNames): string {
  if (modulePath.endsWith('/.config')) return 'let modules and .config.luau be different files';
  if (modulePath.endsWith('/init')) return 'name the directory; its init file is its module';
  if (/\.luau?$/.test(modulePath)) return 'leave out the ending of the file';
  const directory = parentOf(modulePath);
  const wanted = modulePath.slice(modulePath.lastIndexOf('/') + 1);
  const neighbours = tree.list(directory).map((name) => name.replace(/\.luau?$/, ''));
  // What has this very name is no module, or it would have been found.
  const likely = suggestName(
    wanted,
    neighbours.filter((name) => name !== wanted),
  );
  return likely === null
    ? 'create it, or correct the path'
    : `did you mean ${nameOf(joinPath(directory, likely))}?`;
}
