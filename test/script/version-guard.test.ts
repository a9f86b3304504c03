import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { ClosableLuauRunner } from '../../src/emulator/luau/luau-runner.ts';
import { createLuauRunner } from '../../src/emulator/luau/run-luau.ts';
import { readChunkPositions } from '../../src/script/line-positions.ts';
import { addVersionGuard } from '../../src/script/version-guard.ts';
import { readGuardMark } from '../../src/task/guard-mark.ts';
import { PLACE_VERSION, runScript } from '../helpers/run-script.ts';
import { createTaskFields } from '../output/outcomes.ts';

let runLuau: ClosableLuauRunner;
beforeAll(() => {
  runLuau = createLuauRunner({ memoryMiB: 32 });
});
afterAll(() => runLuau.close());

const GUARD = { versionId: String(PLACE_VERSION), nonce: 'mf5abc-x1y2z3', hasBinaryOutput: false };
const MARK = 'luau-exec: wants place version 34 (mf5abc-x1y2z3)';
const OTHER = { ...GUARD, versionId: '34' };

function guard(chunk: string, options = GUARD): string {
  const guarded = addVersionGuard(chunk, options);
  if (guarded === null) throw new Error('there was no room for a guard');
  return guarded.text;
}

describe('a guard stands in front of the first code', () => {
  it.each([
    ['nothing', ''],
    ['directives and comments', '--!strict\n-- why\n--[[ long\nlong ]] '],
    ['white space', '\n\n\t '],
  ])('behind %s', (_name, lead) => {
    const guarded = guard(`${lead}return 1`);
    expect(guarded.startsWith(`${lead}if game.PlaceVersion~=33 then return `)).toBe(true);
    expect(guarded.endsWith(' end return 1')).toBe(true);
    expect(guarded.split('\n')).toHaveLength(lead.split('\n').length);
  });

  it('is small', () => {
    expect(guard('return 1').length).toBeLessThan(140);
  });

  it.each([
    ['nothing', ''],
    ['a comment alone', '-- nothing'],
    ['what is no Luau', '"open'],
    ['a semicolon, which would be no mistake behind a guard', ' ;return 1'],
    ['a chunk without room', `return 1 --${'x'.repeat(4 * 1024 * 1024 - 15)}`],
  ])('is left out of %s', (_name, chunk) => {
    expect(addVersionGuard(chunk, GUARD)).toBeNull();
  });
});

describe('a guarded script', () => {
  const script = '--!strict\nprint("ran")\nlocal a, b = ...\nreturn 1, nil, { a, b }';

  it('runs as if nothing had been added where the version is the one', async () => {
    const [plain, guarded] = [await runScript(runLuau, script), await runScript(runLuau, guard(script))];
    expect(guarded).toEqual(plain);
    expect(plain.logs).toEqual([{ level: 'OUTPUT', message: 'ran' }]);
  });

  it('fails in its own line', async () => {
    const { result } = await runScript(runLuau, guard('\nlocal x = nil\nreturn x.y'));
    expect(result).toMatchObject({ message: "TaskScript:3: attempt to index nil with 'y'" });
  });

  it('runs nothing where it is another one, and says which', async () => {
    const { result, logs } = await runScript(runLuau, guard(script, OTHER));
    expect(logs).toEqual([]);
    expect(result.kind).toBe('complete');
    const results = result.kind === 'complete' ? result.results : [];
    const task = { ...createTaskFields(), phase: 'complete' as const, state: 'COMPLETE' as const, results };
    expect(readGuardMark(task)).toEqual({ mark: MARK, foundVersion: 33 });
    expect(addVersionGuard(script, OTHER)?.mark).toBe(MARK);
  });

  it('says so in the form that a binary output asks for', async () => {
    const guarded = guard('return { BinaryOutput = buffer.create(9), ReturnValues = { 1 } }', {
      ...OTHER,
      hasBinaryOutput: true,
    });
    const { result } = await runScript(runLuau, guarded, { enableBinaryOutput: true });
    expect(result).toMatchObject({
      kind: 'complete',
      results: [MARK, 33],
      binaryOutput: new Uint8Array(1),
    });
  });
});

test('whoever reads the chunk from the service is shown the script without its guard', () => {
  const find = readChunkPositions(guard('-- a\nlocal x = 1\nreturn x'), 'a.luau');
  expect(find(2)).toEqual({ file: 'a.luau', line: 2, text: '-- a\nlocal x = 1\nreturn x' });
});
