import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SyntaxChecker } from '../../src/script/check-syntax.ts';
import { catchError } from '../config/catch-error.ts';
import { createScriptProject, type ScriptProject } from '../helpers/script-project.ts';

const MIB = 1024 * 1024;
const MOST_LOCALS = 200;

let project: ScriptProject;
beforeEach(async () => {
  project = await createScriptProject({ memoryMiB: 512 });
});
afterEach(() => project.remove());

const repeat = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, n) => line(n));
/** `count` local names whose values no compiler knows. */
const locals = (count: number) => repeat(count, (n) => `local v${n} = tonumber("${n}")`);
const sumOf = (count: number) => repeat(count, (n) => `v${n}`).join(' + ');

/** A comment of so many bytes on one line. */
const filler = (sizeBytes: number) => `--${'x'.repeat(sizeBytes - 2)}`;

describe('Luau’s limits are those of each file', () => {
  test('200 local names in the script and in a module', async () => {
    const text = (last: string, more: string) => `${locals(MOST_LOCALS).join('\n')}\nreturn ${last}${more}`;
    const { results } = await project.runFiles({
      'main.luau': text('v199', ', require("./a"), ARGS.x'),
      'a.luau': text('v198', ''),
    });
    expect(results).toEqual([199, 198, null]);
  });

  test('200 local names in a lone script that reads ARGS', async () => {
    const scriptArguments = new Map([['x', 5]]);
    const main = `${locals(MOST_LOCALS).join('\n')}\nreturn v199 + ARGS.x`;
    expect((await project.runFiles({ 'main.luau': main }, { scriptArguments })).results).toEqual([204]);
  });

  test('190 captured names in a function that requires as well', async () => {
    const { results } = await project.runFiles({
      'main.luau': `${locals(195).join('\n')}\nlocal function f() return require("./a") + ${sumOf(190)} end\nreturn f()`,
      'a.luau': `${locals(195).join('\n')}\nlocal function f()\n  total = require("./b") + ${sumOf(190)}\nend\nf()\nreturn total`,
      'b.luau': 'return 1',
    });
    const sum = (190 * 189) / 2;
    expect(results).toEqual([2 * sum + 1]);
  });

  test('one local name too many is told at its line', async () => {
    await project.write({
      'main.luau': 'return require("./a")',
      'a.luau': `--\n${locals(201).join('\n')}\nreturn v200`,
    });
    const script = await project.compose('main.luau');
    const error = await catchError(() => new SyntaxChecker().check(script));
    expect(error.message).toMatch(
      /^a\.luau:202: syntax error: Out of local registers when trying to allocate v200/,
    );
  });

  test('more globals than a function has local names', async () => {
    const { results } = await project.runFiles({
      'main.luau': 'return require("./a"), g0',
      'a.luau': `${repeat(400, (n) => `g${n} = ${n}`).join('\n')}\nlocal function f() return g0 + g399 end\nreturn f()`,
    });
    expect(results).toEqual([399, null]);
  });
});

describe('4 MB', () => {
  test('hold 1,000 modules of 200 lines', async () => {
    const module = (n: number) => {
      const next = n === 999 ? '0' : `require("./m${n + 1}")`;
      return [
        `local x = ${next}`,
        ...repeat(197, () => 'x = x + 1'),
        n === 500 ? 'print(x)' : '',
        'return x',
      ].join('\n');
    };
    const files = Object.fromEntries(repeat(1_000, (n) => `m${n}.luau`).map((name, n) => [name, module(n)]));
    const { results, prints, script } = await project.runFiles({
      ...files,
      'main.luau': 'return require("./m0")',
    });
    expect({ results, prints }).toEqual({ results: [197_000], prints: [String(197 * 500)] });
    expect(script.map).toHaveLength(1_001);
  });

  test('are used up to the end, and no byte more', async () => {
    await project.write({
      'main.luau': `local x = require("./a") + require("./b") + require("./c")\nreturn x`,
      'a.luau': `return 1 ${filler(MIB)}`,
      'b.luau': `${filler(2 * MIB)}\nreturn 2`,
      'c.luau': 'return 3 ',
    });
    const { text } = await project.compose('main.luau');
    const left = 4 * MIB - Buffer.byteLength(text);
    await project.write({ 'c.luau': `return 3 ${filler(left)}` });
    const { results, script } = await project.run('main.luau');
    expect({ results, sizeBytes: Buffer.byteLength(script.text) }).toEqual({
      results: [6],
      sizeBytes: 4 * MIB,
    });

    await project.write({ 'c.luau': `return 3 ${filler(left + 1)}` });
    expect(await catchError(() => project.compose('main.luau'))).toMatchObject({
      id: 'LX004',
      message: 'main.luau with its 3 modules is 4.1 MB, Open Cloud accepts 4 MB',
      facts: ['2.1 MB b.luau', '1.1 MB a.luau', '1.0 MB c.luau', '0.1 MB main.luau'],
    });
  });

  test.each([
    ['main.luau with its module is 5.1 MB', { 'a.luau': `return 1 ${filler(MIB)}` }, 'require("./a")'],
    ['main.luau is 4.1 MB', {}, 'f = function() return require("./main") end'],
  ])('are not enough: %s', async (message, files, code) => {
    await project.write({ ...files, 'main.luau': `${code} ${filler(4 * MIB - 100)}` });
    const error = await catchError(() => project.compose('main.luau'));
    expect(error.id).toBe('LX004');
    expect(error.message).toContain(message);
  });

  test('of which the ten largest files are named', async () => {
    const names = repeat(12, (n) => `m${n}.luau`);
    const files = names.map((name, n) => [name, `return 1 ${filler(350_000 + n * 1_000)}`]);
    const main = names.map((name) => `require("./${name.replace('.luau', '')}")`).join('\n');
    await project.write({ ...Object.fromEntries(files), 'main.luau': main });
    const { facts } = await catchError(() => project.compose('main.luau'));
    expect(facts).toHaveLength(11);
    expect([facts[0], facts[9], facts[10]]).toEqual([
      '0.4 MB m11.luau',
      '0.4 MB m2.luau',
      'and 3 smaller ones',
    ]);
  });

  test('are the most for one module', async () => {
    await project.write({
      'main.luau': '\nreturn require("./a")',
      'a.luau': 'return require("./data.txt")',
      'data.txt': 'x'.repeat(4 * MIB + 1),
    });
    expect(await catchError(() => project.compose('main.luau'))).toMatchObject({
      id: 'LX004',
      message: 'data.txt is 4.1 MB, Open Cloud accepts 4 MB',
      facts: ['required by a.luau:1', 'a.luau is required by main.luau:2'],
    });
  });

  test('can be the arguments’ doing', async () => {
    await project.write({ 'main.luau': `return ARGS.text ${filler(MIB)}` });
    const scriptArguments = new Map([['text', 'x'.repeat(3 * MIB)]]);
    expect(await catchError(() => project.compose('main.luau', { scriptArguments }))).toMatchObject({
      id: 'LX004',
      message: 'main.luau with its arguments is 4.1 MB, Open Cloud accepts 4 MB',
    });
  });
});
