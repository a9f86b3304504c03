import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createScriptProject, type ScriptProject } from '../helpers/script-project.ts';
import { ADDITIONS } from './additions.ts';
import { checkProperty } from './check-property.ts';
import { programs, writeProgram } from './module-program.ts';
import { ALIAS_FILES } from './module-tree.ts';
import { runProgram } from './run-program.ts';

// A Luau without `loadstring` cannot load modules one by one, so there is no second way to run the same files. Instead
// each program of modules exists twice: as files, which are bundled and run in the real Luau, and as a description, which
// a small interpreter runs by the rules that modules have on Roblox.

const RUNS = 100;

let project: ScriptProject;
beforeEach(async () => {
  project = await createScriptProject();
});
afterEach(() => project.remove());

test.each(ADDITIONS)(
  'modules print and return in a bundle %s what they would by themselves',
  (_, addition) => {
    let cases = 0;
    return checkProperty(
      fc.asyncProperty(programs, async (program) => {
        const directory = `case-${++cases}`;
        const files = Object.entries({ ...ALIAS_FILES, ...writeProgram(program) });
        await project.write(Object.fromEntries(files.map(([file, text]) => [`${directory}/${file}`, text])));
        const root = project.path(directory);
        const { prints, results, error } = await project.run('main.luau', { cwd: root, root, ...addition });
        const expected = runProgram(program);
        expect({ prints, results, error: error && textOf(error.message) }).toEqual({
          prints: expected.prints,
          results: expected.result === null ? null : [expected.result],
          error: expected.error,
        });
      }),
      { runs: RUNS },
    );
  },
);

/** Without the position. */
function textOf(message: string): string {
  return message.replace(/^[\w./]+:\d+: /, '');
}
