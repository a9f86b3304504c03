import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SyntaxChecker } from '../../src/script/check-syntax.ts';
import { catchError } from '../config/catch-error.ts';
import { createScriptProject, type ScriptProject } from '../helpers/script-project.ts';
import { ADDITIONS } from './additions.ts';
import { checkProperty } from './check-property.ts';
import { type Failing, moduleLines, writeModules } from './module-lines.ts';
import { ALIAS_FILES } from './module-tree.ts';

const RUNTIME_RUNS = 80;
const SYNTAX_RUNS = 150;

let project: ScriptProject;
beforeEach(async () => {
  project = await createScriptProject();
});
afterEach(() => project.remove());

const modules = fc.array(moduleLines, { minLength: 1, maxLength: 8, size: 'max' });
const inFile = (line: number, name: string | null = null) => ({ line, function: name });

const failures: readonly (Failing & { message: string })[] = [
  { text: 'error("boom")', message: 'boom', frames: [inFile(0)] },
  { text: 'error("without a place", 0)', message: 'without a place', frames: [inFile(0)] },
  {
    text: 'local none = nil\n\nprint(none.x)',
    message: "attempt to index nil with 'x'",
    frames: [inFile(2)],
  },
  {
    text: 'task.wait()\nlocal function late()\n  error("TaskScript: late")\nend\nlate()',
    message: 'TaskScript: late',
    frames: [inFile(2, 'late'), inFile(4)],
  },
  {
    text: 'local n = (function()\n  local n = 1 + ("x" :: any)\n  return n\nend)()',
    message: 'attempt to perform arithmetic (add) on number and string',
    frames: [inFile(1), inFile(3)],
  },
  {
    text: 'local function checked(v)\n  error("bad argument", 2)\nend\nchecked(1)',
    message: 'bad argument',
    frames: [inFile(1, 'checked'), inFile(3)],
  },
];

/** Each with the column of the token that cannot stand where it is. */
const mistakes = [
  { text: 'local = 1', column: 7 },
  { text: '  local x = = 2', column: 13 },
  { text: 'x.y', column: null },
  { text: 'local s = "open', column: null },
  { text: 'return return', column: 8 },
  { text: 'for i in do end', column: 10 },
  { text: 'break', column: null },
  { text: 'f(1, 2,)', column: 8 },
  { text: 'if true then else else end', column: 19 },
  { text: '\tx = 1 2', column: 8 },
];

async function inDirectory(name: string, files: Record<string, string>): Promise<string> {
  const entries = Object.entries({ ...ALIAS_FILES, ...files });
  await project.write(Object.fromEntries(entries.map(([file, text]) => [`${name}/${file}`, text])));
  return project.path(name);
}

test.each(ADDITIONS)('an error is shown %s where it is, and so is the way there', (_, addition) => {
  let cases = 0;
  const failing = fc.constantFrom(...failures);
  return checkProperty(
    fc.asyncProperty(modules, failing, fc.nat(), async (generated, failure, place) => {
      const { files, frames } = writeModules(generated, { failing: failure, place });
      const root = await inDirectory(`case-${++cases}`, files);
      const { error, errors } = await project.run('main.luau', { cwd: root, root, ...addition });
      // The place of error(…, 2) is that of the call.
      const first = failure.message === 'bad argument' ? frames[1] : frames[0];
      const { message } = failure;
      const isPlaced = message !== 'without a place';
      expect(error).toMatchObject({
        message: isPlaced ? `${first?.file}:${first?.line}: ${message}` : message,
        file: isPlaced ? first?.file : frames[0]?.file,
        line: isPlaced ? first?.line : frames[0]?.line,
        traceback: frames,
      });
      const stack = frames.map(
        (frame) =>
          `Script '${frame.file}', Line ${frame.line}${frame.function ? ` - function ${frame.function}` : ''}`,
      );
      expect(errors.join('\n').split('\n').slice(1)).toEqual(['Stack Begin', ...stack, 'Stack End']);
    }),
    { runs: RUNTIME_RUNS },
  );
});

test('so is a syntax error, before anything runs', () => {
  let cases = 0;
  const checker = new SyntaxChecker();
  return checkProperty(
    fc.asyncProperty(
      modules,
      fc.constantFrom(...mistakes),
      fc.nat(),
      async (generated, { text, column }, place) => {
        const { files, frames } = writeModules(generated, { failing: { text, frames: [inFile(0)] }, place });
        const root = await inDirectory(`case-${++cases}`, files);
        const script = await project.compose('main.luau', { cwd: root, root });
        const { id, location, facts } = await catchError(() => checker.check(script));
        const [first, ...way] = frames;
        expect({ id, location }).toMatchObject({
          id: 'LX006',
          location: { file: first?.file, line: first?.line },
        });
        expect([null, column]).toContain(location?.column);
        expect(facts).toHaveLength(new Set(way.map((frame) => frame.file)).size);
      },
    ),
    { runs: SYNTAX_RUNS },
  );
});
